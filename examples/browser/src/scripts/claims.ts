import type { RegisteredClaims } from "jeton";
import { clockInWords, dateInWords, distanceInWords, lengthInWords, now, numericDate } from "./times.js";

/** What the times in a token say, whoever signed it. */
export interface Lifetime {
  readonly state: "current" | "expired" | "early" | "endless" | "unclear";
  /** The state in two or three words. */
  readonly label: string;
  /** What is left, in a sentence. */
  readonly left: string;
  /** From when to when, on a line each. */
  readonly span: string;
  /** How much is left, from 1 to 0. */
  readonly share: number;
}

/** Looks at the time claims as they are now. */
export function lifetimeOf(claims: RegisteredClaims): Lifetime {
  const issued = numericDate(claims.iat);
  const from = numericDate(claims.nbf);
  const until = numericDate(claims.exp);
  const moment = now();
  const began = from ?? issued;
  const ends = until === undefined ? "" : `until ${clockInWords(until)}`;
  const span = began === undefined ? ends : `From ${clockInWords(began)}\n${ends}`;

  if (claims.exp !== undefined && until === undefined) {
    return { state: "unclear", label: "Unclear", left: "Its end is not a date", span, share: 0 };
  }
  if (from !== undefined && from > moment) {
    return { state: "early", label: "Not valid yet", left: `Valid ${distanceInWords(from)}`, span, share: 1 };
  }
  if (until === undefined) return { state: "endless", label: "No end", left: "It never expires", span, share: 1 };
  if (until <= moment) {
    return { state: "expired", label: "Expired", left: `Expired ${distanceInWords(until)}`, span, share: 0 };
  }
  const left = Math.ceil(until - moment);
  const share = began === undefined || began >= until ? 1 : Math.min(1, (until - moment) / (until - began));
  return { state: "current", label: "In date", left: `${lengthInWords(left)} left`, span, share };
}

/** The names that claims and header members have in the specifications, and in Django's tokens. */
const meanings: Record<string, string> = {
  alg: "Signature algorithm",
  typ: "Type",
  kid: "Key ID",
  cty: "Content type",
  iss: "Issuer",
  sub: "Subject",
  aud: "Audience",
  exp: "Expires",
  nbf: "Valid from",
  iat: "Issued",
  jti: "Token ID",
  user_id: "User",
  token_type: "Kind of token",
  username: "Username",
  email: "Email",
};

const algorithms: Record<string, string> = { HS: "HMAC, a shared secret", RS: "RSA", PS: "RSA-PSS", ES: "ECDSA", Ed: "Ed25519" };

/** Returns how far the date in a claim is away, in words, or undefined when the claim is no date. */
export function distanceOf(name: string, value: unknown): string | undefined {
  const date = dateIn(name, value);
  return date === undefined ? undefined : distanceInWords(date);
}

function dateIn(name: string, value: unknown): number | undefined {
  return ["exp", "nbf", "iat"].includes(name) ? numericDate(value) : undefined;
}

/** Returns what a header member or claim means, in words. */
export function meaningOf(name: string, value: unknown): string {
  const meaning = Object.hasOwn(meanings, name) ? (meanings[name] as string) : "Your application’s own";
  const date = dateIn(name, value);
  if (date !== undefined) return `${meaning} ${dateInWords(date)}`;
  if (name === "alg") {
    const family = algorithms[String(value).slice(0, 2)];
    return family ? `Signed with ${family}` : "Unknown algorithm";
  }
  return meaning;
}
