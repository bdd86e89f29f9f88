// What the cases are made of. It uses nothing but what all hosts have.

/** @typedef {typeof import("../../dist/index.js")} Jeton */
/** @typedef {{ name: string, run(jeton: Jeton, build: { full: boolean }): Promise<void> }} Case */

export const webCryptoKeys = {
  HS256: { name: "HMAC", hash: "SHA-256", length: 256 },
  HS384: { name: "HMAC", hash: "SHA-384", length: 384 },
  HS512: { name: "HMAC", hash: "SHA-512", length: 512 },
  RS256: rsa("RSASSA-PKCS1-v1_5", "SHA-256"),
  RS384: rsa("RSASSA-PKCS1-v1_5", "SHA-384"),
  RS512: rsa("RSASSA-PKCS1-v1_5", "SHA-512"),
  PS256: rsa("RSA-PSS", "SHA-256"),
  PS384: rsa("RSA-PSS", "SHA-384"),
  PS512: rsa("RSA-PSS", "SHA-512"),
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384" },
  ES512: { name: "ECDSA", namedCurve: "P-521" },
  EdDSA: { name: "Ed25519" },
};

function rsa(name, hash) {
  return { name, hash, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
}

/** Makes a key with WebCrypto and returns it in both its forms, the signing and the verifying half. */
export async function generate(algorithm) {
  const made = await crypto.subtle.generateKey(webCryptoKeys[algorithm], true, ["sign", "verify"]);
  const { privateKey, publicKey } = made instanceof CryptoKey ? { privateKey: made, publicKey: made } : made;
  const jwk = async (key) => {
    const { ext, key_ops, ...members } = await crypto.subtle.exportKey("jwk", key);
    return { ...members, alg: algorithm };
  };
  return { privateKey, publicKey, privateJWK: await jwk(privateKey), publicJWK: await jwk(publicKey) };
}

export const secret = () => crypto.getRandomValues(new Uint8Array(32));

/** A secret as text, of 64 characters. */
export const textSecret = () => Array.from(secret(), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function equal(actual, expected, what = "value") {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left}, want ${right}`);
}

export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/** Checks that an action is refused with a code, and returns the error. */
export async function refused(code, action) {
  let result;
  try {
    result = await action();
  } catch (error) {
    if (error.name !== "JetonError") throw error;
    equal(error.code, code, "code");
    ok(error.message.length > 0 && error.failures.length > 0, "an error without words");
    return error;
  }
  throw new Error(`accepted ${JSON.stringify(result)}, want ${code}`);
}

/** Replaces a method for the length of an action. */
export async function replacing(object, name, replacement, action) {
  const original = object[name];
  Object.defineProperty(object, name, { value: replacement, configurable: true, writable: true });
  try {
    return await action(original);
  } finally {
    delete object[name];
    if (object[name] !== original) Object.defineProperty(object, name, { value: original, configurable: true, writable: true });
  }
}

export const base64url = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
