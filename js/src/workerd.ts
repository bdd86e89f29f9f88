/**
 * The entry for Cloudflare Workers, which may not compile WebAssembly at run time: the module is imported, compiled, with the code.
 *
 * @module
 */
import module from "./jeton.wasm";
import { provide } from "./jeton.js";

provide(module);

export * from "./index.js";
