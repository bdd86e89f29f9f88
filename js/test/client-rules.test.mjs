// What the client does with origins, odd answers, clocks, storages and options. The servers here say what a real one cannot be brought to.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { createClient, JetonError } from "../dist/client/index.js";
import { startJeton, startRecorder } from "./client-servers.mjs";
import { clientOf, expiredSession, failsWith, happens, key, openStorage } from "./client-fixture.mjs";

let server, other;
before(async () => ([server, other] = await Promise.all([startJeton(), startRecorder()])));
after(() => Promise.all([server?.remove(), other?.close()]));
beforeEach(() => {
  for (const recorder of [server, other]) {
    recorder.answer(undefined);
    recorder.forget();
  }
});

const redirect = (from, status, location) => ({ path }) => (path === from ? { status, headers: { location } } : undefined);

test("no token and no password goes to another origin", async (t) => {
  const client = clientOf(t, server);
  for (const status of [301, 302, 307, 308]) {
    server.answer(redirect("/api/token/", status, `${other.url}api/token/`));
    await failsWith(client.login(server.user), "redirect_refused", [server.user.password]);
  }
  server.answer(undefined);
  await client.login(server.user);
  for (const address of [other.url, new URL("/api/me/", other.url), new Request(other.url), `//${new URL(other.url).host}/`, "https://elsewhere.example/"]) {
    await failsWith(client.fetch(address), "origin_refused");
  }
  for (const status of [301, 302, 303, 307, 308]) {
    server.answer(redirect("/away/", status, `${other.url}taken/`));
    await failsWith(client.fetch("/away/"), "redirect_refused");
    await failsWith(client.fetch("/away/", { method: "POST", body: "text" }), "redirect_refused");
    await failsWith(client.fetch(new Request(new URL("/away/", server.url))), "redirect_refused");
  }
  server.answer(redirect("/api/token/refresh/", 307, `${other.url}taken/`));
  await failsWith(client.refresh(), "redirect_refused");
  assert.equal(client.state.signedIn, true);
  assert.deepEqual(other.requests, []);
  for (const path of ["https://elsewhere.example/token/", "//elsewhere.example/token/"]) {
    assert.throws(() => createClient({ url: server.url, dialect: "simplejwt", paths: { login: path } }), { code: "options_invalid" });
  }
});

test("redirects within the origin are followed where that is safe", async (t) => {
  const client = clientOf(t, server);
  await client.login(server.user);
  server.answer(redirect("/api/me", 301, "/api/me/"));
  for (const input of ["/api/me", new Request(new URL("/api/me", server.url), { headers: { "x-own": "1" } })]) {
    const response = await client.fetch(input);
    assert.equal((await response.json()).username, "alice");
  }
  assert.equal(server.to("/api/me/")[1].headers["x-own"], "1");
  await failsWith(client.fetch("/api/me", { method: "POST", body: "text" }), "redirect_refused");
  assert.equal((await client.fetch("/api/me", { redirect: "manual" })).status, 301);
  await failsWith(client.fetch("/api/me", { redirect: "error" }), "network_failed");
  server.answer(redirect("/round/", 302, "/round/"));
  await failsWith(client.fetch("/round/"), "redirect_refused");
});

test("every kind of answer has its code", async (t) => {
  const rows = [
    [{ status: 500, body: "<h1>oops</h1>" }, "server_failed"],
    [{ status: 502 }, "server_failed"],
    [{ status: 429, headers: { "retry-after": "30" }, body: { detail: "Request was throttled." } }, "rate_limited"],
    [{ status: 404, body: "<h1>Not Found</h1>" }, "answer_invalid"],
    [{ status: 405 }, "answer_invalid"],
    [{ status: 200, body: "<!doctype html>" }, "answer_invalid"],
    [{ status: 200, body: "[]" }, "answer_invalid"],
    [{ status: 200, body: { token: "a.b.c" } }, "answer_invalid"],
    [{ status: 200, body: { access: "a\nb", refresh: "c" } }, "answer_invalid"],
    [{ status: 200, body: { access: 5, refresh: "c" } }, "answer_invalid"],
    [{ status: 0 }, "network_failed"],
  ];
  const client = clientOf(t, server);
  for (const [answer, code] of rows) {
    server.answer(() => answer);
    const error = await failsWith(client.login(server.user), code, [server.user.password]);
    if (code === "rate_limited") assert.deepEqual([error.retryAfter, error.detail], [30, "Request was throttled."]);
  }
  assert.equal(client.state.signedIn, false);
  server.answer(undefined);
  await client.login(server.user);
  for (const [answer, code] of rows.filter(([{ status }]) => status !== 200)) {
    server.answer(() => answer);
    await failsWith(client.refresh(), code);
  }
  server.answer(() => ({ status: 400, body: { refresh: ["This field is required."] } }));
  await failsWith(client.refresh(), "answer_invalid"); // that is no word about the token
  assert.deepEqual(client.events, ["signedIn"]);
  server.answer(() => new Promise(() => {}));
  const impatient = clientOf(t, server, { timeout: 0.05 });
  assert.match((await failsWith(impatient.login(server.user), "network_failed")).message, /0\.05 seconds/);
});

test("a clock that is wrong by an hour refreshes neither always nor never", async (t) => {
  const real = Date.now;
  t.after(() => (Date.now = real));
  const unsigned = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AA`;
  const seconds = Math.floor(real() / 1000);
  const servers = {
    "iat of the token": undefined,
    "Date of the answer": ({ path }) =>
      path === "/api/token/"
        ? { status: 200, body: { access: unsigned({ exp: seconds + 300 }), refresh: "r" } }
        : { status: 200, body: { access: unsigned({ exp: seconds + 600 }) } },
  };
  for (const rule of Object.values(servers)) {
    for (const off of [-3_600_000, 3_600_000]) {
      Date.now = () => real() + off;
      server.answer(rule);
      server.forget();
      const client = clientOf(t, server);
      const { expiresAt } = await client.login(server.user);
      assert.ok(Math.abs(expiresAt - Date.now() - 300_000) < 30_000);
      await client.fetch("/api/me/");
      assert.equal(server.to("/api/token/refresh/").length, 0);
      Date.now = () => real() + off + 280_000; // within the margin
      await client.fetch("/api/me/");
      assert.equal(server.to("/api/token/refresh/").length, 1);
      await client.fetch("/api/me/");
      assert.equal(server.to("/api/token/refresh/").length, 1);
    }
  }
});

test("a token that lives no longer than the margin is not renewed at every call", async (t) => {
  const brief = await startJeton({ SIMPLE_JWT: { ACCESS_TOKEN_LIFETIME: 25 } });
  t.after(() => brief.remove());
  const client = clientOf(t, brief);
  await client.login(brief.user);
  for (let count = 0; count < 3; count++) await client.fetch("/api/me/");
  assert.equal(brief.to("/api/token/refresh/").length, 0);
});

test("a token without an expiry, or no JWT at all, is renewed after a 401 or by the option accessLifetime", async (t) => {
  let count = 0;
  server.answer(({ path, headers }) => {
    if (path.startsWith("/api/token/")) return { status: 200, body: { access: `opaque${++count}`, refresh: "r" } };
    return { status: headers.authorization === `Bearer opaque${count}` ? 200 : 401 };
  });
  const client = clientOf(t, server);
  const { claims, expiresAt } = await client.login(server.user);
  assert.deepEqual([claims, expiresAt], [undefined, undefined]);
  count++;
  assert.equal((await client.fetch("/api/me/")).status, 200);
  assert.equal(server.to("/api/token/refresh/").length, 1);
  const timed = clientOf(t, server, { accessLifetime: "5m" });
  assert.ok((await timed.login(server.user)).expiresAt > Date.now());
});

test("a session is taken up from its storage, and what is no session is not", async (t) => {
  for (const late of [false, true]) {
    const storage = openStorage({ late });
    await clientOf(t, server, { storage }).login(server.user);
    const client = clientOf(t, server, { storage });
    assert.equal(client.state.signedIn, !late);
    assert.equal((await client.ready()).claims.user_id, "1");
    await client.logout();
    assert.equal(storage.session, undefined);
  }
  const good = { id: "a", version: 1, ahead: 0, access: "a", refresh: "b" };
  const bad = ["", "null", "[]", "{", "5", { ...good, id: 5 }, { ...good, version: "1" }, { ...good, access: "a b" }, { ...good, access: undefined }, { ...good, refreshAt: "x" }];
  for (const text of bad) {
    const storage = openStorage();
    storage.items.set(key, typeof text === "string" ? text : JSON.stringify(text));
    assert.equal(clientOf(t, server, { storage }).state.signedIn, false, JSON.stringify(text));
  }
  const storage = openStorage();
  storage.items.set(key, JSON.stringify(good));
  assert.equal(clientOf(t, server, { storage }).state.signedIn, true);
});

test("a storage that fails loses no session", async (t) => {
  const failures = { throws: () => assert.fail("full"), rejects: () => Promise.reject(new Error("full")) };
  for (const fail of Object.values(failures)) {
    const client = clientOf(t, server, { storage: { getItem: fail, setItem: fail, removeItem: fail } });
    const heard = [];
    client.on("storageFailed", ({ action }) => heard.push(action));
    await client.login(server.user);
    assert.equal((await client.fetch("/api/me/")).status, 200);
    await client.refresh();
    await client.logout();
    assert.ok(heard.includes("write") && heard.includes("remove"));
    assert.equal(client.state.signedIn, false);
  }
});

test("clients with one storage share one session, also without locks", async (t) => {
  const storage = await expiredSession(t, server, { storage: openStorage({ shared: true }) });
  const [one, two] = [clientOf(t, server, { storage }), clientOf(t, server, { storage })];
  const told = happens(two, "refreshed");
  await one.refresh();
  await told;
  assert.equal(two.state.claims.jti, one.state.claims.jti);
  assert.equal(server.to("/api/token/refresh/").length, 1);
  const ended = happens(one, "signedOut");
  await two.logout();
  assert.deepEqual({ ...(await ended) }, { code: "logged_out", reason: "the user signed out", detail: undefined, elsewhere: true });
  const begun = happens(one, "signedIn");
  await two.login(server.user);
  await begun;
  await one.refresh();
  storage.items.clear(); // by the user, in the browser's settings
  await failsWith(one.refresh(), "not_signed_in");
  assert.deepEqual(one.events, ["refreshed", "signedOut logged_out elsewhere", "signedIn elsewhere", "refreshed", "signedOut storage_cleared elsewhere"]);
});

test("clients without BroadcastChannel find each other's tokens in the storage", async (t) => {
  const { BroadcastChannel } = globalThis;
  delete globalThis.BroadcastChannel;
  t.after(() => (globalThis.BroadcastChannel = BroadcastChannel));
  const storage = await expiredSession(t, server, { storage: openStorage({ shared: true }) });
  const [one, two] = [clientOf(t, server, { storage }), clientOf(t, server, { storage })];
  await one.fetch("/api/me/");
  await two.fetch("/api/me/");
  assert.equal(two.state.claims.jti, one.state.claims.jti);
  assert.equal(server.to("/api/token/refresh/").length, 1);
  await two.logout();
  await failsWith(one.refresh(), "not_signed_in");
  assert.equal(server.to("/api/token/refresh/").length, 1);
});

test("after dispose nothing works any more, and the session is kept", async (t) => {
  const storage = openStorage();
  const client = clientOf(t, server, { storage });
  await client.login(server.user);
  server.answer(() => new Promise(() => {}));
  const refreshing = client.refresh();
  client.dispose();
  await failsWith(refreshing, "client_disposed");
  for (const call of [client.fetch("/api/me/"), client.login(server.user), client.refresh(), client.logout(), client.ready()]) await failsWith(call, "client_disposed");
  assert.ok(storage.session);
});

test("a client with a timer and a channel keeps no process alive", { timeout: 30_000 }, async () => {
  const program = `
    import { createClient } from ${JSON.stringify(new URL("../dist/client/index.js", import.meta.url).href)};
    const items = new Map();
    const storage = { getItem: (k) => items.get(k), setItem: (k, v) => items.set(k, v), removeItem: (k) => items.delete(k), shared: true };
    const client = createClient({ url: process.env.URL, dialect: "simplejwt", storage, autoRefresh: true });
    await client.login({ username: "alice", password: process.env.PASSWORD });
    console.log(client.state.signedIn);`;
  const env = { ...process.env, URL: server.url, PASSWORD: server.user.password };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { env, timeout: 20_000 });
  assert.equal(stdout.trim(), "true");
});

test("options that could not work are refused at once", () => {
  const good = { url: "https://api.example", dialect: "simplejwt" };
  createClient(good).dispose();
  const rows = [
    { url: undefined }, { url: "/relative" }, { url: "ftp://api.example" }, { url: "https://a:b@api.example" }, { dialect: "oauth" }, { dialect: "__proto__" },
    { paths: { login: "" } }, { paths: { lgin: "x/" } }, { headerPrefix: "a b" }, { headerPrefix: "a\n" }, { headerName: "" }, { usernameField: "" },
    { storage: "cookie" }, { storage: {} }, { storage: null }, { refreshMargin: -1 }, { refreshMargin: "soon" }, { timeout: 0 }, { cookies: 1 }, { autoRefresh: "yes" },
    { acessLifetime: 5 }, { storageKey: "" },
  ];
  for (const row of rows) {
    assert.throws(() => createClient({ ...good, ...row }), (error) => error instanceof JetonError && error.code === "options_invalid", JSON.stringify(row));
  }
});

test("paths, header and username field are the server's own", async (t) => {
  const client = clientOf(t, other, {
    url: `${other.url}backend`,
    paths: { login: "/auth/login", refresh: "renew/", logout: "leave/" },
    headerName: "X-Access-Token",
    headerPrefix: "",
    usernameField: "email",
  });
  other.answer(({ path }) => ({ status: 200, body: path.endsWith("login") ? { access: "a", refresh: "r" } : path.endsWith("renew/") ? { access: "b" } : {} }));
  await client.login({ username: "alice@site.example", password: "p", code: 5 });
  await client.refresh();
  await client.fetch("data/");
  await client.fetch("/data/");
  assert.deepEqual(await client.logout(), { revoked: true });
  assert.deepEqual(other.requests.map(({ path, body }) => [path, body && JSON.parse(body)]), [
    ["/auth/login", { email: "alice@site.example", password: "p", code: 5 }],
    ["/backend/renew/", { refresh: "r" }],
    ["/backend/data/", ""],
    ["/data/", ""],
    ["/backend/leave/", { refresh: "r" }],
  ]);
  assert.equal(other.requests[2].headers["x-access-token"], "b");
  assert.equal(other.requests[2].headers.authorization, undefined);
});

test("the entry brings no WebAssembly along", async () => {
  const seen = new Set();
  const follow = async (url) => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = await readFile(url, "utf8");
    assert.ok(!source.includes("WebAssembly"), url.pathname);
    for (const [, specifier] of source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      assert.match(specifier, /^\.\.?\//, `${url.pathname} imports ${specifier}`);
      await follow(new URL(specifier, url));
    }
  };
  await follow(new URL("../dist/client/index.js", import.meta.url));
  const outside = [...seen].map((href) => href.split("/dist/")[1]).filter((path) => !path.startsWith("client/"));
  assert.deepEqual(outside.sort(), ["errors.js"]);
});
