/** Where the module's code can come from. */
export type ModuleSource = URL | string | Response | PromiseLike<Response> | WebAssembly.Module | BufferSource;

/**
 * Finds the module when nobody says where it is: in the file that came with this package, fetched in a browser and read in Node, Deno
 * and Bun. Bundlers know this form of URL and bring the file along.
 */
export async function defaultSource(): Promise<ModuleSource> {
  const url = new URL("./jeton-full.wasm", import.meta.url);
  if (url.protocol !== "file:") return url;
  // Put together here, and marked: a bundler for browsers would look for the module, and warn.
  const fileSystem = ["node:fs", "promises"].join("/");
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ fileSystem)) as { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> };
  return readFile(url);
}
