/** Where the module's code can come from, when it has to be compiled. */
export type UncompiledSource = URL | string | Response | PromiseLike<Response> | BufferSource;

/** Where the module's code can come from. */
export type ModuleSource = UncompiledSource | WebAssembly.Module;

/** Functions of WASI preview 1, by name. */
export type WASIFunctions = Record<string, (...values: never[]) => unknown>;

/** What tells the two modules apart: where the file lies, and what it asks of its host. */
export interface Build {
  readonly locate: () => URL;
  /** Returns what a module imports, over the memory that its instance will have. */
  readonly functions: (module: WebAssembly.Module, memory: () => WebAssembly.Memory) => WASIFunctions;
}

/** All that the small module asks for: the time. */
export function wasiClock(_module: WebAssembly.Module, memory: () => WebAssembly.Memory): WASIFunctions {
  return {
    clock_time_get: (_clock: number, _precision: bigint, result: number) => {
      new DataView(memory().buffer).setBigUint64(result, BigInt(Math.round(Date.now() * 1e6)), true);
      return 0;
    },
  };
}

/** The module that is loaded. Bundlers know this form of URL and bring the file along. */
export let build: Build = { locate: () => new URL("./jeton.wasm", import.meta.url), functions: wasiClock };

/** Chooses the other module. */
export function choose(other: Build): void {
  build = other;
}

/**
 * Finds the module when nobody says where it is: in the file that came with this package, fetched in a browser and read in Node, Deno
 * and Bun.
 */
export async function defaultSource(): Promise<UncompiledSource> {
  const url = build.locate();
  if (url.protocol !== "file:") return url;
  // Put together here, and marked: a bundler for browsers would look for the module, and warn.
  const fileSystem = ["node:fs", "promises"].join("/");
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ fileSystem)) as { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> };
  return readFile(url);
}
