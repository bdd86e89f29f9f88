// Tokens made by hand, to be refused for one reason each.

import { createHmac, randomUUID } from "node:crypto";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An HS256 token of the service's form. `changes` replace claims; a claim that is undefined is left out. */
export function token(secret, changes = {}) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { token_type: "access", exp: now + 300, iat: now, jti: randomUUID().replaceAll("-", ""), user_id: "1", ...changes };
  const input = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** A token that says it needs no signature. */
export const unsigned = (claims) => `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;

/** The token with another payload under the old signature. */
export function tampered(original) {
  const [header, payload, signature] = original.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  return `${header}.${encode({ ...claims, user_id: "2" })}.${signature}`;
}

/** A token's claims, unchecked. */
export const claimsOf = (text) => JSON.parse(Buffer.from(text.split(".")[1], "base64url"));
