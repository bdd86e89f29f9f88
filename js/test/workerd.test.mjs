import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { cases } from "./cases.mjs";

// The package's own entry for Workers, and the list beside it: each case runs inside a request of its own.
const root = fileURLToPath(new URL("..", import.meta.url));
const worker = `
  import * as jeton from "./dist/workerd.js";
  import { cases } from "./test/cases.mjs";

  let atTheTop = "loaded";
  try { await jeton.init() } catch (error) { atTheTop = error.code }

  let shared; // made in the first request, used by all
  async function verifyShared(subject) {
    shared ??= await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    shared.signer ??= await jeton.importKey(shared.privateKey);
    shared.verifier ??= await jeton.importKey(shared.publicKey);
    const token = await jeton.encode({ sub: subject }, shared.signer, { expiresIn: 60 });
    return (await jeton.verify(token, shared.verifier)).payload.sub;
  }

  export default {
    async fetch(request) {
      const name = new URL(request.url).pathname.slice(1);
      if (name.startsWith("shared/")) return new Response(await verifyShared(name));
      if (name === "top") return new Response(atTheTop);
      try {
        await cases[Number(name)].run(jeton);
        return new Response("passed");
      } catch (error) {
        return new Response(String(error.stack ?? error));
      }
    },
  };`;

let workerd;

before(async () => {
  const scripts = readdirSync(`${root}dist`).filter((name) => name.endsWith(".js"));
  workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    compatibilityDate: "2026-07-01",
    modulesRoot: root,
    modules: [
      { type: "ESModule", path: `${root}worker.mjs`, contents: worker },
      { type: "ESModule", path: `${root}test/cases.mjs` },
      ...scripts.map((name) => ({ type: "ESModule", path: `${root}dist/${name}` })),
      { type: "CompiledWasm", path: `${root}dist/jeton-full.wasm` },
    ],
  });
  await workerd.ready;
});

after(() => workerd?.dispose());

const ask = async (path) => (await workerd.dispatchFetch(`http://worker/${path}`)).text();

test("workerd: outside a request there are no random numbers, so nothing loads", async () => {
  assert.equal(await ask("top"), "load_failed");
});

for (const [index, { name }] of cases.entries()) {
  test(`workerd: ${name}`, async () => assert.equal(await ask(index), "passed"));
}

test("workerd: requests at the same time share a key and keep their own claims", async () => {
  await ask("shared/first");
  const subjects = Array.from({ length: 40 }, (_, i) => `shared/${i}`);
  assert.deepEqual(await Promise.all(subjects.map(ask)), subjects);
});
