import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import * as jeton from "../dist/index.js";
import { newIssuerKey, publishing, setOf, startSource } from "./issuer.mjs";

const { remoteKeySet, verify } = jeton;

let first, second;
before(async () => ([first, second] = [await newIssuerKey("first"), await newIssuerKey("second")]));

const sources = [];
after(() => Promise.all(sources.map((source) => source.stop())));

/** Starts a source, and a remote set whose clock only the test moves. */
async function sourceAndSet(answer, options = {}) {
  const source = await startSource(answer);
  sources.push(source);
  const clock = { seconds: 1_800_000_000 };
  const set = remoteKeySet(source.url, { allowHTTP: true, currentDate: () => new Date(clock.seconds * 1000), ...options });
  return { source, set, clock };
}

const refused = (code, promise) => assert.rejects(promise, (error) => error instanceof jeton.JetonError && error.code === code && error.reason.length > 0);

/** Waits until something that goes on in the background is so. */
async function eventually(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a set is fetched with the first token, and once for all that come at the same time", async () => {
  const { source, set } = await sourceAndSet(setOf(first.publicJWK, second.publicJWK));
  assert.deepEqual(set.status, {});
  assert.equal(source.requests, 0);
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, i) => (i % 2 ? first : second).token({ sub: String(i) })));
  const results = await Promise.all(tokens.map((token) => verify(token, set)));
  assert.deepEqual(results.map(({ payload }) => payload.sub), tokens.map((_, i) => String(i)));
  assert.equal(source.requests, 1);
  assert.equal(set.status.fetchedAt.getTime(), 1_800_000_000_000);
  assert.match(source.headers.accept, /^application\/jwk-set\+json/);
});

test("claims and options are checked as with any key", async () => {
  const { source, set } = await sourceAndSet(setOf(first.publicJWK));
  const token = await first.token({ iss: "a" });
  await verify(token, set, { issuer: "a" });
  await refused("issuer_mismatch", verify(token, set, { issuer: "b" }));
  await refused("options_invalid", verify(token, set, { isuer: "a" }));
  await refused("signature_invalid", verify(`${token.slice(0, -8)}AAAAAAAA`, set));
  await refused("encoding_invalid", verify("a.b.c", set));
  await refused("token_malformed", verify("no token", set));
  await refused("token_malformed", verify(undefined, set));
  await refused("key_not_found", verify(await second.token(), set));
  assert.throws(() => jeton.verifySync(token, set), { code: "options_invalid" });
  assert.equal(source.requests, 1);
});

for (const [header, seconds] of [
  [undefined, 900], ["max-age=600", 600], ["public, MAX-AGE=\"600\"", 600], ["max-age=0", 60], ["max-age=5", 60], ["no-store, max-age=600", 60],
  ["max-age=99999999999", 3600], ["max-age=", 900], ["s-maxage=5, max-age=1200", 1200],
]) {
  test(`Cache-Control: ${header} keeps a set for ${seconds} seconds`, async () => {
    const { source, set, clock } = await sourceAndSet(publishing(setOf(first.publicJWK), header === undefined ? {} : { "cache-control": header }));
    const token = await first.token();
    await verify(token, set);
    clock.seconds += seconds - 1;
    await verify(token, set);
    assert.equal(source.requests, 1);
    clock.seconds += 1;
    await verify(token, set);
    await eventually(() => set.status.fetchedAt.getTime() === clock.seconds * 1000);
    assert.equal(source.requests, 2);
  });
}

test("a set past its time is used while the next one is fetched; past twice its time, tokens wait", async () => {
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK), { cacheMaxAge: "10 minutes" });
  const token = await first.token();
  await verify(token, set);
  const held = [];
  source.answer = (_, response) => held.push(response);
  clock.seconds += 600;
  for (let i = 0; i < 20; i++) await verify(token, set);
  await eventually(() => held.length > 0);
  assert.equal(source.requests, 2);
  held[0].end(setOf(second.publicJWK));
  await eventually(() => set.status.fetchedAt.getTime() === clock.seconds * 1000);
  await refused("key_not_found", verify(token, set));

  clock.seconds += 1200;
  source.answer = setOf(first.publicJWK);
  await verify(token, set); // the set at hand does not have this key any more
  assert.equal(source.requests, 3);
});

test("a clock that was set back makes no set last for ever", async () => {
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK));
  await verify(await first.token(), set);
  clock.seconds -= 5; // the clock of another request on Workers
  await verify(await first.token(), set);
  await refused("key_not_found", verify(await second.token(), set));
  assert.equal(source.requests, 1);
  clock.seconds -= 86_400;
  await verify(await first.token(), set);
  assert.equal(source.requests, 2);
});

test("an unchanged set keeps its imported keys", async () => {
  const { set } = await sourceAndSet(setOf(first.publicJWK));
  await set.refresh();
  const key = await set.current();
  await set.refresh();
  assert.equal(await set.current(), key);
});

test("a token of a new key waits for one refresh, after which the old key is gone", async () => {
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK));
  const [old, fresh] = [await first.token(), await second.token()];
  await verify(old, set);
  source.answer = setOf(second.publicJWK);
  await refused("key_not_found", verify(fresh, set)); // within the cool-down
  assert.equal(source.requests, 1);
  clock.seconds += 30;
  await Promise.all(Array.from({ length: 20 }, () => verify(fresh, set)));
  assert.equal(source.requests, 2);
  await refused("key_not_found", verify(old, set));
  assert.equal(source.requests, 2);
});

test("10,000 tokens with key IDs of their own cause one fetch in a cool-down", async () => {
  const { source, set, clock } = await sourceAndSet(publishing(setOf(first.publicJWK), { "cache-control": "max-age=3600" }), { cooldownDuration: "1m" });
  const [, payload, signature] = (await first.token()).split(".");
  const segment = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const storm = async (round) => {
    const tokens = Array.from({ length: 10_000 }, (_, i) => `${segment({ alg: "ES256", kid: `${round}-${i}` })}.${payload}.${signature}`);
    for (let i = 0; i < tokens.length; i += 500) await Promise.all(tokens.slice(i, i + 500).map((token) => refused("key_not_found", verify(token, set))));
  };
  await set.refresh();
  await storm(0);
  assert.equal(source.requests, 1);
  clock.seconds += 60;
  await storm(1);
  assert.equal(source.requests, 2);
  await verify(await first.token(), set);
});

test("a token that the set could not have a key for fetches nothing", async () => {
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK), { algorithms: ["ES256", "EdDSA"] });
  await set.refresh();
  clock.seconds += 60;
  const other = await newIssuerKey("other", "ES384");
  await refused("key_not_found", verify(await other.token(), set));
  const secret = await jeton.importKey({ kty: "oct", k: Buffer.alloc(32, 1).toString("base64url"), kid: "secret", alg: "HS256" });
  await refused("key_not_found", verify(await jeton.encode({ exp: 4102444800 }, secret), set));
  await refused("key_not_found", verify(await second.token(), set, { keyAlgorithms: { first: [] } }));
  await refused("policy_invalid", verify("no token", set, { keyAlgorithms: { second: [] } }));
  await refused("signature_invalid", verify(await (await newIssuerKey(undefined)).token(), set)); // it names no key that could be missing
  assert.equal(source.requests, 1);
  // The set at hand has no key that the options accept: another could have.
  await refused("policy_invalid", verify(await second.token(), set, { keyAlgorithms: { second: [] } }));
  assert.equal(source.requests, 2);
  clock.seconds += 30;
  source.answer = setOf(second.publicJWK);
  await verify(await second.token(), set, { keyAlgorithms: { second: [] } });
});

test("an RSA key without alg is for the algorithms that are asked for", async () => {
  const rsa = await newIssuerKey("rsa", "RS256");
  const { alg, ...bare } = rsa.publicJWK;
  const { set } = await sourceAndSet(setOf(bare), { algorithms: ["RS256"] });
  await verify(await rsa.token(), set);
  const { set: unsaid } = await sourceAndSet(setOf(bare));
  await refused("key_algorithm_missing", unsaid.refresh());
});

/** What a source must not be able to replace a good set with, and the code of its refusal. */
async function lies() {
  const [good, other] = [first.publicJWK, second];
  const flood = (_, response) => {
    const piece = " ".repeat(1 << 20);
    response.on("error", () => {});
    const more = (left) => (left > 0 && !response.destroyed ? response.write(piece, () => more(left - 1)) : response.end());
    more(50);
  };
  const publicText = JSON.stringify(good);
  return {
    "an empty object": [publishing("{}"), "key_set_malformed"],
    "no keys": [publishing('{"keys":[]}'), "key_set_malformed"],
    "null": [publishing("null"), "key_set_malformed"],
    "keys that are null": [publishing('{"keys":[null]}'), "key_set_malformed"],
    "no usable key": [publishing('{"keys":[{"kty":"AKP"}]}'), "key_unsupported"],
    "nothing": [publishing(""), "key_set_malformed"],
    "HTML": [publishing("<!doctype html><title>Sign in</title>", { "content-type": "text/html" }), "key_set_malformed"],
    "bytes that are no UTF-8": [publishing(Buffer.from([0x7b, 0xff, 0x7d])), "key_set_malformed"],
    "a good set and more": [publishing(`${setOf(good)}x`), "key_set_malformed"],
    "another request for the module": [publishing(`${setOf(good)},"algorithms":["HS256"]`), "key_set_malformed"],
    "half a set": [publishing(setOf(good).slice(0, 80)), "key_set_malformed"],
    "a member twice": [publishing(`{"keys":[],"keys":[${publicText}]}`), "key_malformed"],
    "a deep one": [publishing(`{"keys":[{"kty":"EC","a":${"[".repeat(1000)}${"]".repeat(1000)}}]}`), "key_set_malformed"],
    "500": [publishing("", {}, 500), "key_set_unavailable"],
    "404": [publishing(setOf(good), {}, 404), "key_set_unavailable"],
    "204": [publishing(undefined, {}, 204), "key_set_unavailable"],
    "206": [publishing(setOf(good), {}, 206), "key_set_unavailable"],
    "a redirect": [publishing(setOf(good), { location: "/elsewhere" }, 302), "key_set_unavailable"],
    "50 MB": [flood, "key_set_malformed"],
    "50 MB, announced": [(_, response) => response.writeHead(200, { "content-length": 50 << 20 }).flushHeaders(), "key_set_malformed"],
    "101 keys": [publishing(setOf(...Array(101).fill({ kty: "AKP" }))), "key_set_malformed"],
    "a broken connection": [(request) => request.socket.destroy(), "key_set_unavailable"],
    "a broken body": [
      (_, response) => {
        response.writeHead(200, { "content-length": 1000 });
        response.write(setOf(good).slice(0, 80), () => response.destroy());
      },
      "key_set_unavailable",
    ],
    "a private key": [publishing(setOf(first.privateJWK)), "key_set_malformed"],
    "a private key among public ones": [publishing(setOf(good, other.privateJWK)), "key_set_malformed"],
    "a private key for encryption": [publishing(setOf(good, { ...other.privateJWK, alg: undefined, use: "enc" })), "key_set_malformed"],
    "a secret": [publishing(setOf({ kty: "oct", k: "A".repeat(43), alg: "HS256" })), "key_set_malformed"],
    "a secret for encryption": [publishing(setOf(good, { kty: "oct", k: "A".repeat(43), use: "enc" })), "key_set_malformed"],
    "one key ID twice": [publishing(setOf(good, { ...other.publicJWK, kid: "first" })), "key_duplicate"],
    "a point off its curve": [publishing(setOf(good, { ...other.publicJWK, x: good.x })), "key_malformed"],
    "a weak key": [publishing(setOf(good, { kty: "RSA", alg: "RS256", e: "AQAB", n: `${"_".repeat(170)}8` })), "key_too_weak"],
  };
}

test("whatever a source does, the last good set stays, and it says what was wrong", async (t) => {
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK), { timeoutDuration: 30 });
  const token = await first.token();
  await verify(token, set);
  const { fetchedAt } = set.status;
  for (const [name, [answer, code]] of Object.entries(await lies())) {
    await t.test(name, async () => {
      source.answer = answer;
      await refused(code, set.refresh());
      assert.equal(set.status.failure.code, code);
      assert.doesNotMatch(`${set.status.failure} ${set.status.failure.stack}`, /doctype|127\.0\.0\.1:\d+\/jwks/);
      assert.deepEqual(set.status.fetchedAt, fetchedAt);
      await verify(token, set);

      const { set: fresh } = await sourceAndSet(answer, { timeoutDuration: 30 });
      await assert.rejects(verify(token, fresh), (error) => error.code === "key_set_unavailable" && error.cause.code === code);
    });
  }
  source.answer = setOf(first.publicJWK, second.publicJWK);
  await set.refresh();
  assert.equal(set.status.failure, undefined);
  clock.seconds += 1;
  await verify(await second.token(), set);
});

test("a source that fails is asked again after the shortest age, also for an unknown key", async () => {
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK));
  const token = await first.token();
  await verify(token, set);
  source.answer = publishing("", {}, 503);
  clock.seconds += 4000; // more than twice the time: the token waits for the source, which is worth nothing
  await verify(token, set);
  assert.equal(source.requests, 2);
  clock.seconds += 59;
  await verify(token, set);
  assert.equal(source.requests, 2);
  clock.seconds += 1;
  await verify(token, set);
  assert.equal(source.requests, 3);
  source.answer = setOf(second.publicJWK);
  clock.seconds += 30;
  await verify(await second.token(), set);
  assert.equal(source.requests, 4);
});

test("before the first good set, a source is asked again after 1, 2, 4 … seconds", async () => {
  const { source, set, clock } = await sourceAndSet(publishing("", {}, 503), { cooldownDuration: 5 });
  const token = await first.token();
  for (const [i, pause] of [1, 2, 4, 5, 5].entries()) {
    await Promise.all(Array.from({ length: 10 }, () => refused("key_set_unavailable", verify(token, set))));
    assert.equal(source.requests, i + 1);
    clock.seconds += pause - 0.5;
    await refused("key_set_unavailable", verify(token, set));
    assert.equal(source.requests, i + 1);
    clock.seconds += 0.5;
  }
  source.answer = setOf(first.publicJWK);
  await verify(token, set);
});

for (const [name, stall] of Object.entries({
  "before its answer": () => {},
  "after its headers": (_, response) => response.writeHead(200).flushHeaders(),
  "within its body": (_, response) => response.writeHead(200).write('{"keys":['),
})) {
  test(`a source that stalls ${name} is given up`, async () => {
    const { source, set } = await sourceAndSet(stall, { timeoutDuration: 0.1 });
    await refused("key_set_unavailable", verify(await first.token(), set));
    assert.match(set.status.failure.reason, /in time/);
    source.answer = setOf(first.publicJWK);
    await set.refresh();
    await verify(await first.token(), set);
  });
}

test("a fetch that was handed in may not listen to the timeout, and may not be one at all", async () => {
  const waiting = remoteKeySet("https://issuer.example/", { timeoutDuration: 0.05, fetch: () => new Promise(() => {}) });
  await refused("key_set_unavailable", waiting.refresh());
  for (const fetch of [() => undefined, () => { throw new Error("broken"); }, async () => ({})]) {
    await refused("key_set_unavailable", remoteKeySet("https://issuer.example/", { fetch }).refresh());
  }
});

test("a fetch that was handed in may follow redirects, and headers go along", async () => {
  const { source, set } = await sourceAndSet(
    (request, response) => (request.url === "/elsewhere" ? publishing(setOf(first.publicJWK)) : publishing("", { location: "/elsewhere" }, 307))(request, response),
    { headers: { "X-Tenant": "one" }, fetch: (url, init) => fetch(url, { ...init, redirect: "follow" }) },
  );
  await verify(await first.token(), set);
  assert.equal(source.requests, 2);
  assert.equal(source.headers["x-tenant"], "one");
});

test("a compressed set is read, and a bomb is not", async () => {
  const { gzipSync } = await import("node:zlib");
  const { source, set } = await sourceAndSet(publishing(gzipSync(setOf(first.publicJWK)), { "content-encoding": "gzip" }));
  await verify(await first.token(), set);
  source.answer = publishing(gzipSync(" ".repeat(50 << 20)), { "content-encoding": "gzip" });
  await refused("key_set_malformed", set.refresh());
});

test("a flood is cut off", async () => {
  let sent = 0;
  const { source, set } = await sourceAndSet((_, response) => {
    const piece = Buffer.alloc(1 << 20, " ");
    const more = () => response.write(piece, (error) => !error && (sent += piece.length) < 200 << 20 && more());
    response.on("error", () => {});
    source.closed = once(response, "close");
    more();
  });
  await refused("key_set_malformed", set.refresh());
  await source.closed;
  assert.ok(sent < 50 << 20, `${sent} bytes were taken`); // the cap and what the system's buffers hold
});

test("sets from the largest body and number of keys that are allowed", async () => {
  const filler = (length) => setOf(first.publicJWK, { kty: "AKP", x: "A".repeat(length) });
  const largest = (1 << 20) - (1 << 10);
  const length = largest - filler(0).length;
  const { source, set } = await sourceAndSet(filler(length));
  await set.refresh();
  source.answer = filler(length + 1);
  await refused("key_set_malformed", set.refresh());
  source.answer = setOf(first.publicJWK, ...Array(99).fill({ kty: "AKP" }));
  await set.refresh();
});

test("nothing that a token names is fetched", async () => {
  const trap = await startSource(setOf(first.publicJWK));
  sources.push(trap);
  const { source, set, clock } = await sourceAndSet(setOf(first.publicJWK));
  await set.refresh();
  clock.seconds += 60;
  for (const member of ["jku", "x5u", "kid", "iss"]) {
    const header = Buffer.from(JSON.stringify({ alg: "ES256", [member]: trap.url })).toString("base64url");
    const [, payload, signature] = (await first.token()).split(".");
    await assert.rejects(verify(`${header}.${payload}.${signature}`, set), jeton.JetonError);
  }
  assert.deepEqual([source.requests, trap.requests], [2, 0]);
});

test("options and addresses that cannot work are refused", () => {
  const code = (expected, url, options) => assert.throws(() => remoteKeySet(url, options), { name: "JetonError", code: expected });
  const url = "https://issuer.example/jwks";
  remoteKeySet(new URL(url));
  for (const bad of ["http://issuer.example/", "/jwks", "", "https://", "file:///etc/keys", "https://a@issuer.example/", "https://a:b@issuer.example/", undefined, null, 5]) {
    code("policy_invalid", bad, {});
  }
  code("policy_invalid", "ftp://issuer.example/", { allowHTTP: true });
  for (const options of [
    { algorithms: [] }, { algorithms: ["HS256"] }, { algorithms: ["RS256", "HS512"] },
    { timeoutDuration: 5000 }, { cooldownDuration: 30_000 }, { cacheMaxAge: 600_000 }, // jose's defaults, in milliseconds
    { timeoutDuration: 0 }, { cooldownDuration: 0 }, { cacheMinAge: 0 }, { cacheMaxAge: 30 }, { cacheMaxAge: "30 m", cacheMinAge: "1 h" },
    { maxBytes: 2 << 20 }, { maxBytes: 0 }, { maxKeys: 1001 }, { maxKeys: -1 },
  ]) {
    code("policy_invalid", url, options);
  }
  for (const options of [
    null, "x", { cooldown: 30 }, { algorithms: undefined }, { algorithms: "RS256" }, { cacheMaxAge: Infinity }, { cacheMaxAge: "1 month" }, { maxKeys: NaN },
    { fetch: "fetch" }, { waitUntil: true }, { currentDate: new Date() },
  ]) {
    code("options_invalid", url, options);
  }
});
