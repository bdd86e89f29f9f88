// MOVING-FROM-JOSE.md is true: its blocks run and have the types that they seem to have, each beside what it replaces, and its table of
// errors is what both libraries say of the same tokens.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as jeton from "../dist/index.js";
import { setOf, startSource } from "./issuer.mjs";
import { tool } from "./pack/packed.mjs";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const page = await readFile(file("../MOVING-FROM-JOSE.md"), "utf8");
const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);

let folder, source, jose, given, hmac;
const realFetch = globalThis.fetch;
before(async () => {
  jose = await tool("jose");
  folder = await mkdtemp(join(tmpdir(), "jeton-moving-"));
  await mkdir(join(folder, "node_modules/jeton"), { recursive: true });
  await cp(file("../package.json"), join(folder, "node_modules/jeton/package.json"));
  await symlink(file("../dist"), join(folder, "node_modules/jeton/dist"));
  await symlink(file("pack/node_modules/jose"), join(folder, "node_modules/jose"));

  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const named = (key) => ({ ...key.export({ format: "jwk" }), kid: "2026-01", alg: "ES256" });
  const secret = randomBytes(32).toString("hex");
  const claims = { sub: "alice", iss: "https://issuer.example", aud: "api", scope: "read" };
  hmac = await jeton.importKey(secret, "HS256");
  given = {
    secret,
    hmacToken: await jeton.encode(claims, hmac, { expiresIn: "1h" }),
    expiredToken: await jeton.encode({ ...claims, exp: 1000 }, hmac),
    token: await jeton.encode(claims, await jeton.importKey(named(privateKey)), { expiresIn: "1h" }),
    publicPEM: publicKey.export({ type: "spki", format: "pem" }),
    publicJWK: named(publicKey),
    privateJWK: named(privateKey),
    jwks: { keys: [named(publicKey)] },
  };
  source = await startSource(setOf(given.publicJWK));
  Object.assign(globalThis, given);
  // The page names an issuer that does not exist: the one on loopback takes its place.
  globalThis.fetch = (url, init) => realFetch(String(url).replace("https://issuer.example/jwks.json", source.url), init);
});
after(async () => {
  globalThis.fetch = realFetch;
  await source?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a block and returns what it has found out. */
async function run(code, index) {
  const path = join(folder, `block-${index}.mjs`);
  const names = [...code.matchAll(/^const (?:\{ (.+) \}|(\w+)) =/gm)].flatMap(([, many, one]) => (many ?? one).split(", "));
  const results = names.filter((name) => ["payload", "protectedHeader", "alg", "token", "signInAgain"].includes(name));
  assert.ok(results.length > 0, "a block that finds nothing out");
  await writeFile(path, `${code}\nexport const results = { ${results.join(", ")} };`);
  return (await import(pathToFileURL(path))).results;
}

/** Reads the token that a block made, as far as it does not depend on the time and the signature. */
async function comparable({ token, ...results }) {
  if (token === undefined) return results;
  const { payload, protectedHeader } = await jeton.verify(token, await jeton.importKey(given.publicJWK));
  assert.equal(payload.exp - payload.iat, 7200);
  return { payload: { ...payload, exp: undefined, iat: undefined }, protectedHeader };
}

const plain = (value) => JSON.parse(JSON.stringify(value));
const sorted = (value) => JSON.stringify(value, (_, member) => (member && typeof member === "object" && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort()) : member));

test("every block runs, and finds out what the one that it replaces did", async () => {
  let replaced;
  let pairs = 0;
  for (const [index, code] of blocks.entries()) {
    const results = plain(await comparable(await run(code, index)));
    if (code.includes('from "jose"')) {
      replaced = results;
      continue;
    }
    const shared = Object.keys(results).filter((name) => name in replaced);
    assert.ok(shared.length > 0, code);
    for (const name of shared) assert.equal(sorted(results[name]), sorted(replaced[name]), code);
    pairs++;
  }
  assert.equal(pairs, blocks.filter((code) => code.includes('from "jeton"')).length);
  assert.ok(pairs >= 8);
});

test("every block has the types that it seems to have", async () => {
  for (const [index, code] of blocks.entries()) await writeFile(join(folder, `block-${index}.ts`), `${code}\nexport {};`);
  await cp(file("moving-given.d.ts"), join(folder, "given.d.ts"));
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: "ES2022", module: "NodeNext", moduleResolution: "NodeNext", lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] };
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  await promisify(execFile)(process.execPath, [file("../node_modules/typescript/bin/tsc"), "-p", folder]).catch(({ stdout }) => assert.fail(stdout));
});

/** One situation for each row of the page's table of errors: what jose is given, and what jeton is. */
function situations() {
  const segment = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const bytes = new TextEncoder().encode(given.secret);
  const made = (claims) => jeton.encode({ exp: 4102444800, ...claims }, hmac);
  const signed = async (header, payload) => {
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const input = `${segment(header)}.${segment(payload)}`;
    return `${input}.${Buffer.from(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(input))).toString("base64url")}`;
  };
  const both = async (making, options = {}) => {
    const token = await making;
    return [jose.jwtVerify(token, bytes, options), jeton.verify(token, hmac, options)];
  };
  const stalling = async () => {
    const stalled = await startSource(() => {});
    const token = given.token;
    const attempts = [
      jose.jwtVerify(token, jose.createRemoteJWKSet(new URL(stalled.url), { timeoutDuration: 50 })),
      jeton.verify(token, jeton.remoteKeySet(stalled.url, { allowHTTP: true, timeoutDuration: 0.05 })),
    ];
    await Promise.allSettled(attempts);
    await stalled.stop();
    return attempts;
  };
  const now = Math.floor(Date.now() / 1000);
  return {
    token_expired: () => both(given.expiredToken),
    token_too_old: () => both(made({ iat: now - 100 }), { maxTokenAge: 50 }),
    token_not_yet_valid: () => both(made({ nbf: now + 100 })),
    issuer_mismatch: () => both(made({ iss: "a" }), { issuer: "b" }),
    audience_mismatch: () => both(made({ aud: "a" }), { audience: "b" }),
    subject_mismatch: () => both(made({ sub: "a" }), { subject: "b" }),
    type_mismatch: () => both(made({}), { typ: "at+jwt" }),
    claim_missing: () => both(made({}), { requiredClaims: ["scope"] }),
    claim_malformed: () => both(signed({ alg: "HS256" }, { exp: "soon" })),
    signature_invalid: async () => both(`${(await made({})).slice(0, -8)}AAAAAAAA`),
    token_malformed: () => both("no token"),
    encoding_invalid: async () => both(`${await made({})}*`),
    header_malformed: () => both(signed("no JSON", {})),
    payload_malformed: () => both(signed({ alg: "HS256" }, "[]")),
    algorithm_mismatch: async () => both(jeton.encode({ exp: 4102444800 }, await jeton.importKey(given.secret, "HS512")), { algorithms: ["HS256"] }),
    critical_unsupported: () => both(signed({ alg: "HS256", crit: ["b"], b: 1 }, { exp: 4102444800 })),
    key_set_malformed: async () => [jose.jwtVerify(given.token, async (...header) => jose.createLocalJWKSet({})(...header)), jeton.importKeySet({})],
    key_not_found: async () => {
      const other = { keys: [{ ...given.publicJWK, kid: "other" }] };
      const set = await jeton.importKeySet(other);
      return [jose.jwtVerify(given.token, jose.createLocalJWKSet(other)), jeton.verify(given.token, set)];
    },
    key_set_unavailable: stalling,
  };
}

test("the table of errors is what both libraries say", async (t) => {
  const rows = [...page.matchAll(/^\| `(ERR_\w+)` \| (.*?) ?\| (.*) \|$/gm)].flatMap(([, code, details, ours]) =>
    [...ours.matchAll(/`(\w+)`/g)].map(([, own]) => ({ code, details: [...details.matchAll(/`(\w+)`/g)].map(([, detail]) => detail), own })));
  const known = situations();
  assert.deepEqual(rows.map(({ own }) => own).sort(), Object.keys(known).sort());
  for (const { code, details, own } of rows) {
    await t.test(`${code} ${details.join(" ")} is ${own}`, async () => {
      const [theirs, mine] = (await Promise.allSettled(await known[own]())).map(({ reason }) => reason);
      assert.equal(theirs?.code, code);
      for (const detail of details) assert.ok([theirs.claim, theirs.reason].includes(detail), `${theirs.claim} ${theirs.reason}`);
      assert.ok(mine instanceof jeton.JetonError);
      assert.equal(mine.code, own);
    });
  }
});
