// The client against the real packages on real Django: djangorestframework-simplejwt with rotation, and drf-jwt.
//
// JETON_DJANGO_PYTHON names a Python that has them; "make test-js" installs one.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startDjango } from "./client-servers.mjs";
import { clientOf, expiredSession, failsWith, happens, openStorage } from "./client-fixture.mjs";

const python = process.env.JETON_DJANGO_PYTHON;
const skip = python ? false : "JETON_DJANGO_PYTHON names no Python with the packages: run make test-js";
const rotation = { ROTATE_REFRESH_TOKENS: true, BLACKLIST_AFTER_ROTATION: true };

let simplejwt, drfJwt;
before(async () => {
  if (skip) return;
  [simplejwt, drfJwt] = await Promise.all([
    startDjango(python, "simplejwt", rotation),
    startDjango(python, "drf-jwt", { JWT_ALLOW_REFRESH: true, JWT_AUTH_HEADER_PREFIX: "JWT" }),
  ]);
});
after(() => Promise.all([simplejwt?.remove(), drfJwt?.remove()]));
beforeEach(() => {
  for (const site of [simplejwt, drfJwt]) {
    site?.answer(undefined);
    site?.forget();
  }
});

test("simplejwt: the whole way, with a new refresh token each time", { skip }, async (t) => {
  const storage = openStorage();
  const client = clientOf(t, simplejwt, { storage, paths: { logout: "api/token/blacklist/" } });
  await client.login(simplejwt.user);
  const tokens = [storage.session.refresh];
  for (let count = 0; count < 3; count++) {
    await client.refresh();
    tokens.push(storage.session.refresh);
  }
  assert.equal(new Set(tokens).size, 4);
  assert.equal((await (await client.fetch("/api/me/")).json()).username, "alice");
  assert.equal(await client.verify(), true);
  const last = storage.session;
  assert.deepEqual(await client.logout(), { revoked: true });
  storage.items.set("session", JSON.stringify({ ...last, id: "stolen" }));
  const error = await failsWith(clientOf(t, simplejwt, { storage }).refresh(), "refresh_refused");
  assert.equal(error.detail, "Token is blacklisted");
});

test("simplejwt: 50 calls with an expired token spend the refresh token once", { skip }, async (t) => {
  for (const known of [true, false]) {
    const client = clientOf(t, simplejwt, { storage: await expiredSession(t, simplejwt, { known }) });
    const responses = await Promise.all(Array.from({ length: 50 }, () => client.fetch("/api/me/", { method: "POST", body: '{"a":1}', headers: { "Content-Type": "application/json" } })));
    for (const response of responses) assert.deepEqual(await response.json(), { username: "alice", sent: { a: 1 } });
    assert.equal(simplejwt.to("/api/token/refresh/").length, 1);
    await client.refresh();
    assert.deepEqual(client.events, ["refreshed", "refreshed"]);
  }
});

test("simplejwt: without locks, a client whose token another has just spent takes over the new one", { skip }, async (t) => {
  const { BroadcastChannel } = globalThis;
  delete globalThis.BroadcastChannel;
  t.after(() => (globalThis.BroadcastChannel = BroadcastChannel));
  const storage = await expiredSession(t, simplejwt, { storage: openStorage({ shared: true }) });
  const [one, two] = [clientOf(t, simplejwt, { storage }), clientOf(t, simplejwt, { storage })];
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  let first = true;
  simplejwt.answer(({ path }) => (path.endsWith("refresh/") && first ? ((first = false), held) : undefined));
  const late = one.fetch("/api/me/"); // its refresh is held up at the proxy
  assert.equal((await two.fetch("/api/me/")).status, 200);
  letGo(undefined);
  assert.equal((await late).status, 200);
  assert.deepEqual(simplejwt.to("/api/token/refresh/").map(({ status }) => status).sort(), [200, 401]);
  assert.deepEqual([one.events, two.events], [["refreshed elsewhere"], ["refreshed"]]);
});

test("simplejwt: tokens that a refresh brings after the logout are handed in", { skip }, async (t) => {
  const storage = await expiredSession(t, simplejwt);
  const client = clientOf(t, simplejwt, { storage, paths: { logout: "api/token/blacklist/" } });
  let arrive, letGo;
  const arrived = new Promise((resolve) => (arrive = resolve));
  const held = new Promise((resolve) => (letGo = resolve));
  simplejwt.answer(({ path }) => (path.endsWith("refresh/") ? (arrive(), held) : undefined));
  const waiting = failsWith(client.fetch("/api/me/"), "not_signed_in");
  await arrived;
  simplejwt.answer(({ path }) => (path.endsWith("blacklist/") ? { status: 503 } : undefined)); // the logout's own request does not get through
  const { revoked, error } = await client.logout();
  assert.deepEqual([revoked, error.code], [false, "server_failed"]);
  simplejwt.answer(undefined);
  letGo(undefined);
  await waiting;
  const [, second] = simplejwt.to("/api/token/blacklist/");
  assert.equal(second.status, 200);
  assert.equal(storage.session, undefined);
});

test("drf-jwt: the whole way, with one token and status 201", { skip }, async (t) => {
  const storage = openStorage();
  const client = clientOf(t, drfJwt, { dialect: "drf-jwt", storage, paths: { logout: "api-token-blacklist/" } });
  const { claims } = await client.login(drfJwt.user);
  assert.equal(claims.username, "alice");
  assert.equal((await client.fetch("/api/me/")).status, 200);
  assert.match(drfJwt.to("/api/me/")[0].headers.authorization, /^JWT [\w-]+\./);
  const first = storage.session.access;
  await client.refresh();
  assert.notEqual(storage.session.access, first);
  assert.equal(await client.verify(), true);
  assert.deepEqual(drfJwt.requests.map(({ status }) => status), [201, 200, 201, 201]);
  const last = storage.session;
  assert.deepEqual(await client.logout(), { revoked: true });
  storage.items.set("session", JSON.stringify({ ...last, id: "stolen", version: last.version + 1 }));
  const stolen = clientOf(t, drfJwt, { dialect: "drf-jwt", storage });
  assert.equal(await stolen.verify(), false);
  assert.equal((await stolen.fetch("/api/me/")).status, 403);
  const told = happens(stolen, "signedOut");
  await failsWith(stolen.refresh(), "refresh_refused");
  assert.equal((await told).detail, "Token is blacklisted.");
});

test("drf-jwt: wrong credentials and an expired token are refused with 400", { skip }, async (t) => {
  const client = clientOf(t, drfJwt, { dialect: "drf-jwt" });
  const refused = await failsWith(client.login({ username: "alice", password: "not-her-password" }), "login_refused", ["not-her-password"]);
  assert.deepEqual([refused.status, { ...refused.fields }], [400, { non_field_errors: ["Unable to log in with provided credentials."] }]);
  const storage = await expiredSession(t, drfJwt, { dialect: "drf-jwt" });
  storage.change({ refresh: storage.session.access });
  const late = clientOf(t, drfJwt, { dialect: "drf-jwt", storage, autoRefresh: false });
  const error = await failsWith(late.fetch("/api/me/"), "session_expired");
  assert.deepEqual([error.status, late.events], [400, ["signedOut session_expired"]]);
});

test("drf-jwt: the token is renewed in time without any call", { skip, timeout: 60_000 }, async (t) => {
  const brief = await startDjango(python, "drf-jwt", { JWT_ALLOW_REFRESH: true, JWT_EXPIRATION_DELTA: 4 });
  t.after(() => brief.remove());
  const client = clientOf(t, brief, { dialect: "drf-jwt", headerPrefix: "Bearer" });
  const { expiresAt } = await client.login(brief.user);
  const keepAlive = setInterval(() => {}, 1000); // the client's own timer keeps no process alive
  for (let count = 0; count < 2; count++) await happens(client, "refreshed");
  clearInterval(keepAlive);
  assert.ok(client.state.expiresAt > expiresAt);
  assert.deepEqual(brief.requests.map(({ path }) => path), ["/api-token-auth/", "/api-token-refresh/", "/api-token-refresh/"]);
});
