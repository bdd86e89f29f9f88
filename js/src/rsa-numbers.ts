import { JetonError } from "./errors.js";
import { base64url } from "./json.js";
import type { JWK } from "./keys.js";

/**
 * Returns the private members of an RSA JWK as WebCrypto wants them: all of them, without leading zeros. Only the two primes and the
 * exponent have to be there; what else there is has to agree with them (RFC 7518 section 6.3.2). Hosts differ in what they compute
 * themselves, and some use the primes and never look at "d".
 *
 * @throws JetonError key_malformed
 */
export function fittingRSAMembers(jwk: JWK): JWK {
  const read = (name: string) => number(jwk[name]) ?? refuse();
  const [n, e, d, p, q] = [read("n"), read("e"), read("d"), read("p"), read("q")];
  if (p < 2n || q < 2n || p * q !== n) refuse();
  if ((e * d) % (p - 1n) !== 1n || (e * d) % (q - 1n) !== 1n) refuse();
  const members = Object.entries({ n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) ?? refuse() });
  for (const [name, value] of members) {
    if (jwk[name] !== undefined && read(name) !== value) refuse();
  }
  return { kty: "RSA", ...Object.fromEntries(members.map(([name, value]) => [name, written(value)])) };
}

/** Reports whether two members say the same number, or are both missing. */
export function sameNumber(left: unknown, right: unknown): boolean {
  return left === right || (number(left) !== undefined && number(left) === number(right));
}

function refuse(): never {
  throw new JetonError("key_malformed", "the parts of the private key do not fit together");
}

/** Reads an unsigned integer in canonical base64url. */
function number(member: unknown): bigint | undefined {
  if (typeof member !== "string" || !/^[\w-]+$/.test(member)) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(member.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
  if (base64url(bytes) !== member) return undefined;
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function written(value: bigint): string {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 255n));
  return base64url(Uint8Array.from(bytes));
}

/** Returns the inverse of value modulo modulus, by Euclid's algorithm, or undefined when there is none. */
function inverse(value: bigint, modulus: bigint): bigint | undefined {
  let [previous, rest, factor, next] = [modulus, value % modulus, 0n, 1n];
  while (rest !== 0n) {
    const quotient = previous / rest;
    [previous, rest] = [rest, previous - quotient * rest];
    [factor, next] = [next, factor - quotient * next];
  }
  return previous === 1n ? ((factor % modulus) + modulus) % modulus : undefined;
}
