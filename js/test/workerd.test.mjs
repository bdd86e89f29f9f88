import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { builds, cases } from "./cases.mjs";

// The package's own entry for Workers, and the list beside it: each case runs inside a request of its own.
const root = fileURLToPath(new URL("..", import.meta.url));
const worker = (build) => `
  import * as jeton from "./dist/${build.workerd}";
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
        await cases[Number(name)].run(jeton, ${JSON.stringify(build)});
        return new Response("passed");
      } catch (error) {
        return new Response(String(error.stack ?? error));
      }
    },
  };`;

const workers = new Map();

before(async () => {
  const scripts = readdirSync(`${root}dist`).filter((name) => name.endsWith(".js"));
  for (const build of builds) {
    const workerd = new Miniflare({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
      compatibilityDate: "2026-07-01",
      modulesRoot: root,
      modules: [
        { type: "ESModule", path: `${root}worker.mjs`, contents: worker(build) },
        ...["cases.mjs", ...readdirSync(`${root}test/cases`).map((name) => `cases/${name}`)].map((name) => ({ type: "ESModule", path: `${root}test/${name}` })),
        ...scripts.map((name) => ({ type: "ESModule", path: `${root}dist/${name}` })),
        ...["jeton.wasm", "jeton-full.wasm"].map((name) => ({ type: "CompiledWasm", path: `${root}dist/${name}` })),
      ],
    });
    workers.set(build, workerd);
    await workerd.ready;
  }
});

after(() => Promise.all([...workers.values()].map((workerd) => workerd.dispose())));

for (const build of builds) {
  const ask = async (path) => (await workers.get(build).dispatchFetch(`http://worker/${path}`)).text();

  // The small module was started when it was built; the other needs random numbers, which there are only inside a request.
  test(`workerd, ${build.build}: outside a request it ${build.full ? "cannot load" : "loads"}`, async () => {
    assert.equal(await ask("top"), build.full ? "load_failed" : "loaded");
  });

  for (const [index, { name }] of cases.entries()) {
    test(`workerd, ${build.build}: ${name}`, async () => assert.equal(await ask(index), "passed"));
  }

  test(`workerd, ${build.build}: requests at the same time share a key and keep their own claims`, async () => {
    await ask("shared/first");
    const subjects = Array.from({ length: 40 }, (_, i) => `shared/${i}`);
    assert.deepEqual(await Promise.all(subjects.map(ask)), subjects);
  });
}
