/** Where the module's code can come from. */
export type ModuleSource = URL | string | Response | PromiseLike<Response> | WebAssembly.Module | BufferSource;

/** Bundlers know this form of URL and bring the file along. */
let locate = (): URL => new URL("./jeton.wasm", import.meta.url);

/** Chooses another file for when nobody says where the module is. */
export function locateBy(other: () => URL): void {
  locate = other;
}

/**
 * Finds the module when nobody says where it is: in the file that came with this package, fetched in a browser and read in Node, Deno
 * and Bun.
 */
export async function defaultSource(): Promise<ModuleSource> {
  const url = locate();
  if (url.protocol !== "file:") return url;
  // Put together here, and marked: a bundler for browsers would look for the module, and warn.
  const fileSystem = ["node:fs", "promises"].join("/");
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ fileSystem)) as { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> };
  return readFile(url);
}
