/**
 * A session with a token server: sign in, call, refresh, sign out. Without the WebAssembly module.
 *
 * @module
 */
export type { ClientErrorCode } from "../errors.js";
export { JetonError } from "../errors.js";
export type { Duration } from "../options.js";
export type { Claims, RegisteredClaims } from "../token.js";
export { createClient, type Client, type Credentials, type LogoutResult } from "./client.js";
export type { DialectName, Paths } from "./dialects.js";
export { ClientError, type FieldErrors, type ServerWords } from "./failure.js";
export type { ClientOptions } from "./options.js";
export type { ClientEvents, SessionState, SignedOutCode } from "./state.js";
export type { StorageName, TokenStorage } from "./storage.js";
