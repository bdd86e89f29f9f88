/**
 * The entry for Cloudflare Workers over the full module.
 *
 * @module
 */
import module from "./jeton-full.wasm";
import { provide } from "./module.js";

provide(module);

export * from "./index.js";
