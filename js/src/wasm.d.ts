/** What a bundler for Workers makes of the file. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
