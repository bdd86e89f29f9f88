/**
 * The package over the full module, which has every algorithm inside: for hosts without WebCrypto (pages that did not come over TLS)
 * and for code that must not wait. It is about twenty times the size of the other.
 *
 * @module
 */
import { chooseFullModule } from "./full-build.js";

chooseFullModule();

export * from "./index.js";
