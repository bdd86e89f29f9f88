// A source of key sets that does what it is told, on loopback, and the keys and tokens of the issuer behind it.

import { createServer } from "node:http";
import * as jeton from "../dist/index.js";

/** Starts a source. `answer` is what it does with a request: a function of node:http, or the text of the set that it publishes. */
export async function startSource(answer) {
  const source = { answer, requests: 0, headers: undefined };
  const server = createServer((request, response) => {
    source.requests++;
    source.headers = request.headers;
    response.setHeader("access-control-allow-origin", "*");
    if (typeof source.answer === "string") publishing(source.answer)(request, response);
    else source.answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  source.url = `http://127.0.0.1:${server.address().port}/jwks.json`;
  source.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return source;
}

/** Answers with a body. */
export function publishing(body, headers = {}, status = 200) {
  return (_, response) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

const curves = { ES256: "P-256", ES384: "P-384" };

/** Makes a key with WebCrypto: how it signs, and how it is published. */
export async function newIssuerKey(kid, algorithm = "ES256") {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    algorithm in curves
      ? { name: "ECDSA", namedCurve: curves[algorithm] }
      : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const jwk = async (key) => {
    const { ext, key_ops, ...members } = await crypto.subtle.exportKey("jwk", key);
    return { ...members, alg: algorithm, ...(kid === undefined ? {} : { kid }) };
  };
  const [privateJWK, publicJWK] = [await jwk(privateKey), await jwk(publicKey)];
  const signer = await jeton.importKey(privateJWK);
  return { privateJWK, publicJWK, token: (claims = {}) => jeton.encode({ sub: "alice", exp: 4102444800, ...claims }, signer) };
}

/** The text of a set of keys. */
export const setOf = (...jwks) => JSON.stringify({ keys: jwks });
