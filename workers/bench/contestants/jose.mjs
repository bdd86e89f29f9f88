// The two endpoints with jose and no framework. The key is imported once.

import { SignJWT, jwtVerify } from "jose";
import { accessClaims, refusal, runStatements } from "./service.mjs";

let key;

const keyOf = ({ JETON_SIGNING_KEY }) =>
  (key ??= crypto.subtle.importKey("raw", new TextEncoder().encode(JETON_SIGNING_KEY), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]));

/** The claims of a good token, or undefined. */
async function claimsOf(token, env) {
  try {
    return (await jwtVerify(token, await keyOf(env), { algorithms: ["HS256"] })).payload;
  } catch {
    return undefined;
  }
}

const endpoints = {
  async "/api/token/verify/"({ token }, env) {
    return (await claimsOf(token, env)) ? Response.json({}) : Response.json(refusal, { status: 401 });
  },

  async "/api/token/refresh/"({ refresh }, env) {
    const claims = await claimsOf(refresh, env);
    if (claims?.token_type !== "refresh" || !(await runStatements(env))) return Response.json(refusal, { status: 401 });
    const access = await new SignJWT(accessClaims(claims)).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(await keyOf(env));
    return Response.json({ access });
  },
};

export default {
  async fetch(request, env) {
    const endpoint = request.method === "POST" && endpoints[new URL(request.url).pathname];
    return endpoint ? endpoint(await request.json(), env) : new Response("Not found", { status: 404 });
  },
};
