// Every library at the same work, in any host: each verification checks the signature, exp, nbf, iss and aud. What a library does not
// check by itself is compared here in what it returned.

/** How many different tokens a contestant is given in turn. */
const count = 64;

const issuer = "https://issuer.example";
const audience = "api";

const schemes = {
  RS256: { generate: rsa("RSASSA-PKCS1-v1_5"), signature: { name: "RSASSA-PKCS1-v1_5" } },
  PS256: { generate: rsa("RSA-PSS"), signature: { name: "RSA-PSS", saltLength: 32 } },
  ES256: { generate: { name: "ECDSA", namedCurve: "P-256" }, signature: { name: "ECDSA", hash: "SHA-256" } },
  EdDSA: { generate: { name: "Ed25519" }, signature: { name: "Ed25519" } },
};

function rsa(name) {
  return { name, hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
}

/** Returns the claims of an access token of ordinary size. */
function claimsOf(number) {
  const now = Math.floor(Date.now() / 1000);
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    iss: issuer, sub: `user-${number}`, aud: audience, exp: now + 86400, nbf: now - 60, iat: now - 60, jti: id,
    scope: "read write", roles: ["admin", "editor"], name: `Alice Example ${number}`,
  };
}

/** Returns a contestant that does one thing to each of the inputs in turn: as often as it is told, from where it left off. */
function turns(inputs, work) {
  let next = 0;
  return async (times) => {
    for (let i = 0; i < times; i++) await work(inputs[next++ % count]);
  };
}

/** The same for work that is done at once, and is not waited for. */
function turnsAtOnce(inputs, work) {
  let next = 0;
  return async (times) => {
    for (let i = 0; i < times; i++) work(inputs[next++ % count]);
  };
}

function expect(condition, what) {
  if (!condition) throw new Error(`the benchmark is wrong: ${what}`);
}

/** Compares what a library left unchecked. */
function compared({ iss, aud }) {
  if (iss !== issuer || aud !== audience) throw new Error("the token is for someone else");
}

/** A token as WebCrypto wants it. */
function parts(token) {
  const end = token.lastIndexOf(".");
  const binary = atob(token.slice(end + 1).replaceAll("-", "+").replaceAll("_", "/"));
  return { input: new TextEncoder().encode(token.slice(0, end)), signature: Uint8Array.from(binary, (c) => c.charCodeAt(0)) };
}

/**
 * Returns the rows of the table: for each its name and its contestants, each a function that does the work a number of times.
 *
 * @param libraries the packages: jeton, jose, tsndr and hono everywhere, fastJWT and jsonwebtoken where there is Node; exports, those of an
 * instance of the module
 */
export async function rows(libraries) {
  const list = [await hmacVerify(libraries), await hmacSign(libraries)];
  for (const algorithm of Object.keys(schemes)) list.push(await asymmetricVerify(algorithm, libraries));
  list.push(emptyCall(libraries));
  return list;
}

async function hmacKeys(jeton) {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const host = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  return { secret, host, ours: await jeton.importKey(secret, "HS256") };
}

const options = { issuer, audience };

async function hmacVerify({ jeton, jose, tsndr, hono, fastJWT, jsonwebtoken }) {
  const { secret, host, ours } = await hmacKeys(jeton);
  const tokens = Array.from({ length: count }, (_, i) => jeton.encodeSync(claimsOf(i), ours));
  expect(new Set(tokens).size === count, "tokens are alike");
  const contestants = {
    "jeton verifySync": turnsAtOnce(tokens, (token) => jeton.verifySync(token, ours, options)),
    "jeton verify": turns(tokens, (token) => jeton.verify(token, ours, options)),
    jose: turns(tokens, (token) => jose.jwtVerify(token, host, { issuer, audience, algorithms: ["HS256"] })),
    tsndr: turns(tokens, async (token) => compared((await tsndr.verify(token, host, { algorithm: "HS256", throwError: true })).payload)),
    hono: turns(tokens, (token) => hono.verify(token, host, { alg: "HS256", iss: issuer, aud: audience })),
    "subtle.verify": turns(tokens.map(parts), ({ signature, input }) => crypto.subtle.verify("HMAC", host, signature, input)),
  };
  if (fastJWT) {
    const key = Buffer.from(secret);
    const verify = fastJWT.createVerifier({ key, algorithms: ["HS256"], allowedIss: issuer, allowedAud: audience, cache: false });
    contestants["fast-jwt"] = turnsAtOnce(tokens, verify);
    contestants.jsonwebtoken = turnsAtOnce(tokens, (token) => jsonwebtoken.verify(token, key, { issuer, audience, algorithms: ["HS256"] }));
  }
  return { name: "HS256 verify", contestants };
}

async function hmacSign({ jeton, jose, tsndr, hono, fastJWT, jsonwebtoken }) {
  const { secret, host, ours } = await hmacKeys(jeton);
  const claims = Array.from({ length: count }, (_, i) => claimsOf(i));
  const contestants = {
    "jeton encodeSync": turnsAtOnce(claims, (claims) => jeton.encodeSync(claims, ours)),
    "jeton encode": turns(claims, (claims) => jeton.encode(claims, ours)),
    jose: turns(claims, (claims) => new jose.SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(host)),
    tsndr: turns(claims, (claims) => tsndr.sign(claims, host, { algorithm: "HS256" })),
    hono: turns(claims, (claims) => hono.sign(claims, host, "HS256")),
    "subtle.sign": turns(claims.map((claims) => new TextEncoder().encode(JSON.stringify(claims))), (input) => crypto.subtle.sign("HMAC", host, input)),
  };
  if (fastJWT) {
    const key = Buffer.from(secret);
    contestants["fast-jwt"] = turnsAtOnce(claims, fastJWT.createSigner({ key, algorithm: "HS256" }));
    contestants.jsonwebtoken = turnsAtOnce(claims, (claims) => jsonwebtoken.sign(claims, key, { algorithm: "HS256" }));
  }
  return { name: "HS256 sign", contestants };
}

async function asymmetricVerify(algorithm, { jeton, jose }) {
  const { generate, signature: parameters } = schemes[algorithm];
  const { privateKey, publicKey } = await crypto.subtle.generateKey(generate, true, ["sign", "verify"]);
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", publicKey);
  const signer = await jeton.importKey(privateKey);
  const ours = await jeton.importKey({ kty, crv, x, y, n, e, alg: algorithm });
  const tokens = [];
  for (let i = 0; i < count; i++) tokens.push(await jeton.encode(claimsOf(i), signer));
  return {
    name: `${algorithm} verify`,
    contestants: {
      "jeton verify": turns(tokens, (token) => jeton.verify(token, ours, options)),
      jose: turns(tokens, (token) => jose.jwtVerify(token, publicKey, { issuer, audience, algorithms: [algorithm] })),
      "subtle.verify": turns(tokens.map(parts), ({ signature, input }) => crypto.subtle.verify(parameters, publicKey, signature, input)),
    },
  };
}

function emptyCall({ exports: { jeton_abi: empty } }) {
  const contestants = {
    "jeton_abi": async (times) => {
      for (let i = 0; i < times; i++) empty();
    },
  };
  return { name: "empty call", contestants };
}

/** Returns the exports of an instance of the module whose functions nobody but the benchmark calls. */
export async function instantiate(module) {
  const imports = {};
  for (const { module: namespace, name } of WebAssembly.Module.imports(module)) (imports[namespace] ??= {})[name] = () => 0;
  return new WebAssembly.Instance(module, imports).exports;
}
