/** The codes of core/errors.go: the same in Go, in HTTP bodies and here. */
export type CoreErrorCode =
  | "token_too_large" | "token_malformed" | "encoding_invalid" | "header_malformed" | "limit_exceeded"
  | "algorithm_unsupported" | "algorithm_mismatch" | "critical_unsupported" | "key_not_found" | "key_ambiguous"
  | "signature_invalid" | "decryption_failed"
  | "payload_malformed" | "type_mismatch" | "token_expired" | "token_not_yet_valid" | "token_issued_in_future" | "token_too_old"
  | "claim_missing" | "claim_malformed" | "issuer_mismatch" | "audience_mismatch" | "subject_mismatch"
  | "token_revoked" | "revocation_unknown"
  | "key_malformed" | "key_too_weak" | "key_unsupported" | "key_unusable" | "key_algorithm_missing" | "key_duplicate"
  | "key_set_malformed" | "key_set_unavailable" | "host_required"
  | "policy_invalid" | "claims_invalid" | "signing_failed" | "already_spent";

/** The codes of this package: its loading, its options, and the boundary to the module. */
export type HostErrorCode =
  | "not_ready" // a synchronous function was called before init() had finished
  | "load_failed" // the module could not be fetched or compiled
  | "module_trapped" // the module failed and was replaced; the call may be tried again
  | "key_freed" // the key was freed
  | "options_invalid" // an option of the wrong type, or of a name that does not exist
  | "length_invalid" | "handle_invalid" | "handles_spent" | "clock_invalid" | "request_invalid";

/** The codes of the session client, `jeton/client`. */
export type ClientErrorCode =
  | "login_refused" // the server does not accept the credentials
  | "login_superseded" // a later login or logout came in between
  | "not_signed_in" // there is no session, or it was ended meanwhile
  | "session_expired" // the session came to its end by its own times
  | "refresh_refused" // the server ended the session before its time
  | "network_failed" // no answer: offline, unreachable, too slow, or blocked by the browser
  | "server_failed" // an answer of status 5xx
  | "rate_limited" // an answer of status 429
  | "answer_invalid" // an answer that no token endpoint gives
  | "origin_refused" // a call to another origin than the client's
  | "redirect_refused" // a redirect to another origin, or one that cannot be followed safely
  | "retry_impossible" // a new token is there, but the body was a stream and is spent
  | "client_disposed"; // dispose() was called

/** Every code that a JetonError can have. */
export type ErrorCode = CoreErrorCode | HostErrorCode | ClientErrorCode;

/** One reason why something was refused. */
export interface Failure {
  readonly code: ErrorCode;
  /** The header or claim member concerned, such as "exp"; never its value. */
  readonly claim?: string;
  readonly message: string;
}

/**
 * The error of every function in this package. It never carries a token, a key or the value of a claim.
 *
 * @example
 * try { await verify(token, key) } catch (error) {
 *   if (error instanceof JetonError && error.code === "token_expired") await refresh();
 * }
 */
export class JetonError extends Error {
  override readonly name: string = "JetonError";
  /** What failed first. */
  readonly code: ErrorCode;
  /** The claim or header member concerned, when there is one. */
  readonly claim: string | undefined;
  /** All that failed: more than one only when the signature was good and several claims were not. */
  readonly failures: readonly Failure[];

  constructor(code: ErrorCode, message: string, failures?: readonly Failure[]) {
    super(message);
    this.code = code;
    this.failures = failures?.length ? failures : [{ code, message }];
    this.claim = this.failures[0]?.claim;
  }

  /** What failed first, in words: a text of this package, in which nothing that a token says is repeated. */
  get reason(): string {
    return this.failures[0]?.message ?? this.message;
  }

  /** Reports whether one of the failures has this code. */
  has(code: ErrorCode): boolean {
    return this.failures.some((failure) => failure.code === code);
  }
}
