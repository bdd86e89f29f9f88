// The client in tabs of a real browser, which share locks, messages and storage or lack them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { startDjango, startJeton, startRecorder } from "./client-servers.mjs";
import { expiredSession, key } from "./client-fixture.mjs";

const python = process.env.JETON_DJANGO_PYTHON;
const policy = "default-src 'none'; script-src 'self'; connect-src *"; // no WebAssembly: the client has none

let browser, server, other;
before(async () => {
  [server, other, browser] = await Promise.all([
    startJeton(),
    startRecorder(),
    chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    }),
  ]);
});
after(async () => {
  await browser?.close();
  await Promise.all([server?.remove(), other?.close()]);
});

const refreshes = (site) => site.to("/api/token/refresh/");

/** Lets the recorder serve a page with the client, before what the rule says. */
function serve(site, rule) {
  site.forget();
  site.answer(async (request) => {
    if (request.path === "/") return { status: 200, headers: { "content-type": "text/html", "content-security-policy": policy }, body: "<!doctype html><title>tab</title>" };
    if (request.path === "/favicon.ico") return { status: 204 };
    if (!/^\/dist\/(client\/)?[\w.-]+\.js$/.test(request.path)) return rule?.(request);
    return { status: 200, headers: { "content-type": "text/javascript" }, body: await readFile(new URL(`..${request.path}`, import.meta.url)) };
  });
}

/** Opens a tab with a client in it, which keeps its session in localStorage under the tests' key. */
async function openTab(context, site, options = {}, stored) {
  const page = await context.newPage();
  await page.goto(site.url);
  await page.evaluate(
    async ({ options, stored, key }) => {
      if (stored) localStorage.setItem(key, stored);
      const { createClient } = await import("/dist/client/index.js");
      globalThis.client = createClient({ url: "/", dialect: "simplejwt", storage: "localStorage", storageKey: key, ...options });
      globalThis.events = [];
      globalThis.said = (type) => new Promise((resolve) => client.on(type, resolve));
      for (const type of ["signedIn", "refreshed", "signedOut"]) client.on(type, ({ elsewhere, code }) => events.push([type, code, elsewhere && "elsewhere"].filter(Boolean).join(" ")));
      globalThis.call = async (count) => (await Promise.all(Array.from({ length: count }, () => client.fetch("/api/me/")))).map(({ status }) => status);
      globalThis.failure = (work) => work.then(() => "nothing", ({ code }) => code);
    },
    { options, stored, key },
  );
  return page;
}

/** Opens two tabs of one session whose token has expired. */
async function openTwo(t, site, { known = true, init } = {}) {
  const stored = JSON.stringify((await expiredSession(t, site, { known })).session);
  const context = await browser.newContext();
  t.after(() => context.close());
  if (init) await context.addInitScript(init);
  serve(site);
  return [await openTab(context, site, {}, stored), await openTab(context, site)];
}

const user = () => ({ username: server.user.username, password: server.user.password });
const eventsOf = (page) => page.evaluate(() => events);
const signOut = (page) => page.evaluate(() => client.logout());

for (const known of [true, false]) {
  test(`two tabs with 50 calls and a token ${known ? "known" : "not known"} to have expired make one refresh`, async (t) => {
    for (let round = 0; round < 4; round++) {
      const tabs = await openTwo(t, server, { known });
      const statuses = await Promise.all(tabs.map((page) => page.evaluate(() => call(25))));
      assert.deepEqual(statuses, [Array(25).fill(200), Array(25).fill(200)]);
      assert.equal(refreshes(server).length, 1);
      const [one, two] = await Promise.all(tabs.map((page) => page.evaluate(() => client.state.claims.jti)));
      assert.equal(one, two);
      assert.deepEqual((await Promise.all(tabs.map(eventsOf))).sort(), [["refreshed"], ["refreshed elsewhere"]]);
    }
  });
}

const skip = python ? false : "JETON_DJANGO_PYTHON names no Python with the packages: run make test-js";
test("two tabs spend the refresh token of a Django site that rotates and blacklists only once", { skip }, async (t) => {
  const site = await startDjango(python, "simplejwt", { ROTATE_REFRESH_TOKENS: true, BLACKLIST_AFTER_ROTATION: true });
  t.after(() => site.remove());
  const tabs = await openTwo(t, site);
  await Promise.all(tabs.map((page) => page.evaluate(() => call(25))));
  await Promise.all(tabs.map((page) => page.evaluate(() => client.refresh().then(() => {}))));
  for (const page of tabs) assert.deepEqual(await page.evaluate(() => call(1)), [200]);
  assert.ok(refreshes(site).every(({ status }) => status === 200));
});

test("a tab that gets the lock before the news, and reads an old storage, waits for the news", async (t) => {
  const init = () => {
    const { postMessage } = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = function (message) {
      setTimeout(() => postMessage.call(this, message), 10);
    };
    const found = Storage.prototype.getItem.call(localStorage, "session");
    Storage.prototype.getItem = () => found ?? Object.getOwnPropertyDescriptor(localStorage, "session")?.value ?? null;
  };
  const [one, two] = await openTwo(t, server, { init });
  assert.deepEqual(await Promise.all([one, two].map((page) => page.evaluate(() => call(10)))), [Array(10).fill(200), Array(10).fill(200)]);
  assert.equal(refreshes(server).length, 1);
});

test("signing in and out in one tab is signing in and out in the other", async (t) => {
  const [one, two] = await openTwo(t, server);
  const ended = two.evaluate(() => said("signedOut"));
  await signOut(one);
  assert.deepEqual(await ended, { code: "logged_out", reason: "the user signed out", detail: undefined, elsewhere: true });
  assert.deepEqual(await two.evaluate(() => call(1)), [401]);
  assert.equal(await two.evaluate((key) => localStorage.getItem(key), key), null);
  const begun = one.evaluate(() => said("signedIn").then(() => {}));
  await two.evaluate((user) => client.login(user).then(() => {}), user());
  await begun;
  assert.deepEqual(await one.evaluate(() => call(1)), [200]);
  assert.equal(refreshes(server).length, 0);
});

test("a tab closed in the middle of its refresh leaves the session to the other", async (t) => {
  const [one, two] = await openTwo(t, server);
  let arrive;
  const arrived = new Promise((resolve) => (arrive = resolve));
  let first = true;
  serve(server, ({ path }) => (path.endsWith("refresh/") && first ? ((first = false), arrive(), new Promise(() => {})) : undefined));
  one.evaluate(() => call(1)).catch(() => {});
  await arrived;
  const waiting = two.evaluate(() => call(1));
  await one.close();
  assert.deepEqual(await waiting, [200]);
  assert.equal(refreshes(server).length, 2);
});

test("without Web Locks and BroadcastChannel two tabs stay signed in, and out", async (t) => {
  const init = () => {
    delete globalThis.BroadcastChannel;
    Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
  };
  const [one, two] = await openTwo(t, server, { init });
  assert.deepEqual(await Promise.all([one, two].map((page) => page.evaluate(() => call(10)))), [Array(10).fill(200), Array(10).fill(200)]);
  const ended = two.evaluate(() => said("signedOut").then(({ code }) => code));
  await signOut(one);
  assert.equal(await ended, "storage_cleared"); // by the storage event, which says no more
});

test("a page that comes back looks what happened meanwhile", async (t) => {
  const [one] = await openTwo(t, server);
  await one.evaluate(() => call(1));
  const code = await one.evaluate((key) => {
    const ended = said("signedOut");
    localStorage.removeItem(key); // as another tab does, whose message a page in the back-forward cache does not get
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return ended.then(({ code }) => code);
  }, key);
  assert.equal(code, "storage_cleared");
});

test("a reload keeps a session in sessionStorage and none in memory", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  serve(server);
  for (const [storage, kept] of [["sessionStorage", true], ["memory", false]]) {
    const page = await openTab(context, server, { storage });
    await page.evaluate((user) => client.login(user).then(() => {}), user());
    await page.reload();
    const signedIn = await page.evaluate(async ({ storage, key }) => {
      const { createClient } = await import("/dist/client/index.js");
      return createClient({ url: "/", dialect: "simplejwt", storage, storageKey: key }).state.signedIn;
    }, { storage, key });
    assert.equal(signedIn, kept);
  }
});

test("the browser takes no token to another origin, redirects included", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const allow = { "access-control-allow-origin": "*", "access-control-allow-headers": "*, authorization" };
  other.answer(() => ({ status: 200, headers: allow, body: "{}" }));
  other.forget();
  const leads = { "/away/": `${other.url}taken/`, "/api/me": "/api/me/" };
  serve(server, ({ path }) => (leads[path] ? { status: 302, headers: { location: leads[path] } } : undefined));
  const page = await openTab(context, server);
  await page.evaluate((user) => client.login(user).then(() => {}), user());
  assert.equal(await page.evaluate((url) => failure(client.fetch(url)), other.url), "origin_refused");
  assert.equal(await page.evaluate(() => failure(client.fetch("/away/"))), "network_failed");
  assert.equal(await page.evaluate(() => client.fetch("/api/me").then(({ status }) => status)), 200);
  assert.deepEqual(other.requests, []);
});

test("a page of another origin than the server's signs in by CORS, and follows no redirect with a token", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const third = await startRecorder();
  t.after(() => third.close());
  const allow = { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization, content-type", "access-control-allow-methods": "*" };
  third.answer(() => ({ status: 200, headers: allow }));
  const answers = { "/api/token/": { access: "a", refresh: "r" }, "/data/": {} };
  other.answer(({ method, path }) => {
    if (method === "OPTIONS") return { status: 204, headers: allow };
    if (path === "/away/") return { status: 307, headers: { ...allow, location: `${third.url}taken/` } };
    return { status: 200, headers: allow, body: answers[path] };
  });
  other.forget();
  serve(server);
  const page = await openTab(context, server, { url: other.url });
  await page.evaluate((user) => client.login(user).then(() => {}), user());
  assert.equal(await page.evaluate(() => client.fetch("/data/").then(({ status }) => status)), 200);
  assert.equal(other.requests.at(-1).headers.authorization, "Bearer a");
  assert.equal(await page.evaluate(() => failure(client.fetch("/away/"))), "redirect_refused");
  assert.equal(await page.evaluate((url) => failure(client.fetch(url)), server.url), "origin_refused");
  assert.deepEqual(third.requests, []);
});

test("with cookies no token comes into script, and two tabs still make one refresh", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const upstream = await startJeton();
  t.after(() => upstream.remove());
  const gateway = await startRecorder();
  t.after(() => gateway.close());
  serve(gateway, cookieGateway(upstream));
  const paths = { logout: "api/logout/" };
  const [one, two] = [await openTab(context, gateway, { cookies: true, paths }), await openTab(context, gateway, { cookies: true, paths })];
  assert.equal(await one.evaluate(() => failure(client.refresh())), "not_signed_in");
  const begun = two.evaluate(() => said("signedIn").then(() => {}));
  assert.deepEqual(await one.evaluate((user) => client.login(user), upstream.user), { signedIn: true, claims: undefined, expiresAt: undefined });
  await begun;
  for (const page of [one, two]) assert.deepEqual(await page.evaluate(() => call(1)), [200]);
  assert.ok(gateway.requests.every(({ headers }) => headers.authorization === undefined));
  assert.doesNotMatch(await one.evaluate(() => JSON.stringify({ ...localStorage, cookie: document.cookie })), /eyJ/);

  await context.clearCookies({ name: "access" }); // as when it expires
  gateway.forget();
  assert.deepEqual(await Promise.all([one, two].map((page) => page.evaluate(() => call(25)))), [Array(25).fill(200), Array(25).fill(200)]);
  assert.equal(refreshes(gateway).length, 1);

  const ended = two.evaluate(() => said("signedOut").then(({ code }) => code));
  assert.deepEqual(await one.evaluate(() => client.logout()), { revoked: true });
  assert.equal(await ended, "logged_out");
  assert.deepEqual(await context.cookies(), []);
});

/** Puts tokens into HttpOnly cookies and takes them out again, in front of a real server that knows none. */
function cookieGateway(upstream) {
  const cookie = (name, value, rest = "") => `${name}=${value}; HttpOnly; SameSite=Strict; Path=/${rest}`;
  const cookiesOf = ({ headers }) => Object.fromEntries((headers.cookie ?? "").split("; ").map((pair) => pair.split("=")));
  const ask = async (path, body, authorization) => {
    const headers = { "content-type": "application/json", ...(authorization ? { authorization } : {}) };
    const response = await fetch(new URL(path, upstream.url), body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    return { status: response.status, body: await response.json() };
  };
  return async (request) => {
    const { access, refresh } = cookiesOf(request);
    if (request.path === "/api/logout/") return { status: 200, headers: { "set-cookie": ["access", "refresh"].map((name) => cookie(name, "", "; Max-Age=0")) }, body: {} };
    if (!request.path.startsWith("/api/token/")) return ask(request.path, undefined, access && `Bearer ${access}`);
    const sent = request.path.endsWith("refresh/") ? (refresh ? { refresh } : {}) : JSON.parse(request.body);
    const { status, body } = await ask(request.path, sent);
    if (status !== 200) return { status, body };
    return { status, headers: { "set-cookie": Object.entries(body).map(([name, value]) => cookie(name, value)) }, body: {} };
  };
}
