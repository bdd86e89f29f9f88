import { importKey, importKeySet, JetonError, type Algorithm, type JWK, type JWKSet, type Key } from "jeton";

/** The algorithms that can be chosen for a key that does not name its own. */
export const choosableAlgorithms: readonly Algorithm[] = [
  "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
];

/** Makes a key of what was pasted: a JWK Set, a JWK, or else a secret, which is taken as it is. */
export async function keyFrom(pasted: string, algorithm: Algorithm): Promise<Key> {
  const json = objectIn(pasted);
  if (!json) return importKey(pasted, algorithm);
  if ("keys" in json) return importKeySet(json as unknown as JWKSet);
  if (!("kty" in json)) throw new JetonError("key_malformed", "JSON, but neither a JWK nor a JWK Set");
  try {
    return await importKey(json as JWK); // its "alg" or its curve says what it is for
  } catch (error) {
    if (!(error instanceof JetonError) || error.code !== "key_algorithm_missing") throw error;
    return importKey(json as JWK, algorithm);
  }
}

/** Reports whether the key comes in PEM, which the small module does not read. */
export function isPEM(pasted: string): boolean {
  return /^\s*-----BEGIN /u.test(pasted);
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
