// The client in Node, against the real jeton behind a recorder.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import { encode, importKey } from "../dist/full.js";
import { startJeton } from "./client-servers.mjs";
import { clientOf, expiredSession, failsWith, happens, openStorage } from "./client-fixture.mjs";

let server;
before(async () => (server = await startJeton()));
after(() => server?.remove());
beforeEach(() => {
  server.answer(undefined);
  server.forget();
});

const refreshes = () => server.to("/api/token/refresh/");
const calls = () => server.to("/api/me/");
const manyCalls = (client, count) => Promise.all(Array.from({ length: count }, () => client.fetch("/api/me/")));

test("signs in, calls, refreshes, verifies and signs out", async (t) => {
  const client = clientOf(t, server);
  assert.deepEqual({ ...client.state }, { signedIn: false, claims: undefined, expiresAt: undefined });
  const state = await client.login(server.user);
  assert.equal(client.state, state);
  assert.equal(state.claims.user_id, "1");
  assert.equal(Object.getPrototypeOf(state.claims), null);
  const { username } = await (await client.fetch("api/me/")).json();
  assert.equal(username, "alice");
  assert.match(calls()[0].headers.authorization, /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  await client.refresh();
  assert.equal(await client.verify(), true);
  assert.deepEqual(await client.logout(), { revoked: false });
  assert.equal(client.state.signedIn, false);
  assert.equal((await client.fetch("api/me/")).status, 401);
  assert.equal(calls()[1].headers.authorization, undefined);
  await failsWith(client.refresh(), "not_signed_in");
  await failsWith(client.verify(), "not_signed_in");
  assert.deepEqual(client.events, ["signedIn", "refreshed", "signedOut logged_out"]);
});

test("refused credentials come with the server's words, and never with the password", async (t) => {
  const client = clientOf(t, server);
  const { username } = server.user;
  const wrong = "a-wrong-password-of-somebody";
  const refused = await failsWith(client.login({ username, password: wrong }), "login_refused", [wrong]);
  assert.deepEqual([refused.status, refused.detail], [401, "No active account found with the given credentials"]);
  const blank = await failsWith(client.login({ username: "", password: "" }), "login_refused");
  assert.deepEqual({ ...blank.fields }, { username: ["This field may not be blank."], password: ["This field may not be blank."] });
  server.answer(() => ({ status: 400, body: { password: [`"${wrong}" is too common.`, "Choose another one."], __proto__: null, ["__proto__"]: ["odd"] } }));
  const echoed = await failsWith(client.login({ username, password: wrong }), "login_refused", [wrong]);
  assert.deepEqual(echoed.fields.password, ["Choose another one."]);
  assert.equal(Object.getPrototypeOf(echoed.fields), null);
  assert.deepEqual(client.events, []);
});

test("50 calls with a token known to have expired make one refresh and no 401", async (t) => {
  const client = clientOf(t, server, { storage: await expiredSession(t, server) });
  assert.equal(client.state.signedIn, true);
  const responses = await manyCalls(client, 50);
  assert.deepEqual(responses.map(({ status }) => status), Array(50).fill(200));
  assert.equal(refreshes().length, 1);
  assert.deepEqual(calls().map(({ status }) => status), Array(50).fill(200));
  assert.deepEqual(client.events, ["refreshed"]);
});

test("50 calls with a token that only the server knows to have expired make one refresh, and each is sent once more", async (t) => {
  const client = clientOf(t, server, { storage: await expiredSession(t, server, { known: false }) });
  const responses = await manyCalls(client, 50);
  assert.deepEqual(responses.map(({ status }) => status), Array(50).fill(200));
  assert.equal(refreshes().length, 1);
  const statuses = calls().map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 50);
  assert.ok(statuses.filter((status) => status === 401).length <= 50);
});

test("a call is sent once more after a 401, and never again", async (t) => {
  const client = clientOf(t, server);
  await client.login(server.user);
  server.answer(({ path }) => (path === "/api/me/" ? { status: 401, body: { detail: "always" } } : undefined));
  const response = await client.fetch("/api/me/");
  assert.deepEqual([response.status, await response.json()], [401, { detail: "always" }]);
  assert.deepEqual([calls().length, refreshes().length], [2, 1]);
  assert.equal(client.state.signedIn, true);
});

test("a refused refresh signs out: the key was changed at the server", async (t) => {
  const client = clientOf(t, server);
  await client.login(server.user);
  const tokens = [client.state.claims.jti];
  await server.changeKey();
  const told = happens(client, "signedOut");
  const error = await failsWith(client.fetch("/api/me/"), "refresh_refused", tokens);
  assert.deepEqual([error.status, error.detail], [401, "Token is invalid"]);
  const { code, reason, detail, elsewhere } = await told;
  assert.deepEqual([code, reason, detail, elsewhere], ["refresh_refused", "the server ended the session", "Token is invalid", false]);
  assert.deepEqual([calls().length, refreshes().length, client.state.signedIn], [1, 1, false]);
});

test("a refresh token that has expired is told from one that was refused", async (t) => {
  const storage = await expiredSession(t, server);
  const now = Math.floor(Date.now() / 1000);
  const claims = { token_type: "refresh", jti: "0".repeat(32), user_id: "1", iat: now - 90_000, exp: now - 60 };
  storage.change({ refresh: await encode(claims, await importKey(server.secret, "HS256")) });
  const client = clientOf(t, server, { storage });
  await failsWith(client.fetch("/api/me/"), "session_expired");
  assert.deepEqual([client.events, calls().length, storage.session], [["signedOut session_expired"], 0, undefined]);
});

test("a server that is down or fails ends no session", async (t) => {
  const storage = await expiredSession(t, server);
  const client = clientOf(t, server, { storage });
  server.answer(({ path }) => (path.endsWith("refresh/") ? { status: 503, body: { detail: "no database" } } : undefined));
  const failed = await failsWith(client.fetch("/api/me/"), "server_failed");
  assert.deepEqual([failed.status, failed.detail, calls().length], [503, "no database", 0]);
  await server.stop();
  server.answer(undefined);
  await failsWith(client.fetch("/api/me/"), "network_failed");
  await failsWith(client.refresh(), "network_failed");
  await failsWith(client.verify(), "network_failed");
  await server.startAgain();
  assert.equal((await client.fetch("/api/me/")).status, 200);
  assert.deepEqual(client.events, ["refreshed"]);
});

test("while a token is still good, a refresh that fails does not stop calls and is not tried at each", async (t) => {
  const storage = openStorage();
  await clientOf(t, server, { storage }).login(server.user);
  storage.change({ refreshAt: Date.now() - 1000, expiresAt: Date.now() + 200_000 });
  const client = clientOf(t, server, { storage });
  server.answer(({ path }) => (path.endsWith("refresh/") ? { status: 0 } : undefined));
  assert.equal((await client.fetch("/api/me/")).status, 200);
  assert.equal((await client.fetch("/api/me/")).status, 200);
  assert.equal(refreshes().length, 1);
});

test("bodies are sent again whole, but for a stream, which cannot be", async (t) => {
  const sentTwice = [
    ["text", { body: "text" }],
    ["text", { body: new TextEncoder().encode("text") }],
    ["text", { body: new Blob(["text"]) }],
    ["a=b", { body: new URLSearchParams({ a: "b" }) }],
    ["text", new Request(new URL("/api/me/", server.url), { method: "POST", body: "text" })],
  ];
  for (const [body, init] of sentTwice) {
    const client = clientOf(t, server, { storage: await expiredSession(t, server, { known: false }) });
    const response = await (init instanceof Request ? client.fetch(init) : client.fetch("/api/me/", { method: "POST", ...init }));
    assert.equal(response.status, 405); // the token is good: the server goes on to say that it takes no POST
    assert.deepEqual(calls().map((call) => [call.status, call.body]), [[401, body], [405, body]]);
  }
  for (const body of [new Blob(["text"]).stream(), (async function* () { yield new TextEncoder().encode("text"); })()]) {
    const client = clientOf(t, server, { storage: await expiredSession(t, server, { known: false }) });
    const error = await failsWith(client.fetch("/api/me/", { method: "POST", body, duplex: "half" }), "retry_impossible");
    assert.match(error.message, /stream/);
    assert.deepEqual([calls().length, refreshes().length, client.events], [1, 1, ["refreshed"]]);
    assert.equal((await client.fetch("/api/me/")).status, 200);
  }
});

test("the caller's headers and abort signal are kept", async (t) => {
  const client = clientOf(t, server);
  await client.login(server.user);
  await client.fetch("/api/me/", { headers: { "X-Own": "1" } });
  await client.fetch(new Request(new URL("/api/me/", server.url), { headers: { "X-Own": "2" } }));
  assert.deepEqual(calls().map(({ headers }) => [headers["x-own"], headers.authorization?.slice(0, 7)]), [["1", "Bearer "], ["2", "Bearer "]]);
  await assert.rejects(client.fetch("/api/me/", { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  server.answer(({ path }) => (path.endsWith("refresh/") ? held : undefined));
  const abort = new AbortController();
  const waiting = clientOf(t, server, { storage: await expiredSession(t, server) }).fetch("/api/me/", { signal: abort.signal });
  abort.abort(new Error("no patience"));
  await assert.rejects(waiting, /no patience/);
  letGo(undefined);
});

test("a logout during a refresh stays a logout, and a late login yields to a later one", async (t) => {
  let letGo;
  let held = new Promise((resolve) => (letGo = resolve));
  const storage = await expiredSession(t, server);
  const client = clientOf(t, server, { storage });
  server.answer(({ path }) => (path.endsWith("refresh/") ? held : undefined));
  const waiting = client.fetch("/api/me/");
  await client.logout();
  letGo(undefined);
  await failsWith(waiting, "not_signed_in");
  assert.deepEqual([client.state.signedIn, storage.session, calls().length, client.events], [false, undefined, 0, ["signedOut logged_out"]]);

  held = new Promise((resolve) => (letGo = resolve));
  let first = true;
  server.answer(() => (first ? ((first = false), held) : undefined));
  const early = client.login(server.user);
  const late = client.login(server.user);
  await late;
  letGo(undefined);
  await failsWith(early, "login_superseded");
  assert.equal(client.state.signedIn, true);
});

test("a call of one user is not repeated in the name of the next", async (t) => {
  const client = clientOf(t, server);
  await client.login(server.user);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  server.answer(({ path }) => (path === "/api/me/" ? held : undefined));
  const call = client.fetch("/api/me/", { method: "DELETE" });
  await client.login(server.user);
  letGo({ status: 401 });
  assert.equal((await call).status, 401);
  assert.equal(calls().length, 1);
});

test("a listener that throws stops nobody", async (t) => {
  const client = clientOf(t, server);
  const thrown = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.once("uncaughtException", (error) => thrown.push(error.message));
  t.after(() => listeners.forEach((listener) => process.on("uncaughtException", listener)));
  let heard = 0;
  const stop = client.on("signedIn", () => {
    throw new Error("mine");
  });
  client.on("signedIn", () => heard++);
  await client.login(server.user);
  stop();
  await client.login(server.user);
  assert.deepEqual([heard, thrown], [2, ["mine"]]);
});

test("nothing of the client shows a token", async (t) => {
  const storage = openStorage();
  const client = clientOf(t, server, { storage });
  await client.login(server.user);
  const shown = inspect(client, { depth: null, showHidden: true }) + JSON.stringify(client);
  for (const secret of [storage.session.access, storage.session.refresh, server.user.password]) assert.ok(!shown.includes(secret));
});
