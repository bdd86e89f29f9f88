import { hasWebCrypto, webCryptoScheme } from "./algorithms.js";
import { JetonError } from "./errors.js";
import type { JWK, KeyDescription } from "./keys.js";
import { fittingRSAMembers, sameNumber } from "./rsa-numbers.js";

/** The members of a JWK that are arithmetic. Of "alg", "use" and "key_ops", which the module has checked, hosts differ in what they take. */
const publicMembers = ["kty", "crv", "x", "y", "n", "e"];
const privateMembers = [...publicMembers, "d", "p", "q", "dp", "dq", "qi"];

/** Imports the public half of a key for verifying. */
export async function importPublic(description: KeyDescription | undefined): Promise<CryptoKey> {
  if (!description?.public) throw new JetonError("key_unusable", "the key has no public half");
  const key = await importJWK(description, description.public, publicMembers, "verify");
  if (description.public.kty === "EC") await tryPoint(description, key);
  return key;
}

/** Finds out whether the point lies on its curve: Deno looks at it only when it first computes with it, and throws then. */
async function tryPoint({ alg }: KeyDescription, key: CryptoKey): Promise<void> {
  const { signature: parameters, signatureBytes } = webCryptoScheme(alg);
  try {
    await crypto.subtle.verify(parameters, key, new Uint8Array(signatureBytes ?? 0).fill(1), new Uint8Array());
  } catch {
    throw new JetonError("key_malformed", "WebCrypto refuses the point");
  }
}

/**
 * Imports the private half of a key for signing, from the JWK among jwks whose public half the description has. What it signs must be
 * good under verifyingKey: not every host notices that two halves do not belong together.
 */
export async function importSigning(description: KeyDescription, jwks: readonly JWK[], verifyingKey: CryptoKey): Promise<CryptoKey> {
  const jwk = jwks.find((candidate) => ["x", "y", "n"].every((name) => sameNumber(candidate[name], description.public?.[name])));
  if (!jwk) throw new JetonError("key_malformed", "the private half is missing");
  const signingKey = await importJWK(description, jwk.kty === "RSA" ? fittingRSAMembers(jwk) : jwk, privateMembers, "sign");
  const { signature: parameters } = webCryptoScheme(description.alg);
  const sample = new Uint8Array(32);
  const signature = await crypto.subtle.sign(parameters, signingKey, sample).catch(() => undefined);
  if (!signature || !(await crypto.subtle.verify(parameters, verifyingKey, signature, sample))) {
    throw new JetonError("key_malformed", "the private part does not fit the public one");
  }
  return signingKey;
}

async function importJWK({ alg }: KeyDescription, jwk: JWK, members: readonly string[], usage: "sign" | "verify"): Promise<CryptoKey> {
  if (!hasWebCrypto()) throw new JetonError("host_required", "WebCrypto is missing, as it is in pages without TLS: use jeton/full");
  const material = Object.fromEntries(members.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]));
  try {
    return await crypto.subtle.importKey("jwk", material as JsonWebKey, webCryptoScheme(alg).key, false, [usage]);
  } catch {
    throw new JetonError("key_malformed", "WebCrypto refuses the key");
  }
}
