// Tokens for the page to take apart: sound, faulty and no tokens at all. Keys are made anew in every run.

import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { encode, importKey } from "../../../../js/dist/index.js";

export const base64url = (text) => Buffer.from(text).toString("base64url");
export const secret = randomBytes(32).toString("base64url");

/** Signs what no library would: any text as header and payload, with HS256. */
export function signed(payload, header = '{"alg":"HS256","typ":"JWT"}') {
  const signingInput = `${base64url(header)}.${base64url(typeof payload === "string" ? payload : JSON.stringify(payload))}`;
  return `${signingInput}.${createHmac("sha256", secret).update(signingInput).digest("base64url")}`;
}

export const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

/** A sound token, with a claim of everyone's kind. */
export const sound = () =>
  signed({ iss: "https://issuer.example", sub: "alice", aud: ["api", "web"], scope: "read write", iat: inSeconds(0), exp: inSeconds(300) });

/** A token signed with a key pair, and the pair's public JWK. */
export async function signedWithPair(claims) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { d, ...jwk } = privateKey.export({ format: "jwk" });
  const key = await importKey({ ...jwk, d, alg: "ES256", kid: "1" });
  const token = await encode(claims, key, { expiresIn: "5m", issuedAt: true });
  key.free();
  return { token, jwk: { ...jwk, alg: "ES256", kid: "1" }, pem: privateKey.export({ format: "pem", type: "pkcs8" }) };
}
