// A key set behind a URL in the hosts that differ from Node: in a page of another origin, and on Workers, where no request may wait for
// a promise of another.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { hostNames, runIn } from "./deno-and-bun.mjs";
import { newIssuerKey, publishing, setOf, startSource } from "./issuer.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

// A Worker that makes its sets outside of requests and is asked for tokens by the text of a request's body.
const worker = `
  import { waitUntil } from "cloudflare:workers";
  import { remoteKeySet, verify } from "./dist/workerd.js";

  let clock = 1_800_000_000;
  const sets = new Map();
  const optionsOf = { plain: {}, waiting: { waitUntil }, hasty: { timeoutDuration: 0.5 } };

  export default {
    async fetch(request, { SOURCE }) {
      const { name, token, later = 0, leave = false } = await request.json();
      clock += later;
      const [options] = name.split(" ");
      if (!sets.has(name)) sets.set(name, remoteKeySet(SOURCE, { allowHTTP: true, currentDate: () => new Date(clock * 1000), ...optionsOf[options] }));
      const answer = verify(token, sets.get(name)).then(({ payload }) => payload.sub, (error) => error.code ?? String(error));
      if (leave) await fetch(new URL("/begun", SOURCE)); // which is answered when the other fetch has begun, the one that ends with this request
      return new Response(leave ? "left" : await answer);
    },
  };`;

let first, second, source, workerd;
before(async () => {
  [first, second, source] = await Promise.all([newIssuerKey("first"), newIssuerKey("second"), startSource("")]);
  const scripts = readdirSync(`${root}dist`).filter((name) => name.endsWith(".js"));
  workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    compatibilityDate: "2026-07-01",
    modulesRoot: root,
    bindings: { SOURCE: source.url },
    modules: [
      { type: "ESModule", path: `${root}worker.mjs`, contents: worker },
      ...scripts.map((name) => ({ type: "ESModule", path: `${root}dist/${name}` })),
      ...["jeton.wasm", "jeton-full.wasm"].map((name) => ({ type: "CompiledWasm", path: `${root}dist/${name}` })),
    ],
  });
  await workerd.ready;
});
after(() => Promise.all([workerd?.dispose(), source?.stop()]));

function answering(answer) {
  source.answer = answer;
  source.requests = 0;
}

async function eventually(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("Chromium: a page fetches a set of another origin, without cookies, past its cache and never through a redirect", async (t) => {
  const types = { ".js": "text/javascript", ".wasm": "application/wasm" };
  const site = createServer(async (request, response) => {
    const file = /^\/dist\/[\w.-]+(\.js|\.wasm)$/.exec(request.url);
    const body = file ? await readFile(new URL(`..${request.url}`, import.meta.url)) : "<!doctype html><title>page</title>";
    response.setHeader("content-security-policy", `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${new URL(source.url).origin}`);
    response.writeHead(200, { "content-type": file ? types[file[1]] : "text/html" }).end(body);
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  t.after(async () => {
    await browser.close();
    site.closeAllConnections();
    site.close();
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.evaluate(async (url) => {
    const { JetonError, remoteKeySet, verify } = await import("/dist/index.js");
    globalThis.clock = 1_800_000_000;
    globalThis.newSet = (options = {}) => (globalThis.set = remoteKeySet(url, { allowHTTP: true, currentDate: () => new Date(clock * 1000), ...options }));
    newSet();
    globalThis.check = (token) => verify(token, set).then(({ payload }) => payload.sub, (error) => (error instanceof JetonError ? [error.code, error.cause?.code] : String(error)));
  }, source.url);
  const check = (...tokens) => page.evaluate((tokens) => Promise.all(tokens.map((token) => check(token))), tokens);

  answering(publishing(setOf(first.publicJWK), { "cache-control": "max-age=3600", "set-cookie": "seen=1" }));
  const token = await first.token();
  assert.deepEqual(await check(token, token, token), ["alice", "alice", "alice"]);
  answering(publishing(setOf(second.publicJWK), { "cache-control": "max-age=3600" }));
  await page.evaluate(() => void (clock += 30));
  assert.deepEqual(await check(await second.token()), ["alice"]);
  assert.deepEqual(await check(token), [["key_not_found", undefined]]);
  assert.equal(source.requests, 1);
  assert.equal(source.headers.cookie, undefined);
  assert.equal(source.headers.referer, undefined);

  await page.evaluate(() => void newSet({ timeoutDuration: 0.2 }));
  answering((request, response) => (request.url === "/elsewhere" ? publishing(setOf(first.publicJWK)) : publishing("", { location: "/elsewhere" }, 302))(request, response));
  assert.deepEqual(await check(token), [["key_set_unavailable", "key_set_unavailable"]]);
  assert.equal(source.requests, 1);
  assert.match(await page.evaluate(() => set.status.failure.reason), /redirect/);
  answering(() => {});
  await page.evaluate(() => set.refresh().catch(() => {}));
  assert.match(await page.evaluate(() => set.status.failure.reason), /in time/);
});

const ask = async (name, token, more = {}) =>
  (await workerd.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify({ name, token, ...more }) })).text();

for (const host of hostNames) {
  test(`${host}: a program fetches a set once, never through a redirect, and ends`, async () => {
    const tokens = await Promise.all([first.token(), first.token({ sub: "bob" }), second.token()]);
    const limits = { server: new URL(source.url).host, seconds: 50 }; // less than the timeout of its fetches
    answering(setOf(first.publicJWK));
    assert.deepEqual(await runIn(host, "remote-process.mjs", [source.url, ...tokens], limits), ["alice", "bob", "key_not_found"]);
    assert.equal(source.requests, 1);
    answering(publishing("", { location: "/elsewhere" }, 302));
    assert.deepEqual(await runIn(host, "remote-process.mjs", [source.url, tokens[0]], limits), ["the source answered with a redirect, which is not followed"]);
    assert.equal(source.requests, 1);
  });
}

test("workerd: requests at the same time make one fetch, and none waits for another's promise", async () => {
  const held = [];
  answering((_, response) => held.push(response));
  const token = await first.token();
  const answers = Promise.all(Array.from({ length: 30 }, () => ask("plain", token)));
  await eventually(() => held.length > 0);
  held[0].end(setOf(first.publicJWK));
  assert.deepEqual(await answers, Array(30).fill("alice"));
  assert.equal(source.requests, 1);
});

test("workerd: unknown keys cause one fetch in a cool-down, and rotation is followed", async () => {
  answering(setOf(first.publicJWK));
  assert.equal(await ask("plain rotating", await first.token()), "alice");
  const stranger = await second.token();
  assert.equal(await ask("plain rotating", stranger), "key_not_found");
  answering(setOf(second.publicJWK));
  assert.equal(await ask("plain rotating", stranger, { later: 30 }), "alice");
  assert.deepEqual(await Promise.all(Array.from({ length: 10 }, async () => ask("plain rotating", await first.token()))), Array(10).fill("key_not_found"));
  assert.equal(source.requests, 1);
});

test("workerd: a redirect is refused", async () => {
  answering((request, response) => (request.url === "/elsewhere" ? publishing(setOf(first.publicJWK)) : publishing("", { location: "/elsewhere" }, 302))(request, response));
  assert.equal(await ask("plain redirected", await first.token()), "key_set_unavailable");
  assert.equal(source.requests, 1);
});

test("workerd: the request that finds the set past its time waits for the next one, others go on", async () => {
  answering(setOf(first.publicJWK));
  const token = await first.token();
  assert.equal(await ask("plain stale", token), "alice");
  const held = [];
  answering((_, response) => held.push(response));
  const finder = ask("plain stale", token, { later: 900 });
  await eventually(() => held.length > 0);
  for (let i = 0; i < 5; i++) assert.equal(await ask("plain stale", token), "alice");
  assert.equal(source.requests, 1);
  held.pop().end(setOf(second.publicJWK));
  assert.equal(await finder, "key_not_found");
});

test("workerd: with waitUntil nobody waits, and the refresh outlives its request", async () => {
  answering(setOf(first.publicJWK));
  const token = await first.token();
  assert.equal(await ask("waiting", token), "alice");
  const held = [];
  answering((_, response) => held.push(response));
  assert.equal(await ask("waiting", token, { later: 900 }), "alice");
  assert.equal(await ask("waiting", token), "alice");
  await eventually(() => held.length > 0);
  held.pop().end(setOf(second.publicJWK));
  const fresh = await second.token();
  let answer;
  do answer = await ask("waiting", fresh);
  while (answer === "key_not_found"); // within the cool-down, so that only the refresh under way can bring the key
  assert.equal(answer, "alice");
  assert.equal(source.requests, 1);
});

test("workerd: when the request that fetches is ended, one of those that wait takes over", async () => {
  const asked = [];
  answering((request, response) => {
    if (request.url === "/begun") void eventually(() => asked.length > 0).then(() => response.end());
    else if (asked.push(response) > 1) response.end(setOf(first.publicJWK)); // the first is never answered
  });
  const token = await first.token();
  assert.equal(await ask("hasty", token, { leave: true }), "left");
  assert.deepEqual(await Promise.all(Array.from({ length: 5 }, () => ask("hasty", token))), Array(5).fill("alice"));
  assert.equal(asked.length, 2);
});
