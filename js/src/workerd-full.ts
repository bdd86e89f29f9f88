/**
 * The entry for Cloudflare Workers over the full module.
 *
 * @module
 */
import { chooseFullModule } from "./full-build.js";
import module from "./jeton-full.wasm";
import { provide } from "./jeton.js";

chooseFullModule();
provide(module);

export * from "./index.js";
