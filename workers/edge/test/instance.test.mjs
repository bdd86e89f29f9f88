// The one instance of an isolate, on workerd: clients that go away, an instance that traps, and what goes to WebCrypto.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { authorized, exchange, post } from "./support/http.mjs";
import { newSecret, newUser, startBuild } from "./support/services.mjs";

const source = readFileSync(new URL("support/observed.mjs", import.meta.url), "utf8");
const login = ({ name, password }, headers) => post("/api/token/", { username: name, password }, headers);

const state = async (service) => (await exchange(service.url, { path: "/.test/state" })).json;

/** Waits until the isolate is as wanted. */
async function until(service, wanted) {
  for (let i = 0; i < 600; i++) {
    const now = await state(service);
    if (wanted(now)) return now;
    await wait(50);
  }
  assert.fail(`the isolate never came to be as wanted: ${JSON.stringify(await state(service))}`);
}

/** Sends a request whose client goes away once it is answered for, which `leave` does to its socket. */
async function abandon(service, { path, headers, body }, leave) {
  const { live, statements } = await state(service);
  const socket = connect(service.url.port, service.url.hostname);
  socket.on("error", () => {});
  const fields = Object.entries({ ...headers, Host: service.url.host, "Content-Length": Buffer.byteLength(body) });
  socket.write(`POST ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
  await until(service, (now) => now.live > live && now.statements.begun > statements.begun);
  leave(socket);
}

describe("an instance", () => {
  const alice = newUser("alice");
  let service;
  before(async () => {
    const throttling = { REST_FRAMEWORK: { DEFAULT_THROTTLE_RATES: { login_failed: null } } }; // whose statements are not counted here
    const bindings = { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: { SIMPLE_JWT: { UPDATE_LAST_LOGIN: true }, PASSWORD_ITERATIONS: 1000, ...throttling } };
    service = await startBuild("edge", { source, bindings, users: [alice] });
  });
  after(async () => {
    await service?.stop();
  });

  const lastLogin = async () => (await service.d1.prepare(`SELECT "last_login" FROM "auth_user"`).first()).last_login;

  const slowLogin = (milliseconds) => login(alice, { "X-Test-Delay": String(milliseconds) });

  test("a client whose connection breaks frees its task at once, and its login changes nothing", async () => {
    await abandon(service, slowLogin(2000), (socket) => socket.resetAndDestroy());
    const freed = await until(service, (now) => now.live === 0);
    assert.equal(freed.statements.finished, 0);
    // The statement that was on its way ends by itself; the login's second one never begins.
    const ended = await until(service, (now) => now.statements.finished === 1);
    assert.equal(ended.statements.begun, 1);
    assert.equal(await lastLogin(), null);
    assert.equal(ended.instances, 1);
  });

  test("requests after that are healthy", async () => {
    assert.equal((await exchange(service.url, login(alice))).status, 200);
    assert.notEqual(await lastLogin(), null);
    assert.equal((await state(service)).live, 0);
  });

  test("a client that leaves without a word has its request done to the end", async () => {
    await service.d1.prepare(`UPDATE "auth_user" SET "last_login" = NULL`).run();
    await abandon(service, slowLogin(300), (socket) => socket.destroy());
    await until(service, (now) => now.live === 0);
    assert.notEqual(await lastLogin(), null);
  });

  test("many clients that go away leave nothing", async () => {
    for (let i = 0; i < 20; i++) await abandon(service, slowLogin(1000), (socket) => (i % 2 ? socket.resetAndDestroy() : socket.destroy()));
    await until(service, (now) => now.live === 0);
    assert.equal((await exchange(service.url, login(alice))).status, 200);
    assert.equal((await state(service)).instances, 1);
  });

  test("an instance that traps is replaced, and the requests on their way in it get 500", async () => {
    const inFlight = exchange(service.url, slowLogin(500));
    await until(service, (now) => now.live === 1);
    const { instances } = await state(service);
    await exchange(service.url, { path: "/.test/harm" });
    const first = await exchange(service.url, login(alice));
    for (const answer of [first, await inFlight]) {
      assert.equal(answer.status, 500);
      assert.deepEqual(answer.json, { detail: "Internal server error." });
    }
    assert.equal((await exchange(service.url, login(alice))).status, 200);
    const now = await state(service);
    assert.equal(now.instances, instances + 1);
    assert.equal(now.live, 0);
  });

  test("memory does not grow with requests", async () => {
    const some = async (n) => {
      for (let i = 0; i < n; i++) {
        await Promise.all(Array.from({ length: 10 }, () => exchange(service.url, post("/api/token/verify/", { token: "x".repeat(8000) }))));
      }
    };
    // The memory grows until the collector has found its pace. A request that left 100 bytes behind would let it grow in every batch.
    const grown = async () => {
      const { memory } = await state(service);
      await some(100);
      return (await state(service)).memory - memory;
    };
    let batches = 6;
    while ((await grown()) > 0) assert.ok(--batches > 0, "the memory grows in every batch");
  });
});

test("PBKDF2 goes to WebCrypto up to 100,000 iterations, and no further", async () => {
  const [atCap, above] = [newUser("atcap", { iterations: 100_000 }), newUser("above", { iterations: 100_001 })];
  const service = await startBuild("edge", { source, users: [atCap, above] });
  try {
    assert.equal((await exchange(service.url, login(atCap))).status, 200);
    assert.equal((await state(service)).webCrypto.deriveBits, 1);
    // The module compares with the hash above the cap, and WebCrypto makes the one that takes its place.
    assert.equal((await exchange(service.url, login({ ...above, password: "wrong" }))).status, 401);
    assert.equal((await state(service)).webCrypto.deriveBits, 1);
    assert.equal((await exchange(service.url, login(above))).status, 200);
    assert.equal((await state(service)).webCrypto.deriveBits, 2);
    // An unknown user costs what a hash made for Workers costs.
    assert.equal((await exchange(service.url, login(newUser("nobody")))).status, 401);
    assert.equal((await state(service)).webCrypto.deriveBits, 3);
  } finally {
    await service.stop();
  }
});

const keyPairs = {
  RS256: ["rsa", { modulusLength: 2048 }],
  RS384: ["rsa", { modulusLength: 2048 }],
  RS512: ["rsa", { modulusLength: 2048 }],
  PS256: ["rsa", { modulusLength: 2048 }],
  PS384: ["rsa", { modulusLength: 2048 }],
  PS512: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  ES384: ["ec", { namedCurve: "P-384" }],
  ES512: ["ec", { namedCurve: "P-521" }],
  EdDSA: ["ed25519", {}],
};

for (const [algorithm, [type, options]] of Object.entries(keyPairs)) {
  test(`${algorithm} is signed and verified by WebCrypto, with each key imported once`, async () => {
    const alice = newUser("alice");
    const jwk = { ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), alg: algorithm, kid: "k1" };
    const bindings = { JETON_SIGNING_KEY: JSON.stringify(jwk), JETON_CONFIG: { SIMPLE_JWT: { ALGORITHM: algorithm }, PASSWORD_ITERATIONS: 1000 } };
    const service = await startBuild("edge", { source, users: [alice], bindings });
    try {
      for (let round = 0; round < 2; round++) {
        const pair = await exchange(service.url, login(alice));
        assert.equal(pair.status, 200, service.lines.join("\n"));
        const { access } = pair.json;
        const header = JSON.parse(Buffer.from(access.split(".")[0], "base64url"));
        assert.deepEqual(header, { alg: algorithm, kid: "k1", typ: "JWT" });
        assert.equal((await exchange(service.url, authorized("/api/me/", `Bearer ${access}`))).status, 200);
        const changed = access.slice(0, -10) + (access.at(-10) === "A" ? "B" : "A") + access.slice(-9);
        assert.equal((await exchange(service.url, post("/api/token/verify/", { token: changed }))).status, 401);
      }
      const { webCrypto } = await state(service);
      assert.equal(webCrypto.sign, 4);
      assert.equal(webCrypto.verify, 4);
      assert.equal(webCrypto.importKey, 2 + 2); // two of them passwords

      // A signature of a length that none has is a bad one like any other, whatever WebCrypto says of it.
      const { access } = (await exchange(service.url, login(alice))).json;
      const input = access.slice(0, access.lastIndexOf("."));
      for (const signature of ["", "AA", access.slice(input.length + 1, -4), "A".repeat(400)]) {
        const answer = await exchange(service.url, post("/api/token/verify/", { token: `${input}.${signature}` }));
        assert.equal(answer.status, 401, `a signature of ${signature.length} characters`);
      }
    } finally {
      await service.stop();
    }
  });
}
