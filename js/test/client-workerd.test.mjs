// The client in workerd, where a request has no page, no tabs and no storage.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { startJeton } from "./client-servers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = `
  import { createClient } from "./dist/client/index.js";

  export default {
    async fetch(request) {
      const { url, user } = await request.json();
      const client = createClient({ url, dialect: "simplejwt", storage: "localStorage" }); // there is none, so it is memory
      const steps = [];
      for (const type of ["signedIn", "refreshed", "signedOut"]) client.on(type, () => steps.push(type));
      await client.login(user);
      steps.push((await (await client.fetch("/api/me/")).json()).username);
      await client.refresh();
      steps.push((await client.fetch("/api/me/", { method: "POST", body: "text" })).status);
      steps.push(await client.fetch("/away/").catch(({ code }) => code));
      await client.logout();
      client.dispose();
      return Response.json(steps);
    },
  };`;

let server, workerd;
before(async () => {
  server = await startJeton();
  const scripts = ["", "client/"].flatMap((folder) => readdirSync(`${root}dist/${folder}`).filter((name) => name.endsWith(".js")).map((name) => folder + name));
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
      ...scripts.map((name) => ({ type: "ESModule", path: `${root}dist/${name}` })),
      { type: "CompiledWasm", path: `${root}dist/jeton-full.wasm` },
    ],
  });
  await workerd.ready;
});
after(() => Promise.all([workerd?.dispose(), server?.remove()]));

test("workerd: signs in, calls, refreshes and signs out, and follows no redirect elsewhere", async () => {
  server.answer(({ path }) => (path === "/away/" ? { status: 302, headers: { location: "https://elsewhere.example/" } } : undefined));
  const response = await workerd.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify({ url: server.url, user: server.user }) });
  assert.deepEqual(await response.json(), ["signedIn", "alice", "refreshed", 405, "redirect_refused", "signedOut"]);
});
