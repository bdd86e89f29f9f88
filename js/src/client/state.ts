import type { Claims } from "../token.js";
import { claimsOf } from "./claims.js";
import type { Session } from "./session.js";

/** Who is signed in. The object stays the same until something changes. */
export interface SessionState<Own extends object = Record<string, unknown>> {
  readonly signedIn: boolean;
  /**
   * What the token for calls says, unchecked: to greet the user, never to decide what the user may do; that does the server. There is
   * none in cookie mode, or when the token is no JWT.
   */
  readonly claims: Claims<Own> | undefined;
  /** When the token for calls expires, by this machine's clock, if that is known. The session outlives it by refreshing. */
  readonly expiresAt: Date | undefined;
}

/** Why a session ended. */
export type SignedOutCode =
  | "logged_out" // logout() was called
  | "session_expired" // the server refused to renew it, and its own times had come
  | "refresh_refused" // the server refused to renew it before that: revoked, user disabled, key changed
  | "storage_cleared"; // it is gone from the storage

/** What is reported, by type of event. `elsewhere` says that it happened in another tab. */
export interface ClientEvents<Own extends object = Record<string, unknown>> {
  signedIn: { readonly state: SessionState<Own>; readonly elsewhere: boolean };
  refreshed: { readonly state: SessionState<Own>; readonly elsewhere: boolean };
  signedOut: {
    readonly code: SignedOutCode;
    /** The same in words. */
    readonly reason: string;
    /** The server's own words, when it was the server that ended the session. */
    readonly detail: string | undefined;
    readonly elsewhere: boolean;
  };
  /** The storage failed. The session goes on in memory. */
  storageFailed: { readonly action: "read" | "write" | "remove" };
}

/** The reasons in words. */
export const signedOutReasons: Readonly<Record<SignedOutCode, string>> = {
  logged_out: "the user signed out",
  session_expired: "the session has expired",
  refresh_refused: "the server ended the session",
  storage_cleared: "the session was removed from the browser's storage",
};

/** Returns what the session says about the user. */
export function stateOf(session: Session | undefined): SessionState {
  return Object.freeze({
    signedIn: session !== undefined,
    claims: claimsOf(session?.access),
    expiresAt: session?.expiresAt === undefined ? undefined : new Date(session.expiresAt),
  });
}
