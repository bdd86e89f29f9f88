/**
 * JSON Web Tokens, made and checked by the same Go code as on the server, compiled to WebAssembly.
 *
 * @module
 */
export type { Algorithm } from "./algorithms.js";
export { decode, decodeSync } from "./decode.js";
export { encode, encodeSync, type EncodeOptions } from "./encode.js";
export { JetonError, type ClientErrorCode, type CoreErrorCode, type ErrorCode, type Failure, type HostErrorCode } from "./errors.js";
export type { KeySource } from "./key-source.js";
export { importKey, importKeySet, importKeySync, type JWK, type JWKSet, type Key } from "./keys.js";
export { init } from "./module.js";
export type { Duration, Profile, VerifyOptions } from "./options.js";
export { remoteKeySet, type RemoteKeySet, type RemoteKeySetStatus } from "./remote.js";
export type { RemoteKeySetOptions } from "./remote-options.js";
export type { ModuleSource } from "./source.js";
export type { Claims, ProtectedHeader, RegisteredClaims, TokenContents } from "./token.js";
export { verify, verifySync } from "./verify.js";
