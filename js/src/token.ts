import { parse } from "./json.js";

/** The header of a token. */
export interface ProtectedHeader {
  readonly alg: string;
  readonly typ?: string;
  readonly kid?: string;
  readonly cty?: string;
  readonly [member: string]: unknown;
}

/** The registered claims (RFC 7519 section 4.1). Dates are in seconds since 1970. */
export interface RegisteredClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
}

/** The claims of a token: the registered ones, and whatever the application adds. */
export type Claims<Own extends object = Record<string, unknown>> = RegisteredClaims & Own;

/**
 * What a token says. The objects have no prototype. Integers beyond 2^53 lose precision, as in all of JavaScript: put such numbers
 * into tokens as text.
 */
export interface TokenContents<Own extends object = Record<string, unknown>> {
  readonly payload: Claims<Own>;
  readonly protectedHeader: ProtectedHeader;
}

/** Reads the module's answer: two lengths, the header, the payload. */
export function contents<Own extends object>(answer: Uint8Array): TokenContents<Own> {
  const view = new DataView(answer.buffer, answer.byteOffset);
  const headerEnd = 8 + view.getUint32(0, true);
  const payloadEnd = headerEnd + view.getUint32(4, true);
  return {
    payload: parse<Claims<Own>>(answer.subarray(headerEnd, payloadEnd)),
    protectedHeader: parse<ProtectedHeader>(answer.subarray(8, headerEnd)),
  };
}
