import { parse, text } from "./json.js";

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
  const headerLength = numberAt(answer, 0);
  const both = answer.subarray(8, 8 + headerLength + numberAt(answer, 4));
  const json = text(both);
  // The lengths count bytes. Where all is ASCII they count characters, too.
  const [header, payload] =
    json.length === both.length
      ? [json.slice(0, headerLength), json.slice(headerLength)]
      : [text(both.subarray(0, headerLength)), text(both.subarray(headerLength))];
  return { payload: parse<Claims<Own>>(payload), protectedHeader: parseHeader(header) };
}

/** The last header that was read, if none of its members is an object. Most tokens of one issuer share one header. */
let last: { readonly json: string; readonly header: ProtectedHeader } | undefined;

function parseHeader(json: string): ProtectedHeader {
  if (last?.json === json) return Object.setPrototypeOf({ ...last.header }, null) as ProtectedHeader;
  const header = parse<ProtectedHeader>(json);
  if (!Object.values(header).some((value) => typeof value === "object")) last = { json, header: { ...header } };
  return header;
}

/** Reads 32 bits at a place of the module's answer. */
export function numberAt(answer: Uint8Array, place: number): number {
  let number = 0;
  for (let i = 3; i >= 0; i--) number = number * 256 + (answer[place + i] as number); // quicker than a DataView of so little
  return number;
}
