/**
 * Everything but the session client, for the entries to choose from: one file of the built package, which a host loads at once.
 *
 * @module
 */
export { decode, decodeSync } from "./decode.js";
export { encode, encodeSync } from "./encode.js";
export { importKey, importKeySet, importKeySync } from "./keys.js";
export { init, provide, ready, readyNow } from "./module.js";
export { remoteKeySet } from "./remote.js";
export { SingleFlight } from "./single-flight.js";
export { choose, wasiClock } from "./source.js";
export { signatureIsGood, verify, verifySync } from "./verify.js";
