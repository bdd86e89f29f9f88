// Keys of WebCrypto, imported once each.

const RSA_MEMBERS = ["kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"];
const EC_MEMBERS = ["kty", "crv", "x", "y", "d"];
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"];

const rsa = (name, hash, saltLength) => ({ members: RSA_MEMBERS, key: { name, hash }, signature: { name, saltLength } });
const ecdsa = (namedCurve, hash) => ({ members: EC_MEMBERS, key: { name: "ECDSA", namedCurve }, signature: { name: "ECDSA", hash } });
const ed25519 = { members: EC_MEMBERS, key: { name: "Ed25519" }, signature: { name: "Ed25519" } };

const ALGORITHMS = new Map([
  ["RS256", rsa("RSASSA-PKCS1-v1_5", "SHA-256")],
  ["RS384", rsa("RSASSA-PKCS1-v1_5", "SHA-384")],
  ["RS512", rsa("RSASSA-PKCS1-v1_5", "SHA-512")],
  ["PS256", rsa("RSA-PSS", "SHA-256", 32)],
  ["PS384", rsa("RSA-PSS", "SHA-384", 48)],
  ["PS512", rsa("RSA-PSS", "SHA-512", 64)],
  ["ES256", ecdsa("P-256", "SHA-256")],
  ["ES384", ecdsa("P-384", "SHA-384")],
  ["ES512", ecdsa("P-521", "SHA-512")],
  ["EdDSA", ed25519],
  ["Ed25519", ed25519],
]);

function algorithmNamed(name) {
  const algorithm = ALGORITHMS.get(name);
  if (!algorithm) throw new TypeError("the algorithm is unknown");
  return algorithm;
}

/** The parameters that crypto.subtle.sign and verify take for an algorithm. */
export function signatureParameters(algorithm) {
  return algorithmNamed(algorithm).signature;
}

const LARGEST_CACHE = 32;

/** Imported keys of this isolate by what they were imported from. It holds keys, never promises: those belong to one request. */
const imported = new Map();

/**
 * Returns the key of a JWK for signing or verifying under one algorithm.
 *
 * @param {string} algorithm
 * @param {string} jwk as JSON
 * @param {"sign" | "verify"} usage
 */
export async function importKey(algorithm, jwk, usage) {
  const name = `${usage} ${algorithm} ${jwk}`;
  const known = imported.get(name);
  if (known) return known;
  const { members, key: parameters } = algorithmNamed(algorithm);
  const parsed = JSON.parse(jwk);
  const material = {};
  for (const member of members) {
    const wanted = usage === "sign" || !PRIVATE_MEMBERS.includes(member);
    if (wanted && parsed[member] !== undefined) material[member] = parsed[member];
  }
  const key = await crypto.subtle.importKey("jwk", material, parameters, false, [usage]);
  if (imported.size >= LARGEST_CACHE) imported.delete(imported.keys().next().value);
  imported.set(name, key);
  return key;
}
