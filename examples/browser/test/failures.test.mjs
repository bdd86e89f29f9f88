// What can go wrong, and that the page says so in words.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { encode, importKey } from "../../../js/dist/index.js";
import { launch, open, signIn, tokenIn } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";

const fast = { PASSWORD_ITERATIONS: 1000 };
const secretKey = () => randomBytes(32).toString("base64url");

let browser, server;
before(async () => ([server, browser] = await Promise.all([startServer({ SECRET_KEY: secretKey(), ...fast }), launch()])));
after(async () => {
  await browser?.close();
  await server?.remove();
});

test("empty fields are refused before anything is sent", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  page.on("request", (request) => assert.fail(`sent ${request.url()}`));
  await page.locator("#sign-in").click();
  assert.equal(await page.locator("#username-error").innerText(), "Type your username.");
  assert.equal(await page.locator("#password-error").innerText(), "Type your password.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "username");
  await page.keyboard.type("d");
  assert.equal(await page.locator("#username-error").textContent(), "");
  await keptTheRules();
});

test("a stopped server is told from a wrong password, and works again when it is back", async () => {
  const stopping = await startServer({ SECRET_KEY: secretKey(), ...fast });
  const { page, keptTheRules } = await open(browser, stopping.url);
  try {
    await signIn(page, stopping.demo);
    const before = await tokenIn(page, "access");
    await stopping.stop();
    await page.locator("#refresh").click();
    await page.locator("#session-message", { hasText: "The server does not answer" }).waitFor();
    await page.locator("#me").click();
    await page.locator("#me-message", { hasText: "The server does not answer" }).waitFor();
    await page.locator("#check").click();
    await page.locator("#verdict", { hasText: "The server does not answer" }).waitFor();
    await page.locator("#sign-out").click();
    await page.getByLabel("Username").fill(stopping.demo.username);
    await page.getByLabel("Password", { exact: true }).fill(stopping.demo.password);
    await page.locator("#sign-in").click();
    await page.locator("#sign-in-message", { hasText: "The server does not answer" }).waitFor();
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), stopping.demo.password, "it need not be typed again");
    await stopping.startAgain();
    await page.locator("#sign-in").click();
    await page.getByRole("heading", { name: "Signed in as" }).waitFor();
    assert.notEqual(await tokenIn(page, "access"), before);
    await keptTheRules({ complained: ["net::ERR_"] });
  } finally {
    await stopping.remove();
  }
});

test("no network is told from no server", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  await signIn(page, server.demo);
  await page.context().setOffline(true);
  await page.locator("#refresh").click();
  await page.locator("#session-message", { hasText: "You are offline" }).waitFor();
  await page.context().setOffline(false);
  await page.locator("#refresh").click();
  await page.getByText("You have a new access token").waitFor();
  await keptTheRules({ complained: ["net::ERR_INTERNET_DISCONNECTED"] });
});

test("the page says by itself when a token expires, and what to do", async () => {
  const settings = { SECRET_KEY: secretKey(), ...fast, SIMPLE_JWT: { ACCESS_TOKEN_LIFETIME: 5, REFRESH_TOKEN_LIFETIME: 20 } };
  const brief = await startServer(settings);
  const { page, keptTheRules } = await open(browser, brief.url);
  try {
    await signIn(page, brief.demo);
    await page.locator("#session-message", { hasText: /The access token expired at .*Press Refresh/u }).waitFor();
    await page.locator("#access-card .chip", { hasText: "Expired" }).waitFor();
    await page.locator("#check").click();
    await page.locator("#verdict", { hasText: /The server refuses this token.*By its own times: expired/su }).waitFor();
    await page.getByLabel("This page").check();
    await page.locator("#key").fill(brief.secret);
    await page.locator("#check").click();
    await page.locator("#verdict", { hasText: /The token has expired.*token_expired/su }).waitFor();
    const expired = await tokenIn(page, "access");
    await page.locator("#me").click();
    await page.waitForFunction((expired) => document.querySelector("#access-card .encoded").innerText !== expired, expired);
    await page.locator("#me-message", { hasText: "The server knows you" }).waitFor();
    await page.locator("#session-message", { hasText: /Your session ended at .*sign in again/u }).waitFor({ timeout: 40_000 });
    await page.locator("#refresh").click();
    await page.locator("#sign-in-message", { hasText: "The refresh token is no longer accepted" }).waitFor();
    assert.ok(await page.locator("#session").isHidden(), "a session that cannot be renewed is over");
    assert.equal(await page.locator("#key").inputValue(), "");
    await keptTheRules({ refused: ["401 /api/token/verify/", "401 /api/token/refresh/"] });
  } finally {
    await brief.remove();
  }
});

test("what is wrong with a token or key is said by the code's own words", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  await signIn(page, server.demo);
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { d, ...known } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  const jwk = { kty: known.kty, crv: known.crv, x: known.x, y: known.y, alg: "ES256", kid: "1" };
  const es256 = await importKey({ ...jwk, d });
  const hs256 = await importKey(server.secret, "HS256");
  const good = await encode({ sub: "alice" }, es256, { expiresIn: "5m" });
  const spoilt = good.replace(/.$/u, (last) => (last === "A" ? "Q" : "A")); // both are canonical at the end of 64 bytes
  const base64url = (text) => Buffer.from(text).toString("base64url");
  const [header, payload, signature] = (await tokenIn(page, "access")).split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const promoted = [header, base64url(JSON.stringify({ ...claims, user_id: "2" })), signature].join("."); // the server's own, with another user
  const now = Math.floor(Date.now() / 1000);

  await page.getByLabel("This page").check();
  const rows = [
    [good, JSON.stringify(jwk), "The signature is good"],
    [` ${good}\n`, JSON.stringify({ keys: [jwk] }), "The signature is good"],
    [good, JSON.stringify({ ...jwk, alg: undefined }), "The signature is good"], // the curve leaves no choice
    [spoilt, JSON.stringify(jwk), "The signature is wrong", "signature_invalid"],
    [promoted, server.secret, "The signature is wrong", "signature_invalid"],
    [good, JSON.stringify({ keys: [{ ...jwk, kid: "2" }] }), "No key fits this token", "key_not_found"],
    [good, JSON.stringify({ keys: [] }), "The JWK Set cannot be used", "key_set_malformed"],
    [good, JSON.stringify({ a: 1 }), "The key cannot be read", "key_malformed"],
    [good, "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----", /That is a PEM.*Convert the public key/su, "key_malformed"],
    [good, "too short", "The key is too short", "key_too_weak"],
    [good, server.secret, "The key is for another algorithm", "algorithm_mismatch"],
    ["hello", server.secret, "This is not a token", "token_malformed"],
    ["a".repeat(9000), server.secret, "The token is too large", "token_too_large"],
    [`${base64url('{"alg":"none"}')}.${base64url("{}")}.`, server.secret, "The algorithm is not supported", "algorithm_unsupported"],
    [await encode({ sub: "alice" }, hs256), server.secret, "A claim is missing (exp)", "claim_missing"],
    [await encode({ exp: now + 60, nbf: now + 50 }, hs256), server.secret, "The token is not valid yet", "token_not_yet_valid"],
    [await encode({ exp: now + 60 }, hs256), `${server.secret}\n`, /The signature is wrong.*ends with white space/su, "signature_invalid"],
    [await encode({ exp: 1, iat: now + 3600 }, hs256), server.secret, /The token has expired.*The token comes from the future/su, "token_expired"],
  ];
  for (const [token, key, words, code] of rows) {
    await page.locator("#pasted").fill(token);
    await page.locator("#key").fill(key);
    await page.locator("#verdict").evaluate((verdict) => verdict.replaceChildren());
    await page.locator("#check").click();
    await page.locator("#verdict", { hasText: words }).waitFor();
    if (code) assert.equal(await page.locator("#verdict .verdict-by code").innerText(), code);
    assert.equal(await page.locator("#verdict").getAttribute("role"), code ? "alert" : "status");
  }
  await keptTheRules();
});

test("a forged token is shown as text, whatever it says", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  const claims = '{"<img src=x onerror=alert(1)>":"<script>alert(1)</script>","__proto__":{"admin":true},"exp":1e300}';
  const forged = `${Buffer.from('{"alg":"HS256"}').toString("base64url")}.${Buffer.from(claims).toString("base64url")}.AAAA`;
  await page.route("**/api/token/", (route) => route.fulfill({ json: { access: forged, refresh: "not-a-token" } }));
  await page.route("**/api/me/", (route) => route.fulfill({ json: { username: "<b>demo</b>" } }));
  await signIn(page, server.demo);
  const card = page.locator("#access-card");
  await card.getByText("<img src=x onerror=alert(1)>").waitFor();
  assert.match(await card.innerText(), /__proto__/u);
  assert.equal(await card.locator("img, script").count(), 0);
  await card.getByText("Unclear").waitFor();
  await page.locator("#refresh-card", { hasText: "This is not a token" }).waitFor();
  await page.getByRole("heading", { name: "Signed in as <b>demo</b>" }).waitFor();
  await keptTheRules();
});

test("every kind of refusal has its words", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  let answer;
  await page.route("**/api/token/", (route) => route.fulfill(answer)); // the real server cannot be brought to all of these
  const rows = [
    [{ status: 400, json: { username: ["Null characters are not allowed."] } }, /did not understand.*Null characters/su],
    [{ status: 404, body: "not found" }, "There is no such service here"],
    [{ status: 413, json: { detail: "too large" } }, "That is too much text"],
    [{ status: 429, json: { detail: "throttled" } }, "Too many attempts"],
    [{ status: 500, body: "<h1>oops</h1>" }, "The server failed"],
    [{ status: 503, json: { detail: "unavailable" } }, "The server cannot reach its database"],
    [{ status: 200, body: "<!doctype html>" }, "That was no answer of a token server"],
    [{ status: 200, json: { access: "a.b.c" } }, "That was no answer of a token server"],
    [{ status: 200, json: ["a"] }, "That was no answer of a token server"],
    [{ status: 302, headers: { location: "/elsewhere" } }, "The server sends the page elsewhere"],
  ];
  await page.getByLabel("Username").fill("alice");
  await page.getByLabel("Password", { exact: true }).fill("whatever");
  const refused = rows.filter(([{ status }]) => status >= 400).map(([{ status }]) => `${status} /api/token/`);
  for ([answer] of rows) {
    const words = rows.find(([row]) => row === answer)[1];
    await page.locator("#sign-in").click();
    await page.locator("#sign-in-message", { hasText: words }).waitFor();
  }
  await keptTheRules({ refused });
});

test("a slow server is waited for, visibly", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route("**/api/token/", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel("Username").fill(server.demo.username);
  await page.getByLabel("Password", { exact: true }).fill(server.demo.password);
  const button = page.locator("#sign-in");
  const { width, height } = await button.boundingBox();
  await button.click();
  await page.getByRole("button", { name: "Signing in" }).waitFor();
  const busy = await button.boundingBox();
  assert.deepEqual([busy.width, busy.height], [width, height]);
  assert.deepEqual([await button.getAttribute("aria-busy"), await button.getAttribute("aria-disabled")], ["true", "true"]);
  await page.locator("#sign-in-message", { hasText: "Still waiting for the server" }).waitFor();
  letGo();
  await page.getByRole("heading", { name: "Signed in as" }).waitFor();
  assert.equal(await button.getAttribute("aria-busy"), null);
  await keptTheRules();
});

test("without its module the page still signs in, checks by the server, and says what is missing", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(server.url);
  await page.getByText("Checker not loaded").waitFor();
  await signIn(page, server.demo);
  await page.locator("#access-card", { hasText: "The checker could not be loaded" }).waitFor();
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "The server accepts this token" }).waitFor();
  await page.unroute("**/*.wasm");
  await page.getByLabel("This page").check();
  await page.locator("#key").fill(server.secret);
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "The signature is good" }).waitFor();
  await context.close();
});
