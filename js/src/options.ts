import type { Algorithm } from "./algorithms.js";
import { JetonError } from "./errors.js";

/** A length of time: a number of seconds, or text such as "30s", "5m", "2h", "1d", "1w", also in words: "5 minutes". */
export type Duration = number | string;

/**
 * A kind of token: which "typ" it has, which claims it must carry, and which claim tells it from other kinds.
 *
 * - "access_token": OAuth 2.0 access tokens (RFC 9068). "typ" is at+jwt; iss, exp, aud, sub, client_id, iat and jti are there.
 * - "id_token": ID tokens (OpenID Connect Core 1.0 section 2). "typ" is JWT or missing; iss, sub, aud, exp and iat are there, token_type
 *   and events are not; one for several audiences names an expected one in azp. Compare a nonce yourself.
 * - "django_access", "django_refresh", "django_sliding": the tokens of djangorestframework-simplejwt, told apart by token_type; exp and
 *   jti are there.
 */
export type Profile = "access_token" | "id_token" | "django_access" | "django_refresh" | "django_sliding";

/** Which tokens are accepted beyond a good signature. Every option is optional; without any, "exp" must be there and not passed. */
export interface VerifyOptions {
  /** The accepted "iss", compared exactly. */
  issuer?: string | readonly string[];
  /** Who the token may be meant for: one of these must stand in "aud". */
  audience?: string | readonly string[];
  /** Everyone in "audience" must stand in "aud", instead of one. */
  allAudiences?: boolean;
  /** The kind of token that is accepted. "access_token" and "id_token" need issuer and audience beside them. */
  profile?: Profile;
  /** The accepted algorithms, whatever keys there are. */
  algorithms?: readonly Algorithm[];
  /**
   * The accepted key IDs ("kid"), and for each the accepted algorithms: an empty list for whatever the key is for. A token without "kid"
   * is then refused.
   */
  keyAlgorithms?: Readonly<Record<string, readonly Algorithm[]>>;
  /** The expected "typ" of the header, such as "at+jwt". */
  typ?: string;
  /** The expected "sub". */
  subject?: string;
  /** Further claims that must be there. */
  requiredClaims?: readonly string[];
  /** The longest time since "iat", which it makes required. */
  maxTokenAge?: Duration;
  /** How far the clocks of issuer and verifier may differ, 10 minutes at most. */
  clockTolerance?: Duration;
  /** The time to check against; now by default. */
  currentDate?: Date;
  /** Accept tokens without "exp", which never expire. */
  allowMissingExpiration?: boolean;
  /** The largest token, in bytes: 8192 by default. */
  maxTokenBytes?: number;
}

/** The options that the module's policy has under the same name and in the same form. */
const passedOn = [
  "allAudiences", "profile", "algorithms", "keyAlgorithms", "subject", "requiredClaims", "allowMissingExpiration", "maxTokenBytes",
] as const;

const known = [...passedOn, "issuer", "audience", "typ", "maxTokenAge", "clockTolerance", "currentDate"];

/**
 * Returns the module's policy JSON for the options. Whatever looks like a check but would check nothing is refused: a name that does
 * not exist, an empty list, the undefined or "" that a setting nobody made leaves behind.
 */
export function policyJSON(options: VerifyOptions): string {
  checkNames(options, known);
  for (const name of ["issuer", "audience", "profile", "algorithms", "typ", "subject", "requiredClaims"] as const) {
    if (options[name]?.length === 0) throw new JetonError("policy_invalid", `the option "${name}" is empty: leave it out to check nothing`);
  }
  const duration = (value: Duration | undefined) => (value === undefined ? undefined : seconds(value));
  const maxAge = duration(options.maxTokenAge);
  if (maxAge === 0) throw new JetonError("policy_invalid", 'the option "maxTokenAge" is zero: no token is that young');
  return JSON.stringify({
    ...Object.fromEntries(passedOn.map((name) => [name, options[name]])),
    issuer: list(options.issuer),
    audience: list(options.audience),
    type: options.typ,
    maxAge,
    leeway: duration(options.clockTolerance),
  });
}

/** Refuses options that are no object, that have an unknown name, or that are there without a value. */
export function checkNames(options: object, names: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw new JetonError("options_invalid", "the options are not an object");
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new JetonError("options_invalid", `there is no option ${JSON.stringify(name)}`);
    if (options[name as keyof typeof options] === undefined) throw new JetonError("options_invalid", `the option "${name}" is undefined: leave it out to not use it`);
  }
}

/** Returns the time to check against, in seconds since 1970. */
export function currentSeconds({ currentDate }: { currentDate?: Date }): number {
  if (currentDate === undefined) return Date.now() / 1000;
  if (!(currentDate instanceof Date)) throw new JetonError("options_invalid", 'the option "currentDate" is not a Date');
  return currentDate.getTime() / 1000;
}

const units = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 } as const;
const durationForm = /^(\d+(?:\.\d+)?) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/;

/** Returns a duration in seconds. */
export function seconds(duration: Duration): number {
  if (typeof duration === "number" && Number.isFinite(duration)) return duration;
  const match = typeof duration === "string" ? durationForm.exec(duration) : null;
  if (!match?.[2]) throw new JetonError("options_invalid", 'a duration is a number of seconds, or text such as "30s", "5m" or "5 minutes"');
  return Number(match[1]) * units[match[2][0] as keyof typeof units];
}

function list(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof value === "string" ? [value] : value;
}
