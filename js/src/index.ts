/**
 * JSON Web Tokens, made and checked by the same Go code as on the server, compiled to WebAssembly.
 *
 * @module
 */
export type { Algorithm } from "./algorithms.js";
export type { EncodeOptions } from "./encode.js";
export { JetonError, type ClientErrorCode, type CoreErrorCode, type ErrorCode, type Failure, type HostErrorCode } from "./errors.js";
export type { KeySource } from "./key-source.js";
export { decode, decodeSync, encode, encodeSync, importKey, importKeySet, importKeySync, init, remoteKeySet, verify, verifySync } from "./jeton.js";
export type { JWK, JWKSet, Key } from "./keys.js";
export type { Duration, Profile, VerifyOptions } from "./options.js";
export type { RemoteKeySet, RemoteKeySetStatus } from "./remote.js";
export type { RemoteKeySetOptions } from "./remote-options.js";
export type { ModuleSource } from "./source.js";
export type { Claims, ProtectedHeader, RegisteredClaims, TokenContents } from "./token.js";
