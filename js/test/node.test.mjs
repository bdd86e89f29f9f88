import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import * as jeton from "../dist/index.js";
import { builds, cases } from "./cases.mjs";

const [slim] = builds;
const moduleURL = new URL("../dist/jeton.wasm", import.meta.url);

test("a synchronous call before init says what to do", () => {
  assert.throws(() => jeton.decodeSync("e30.e30."), { name: "JetonError", code: "not_ready" });
});

for (const { name, run } of cases) test(`Node, slim: ${name}`, () => run(jeton, slim));

test("tokens of node:crypto, both ways", async () => {
  const secret = randomBytes(32);
  const key = await jeton.importKey(secret, "HS256");
  const token = await jeton.encode({ sub: "alice" }, key, { expiresIn: "1h" });
  const [header, payload, signature] = token.split(".");
  assert.equal(signature, createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url"));
  assert.deepEqual(JSON.parse(Buffer.from(payload, "base64url")).sub, "alice");
});

test("G4: the memory stays flat over 1,000,000 calls", async () => {
  const key = await jeton.importKey(randomBytes(32), "HS256");
  const token = await jeton.encode({ sub: "alice" }, key, { expiresIn: "1h" });
  const forged = `${token.slice(0, -4)}AAAA`;
  const { readyNow } = await import("../dist/jeton.js");
  const refused = (action) => assert.throws(action, { name: "JetonError" });
  const calls = [
    ...Array(40).fill(() => jeton.verifySync(token, key)),
    () => refused(() => jeton.verifySync(forged, key)),
    () => refused(() => jeton.decodeSync("a.b")),
    () => jeton.decodeSync(token),
    () => jeton.encodeSync({ sub: "alice" }, key),
    () => jeton.importKeySync(randomBytes(32), "HS256").free(),
  ];
  const run = (times) => {
    for (let i = 0; i < times; i++) calls[i % calls.length]();
    return readyNow().memoryBytes;
  };
  const settled = run(50_000);
  assert.ok(settled < 2_000_000);
  assert.equal(run(1_000_000), settled);
});

test("G6: lengths beyond 2^31-1 are refused, and the module goes on", async () => {
  const { ready } = await import("../dist/jeton.js");
  const instance = await ready();
  for (const length of [2 ** 20 + 1, 2 ** 31, 2 ** 31 + 5]) {
    assert.throws(() => instance.send("jeton_decode", undefined, new Uint8Array(length)), { code: "length_invalid" });
  }
  assert.throws(() => jeton.decodeSync("a".repeat(2 ** 28)), { code: "length_invalid" });
  assert.equal(await ready(), instance);
});

test("keys that are forgotten are freed", async () => {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 1000; j++) await jeton.importKey(randomBytes(32), "HS256"); // more in all than there are handles
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

/** Loads the package in a process of its own, where nothing has been loaded yet. */
async function inNewProcess(code) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code]);
  return stdout.trim();
}

for (const [name, source] of Object.entries({
  "a compiled module": "await WebAssembly.compile(bytes)",
  bytes: "bytes",
  "a response": 'new Response(bytes, { headers: { "content-type": "application/wasm" } })',
  "a response of another type": "new Response(bytes)",
  "the promise of a response": "Promise.resolve(new Response(bytes))",
})) {
  test(`init takes ${name}`, async () => {
    const code = `
      import { readFile } from "node:fs/promises";
      import { init, decodeSync } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
      const bytes = await readFile(new URL(${JSON.stringify(moduleURL.href)}));
      await init(${source});
      console.log(decodeSync("eyJhbGciOiJub25lIn0.e30.").protectedHeader.alg);`;
    assert.equal(await inNewProcess(code), "none");
  });
}

test("init says what is wrong with its source, and can be tried again", async () => {
  const code = `
    import { readFile } from "node:fs/promises";
    import { init, decodeSync } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    const codes = [];
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]); // a module without exports
    for (const source of [new Uint8Array([1, 2, 3]), empty, await WebAssembly.compile(empty), new Response("no", { status: 404 }), "http://127.0.0.1:1/"]) {
      await init(source).catch((error) => codes.push(error.code));
    }
    await init(await readFile(new URL(${JSON.stringify(moduleURL.href)})));
    console.log(codes.join(), decodeSync("eyJhbGciOiJub25lIn0.e30.").protectedHeader.alg);`;
  assert.equal(await inNewProcess(code), "load_failed,load_failed,load_failed,load_failed,load_failed none");
});

test("every code in the errors of core has a type here", async () => {
  const [go, ts] = await Promise.all(["../../core/errors.go", "../src/errors.ts"].map((path) => readFile(new URL(path, import.meta.url), "utf8")));
  const codes = [...go.matchAll(/Code = "([a-z_]+)"/g)].map(([, code]) => code);
  assert.ok(codes.length > 30);
  for (const code of codes) assert.ok(ts.includes(`"${code}"`), code);
});
