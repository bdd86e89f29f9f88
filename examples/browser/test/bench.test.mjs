// The bench: any token taken apart and checked, signed in or not. What the page says of a token is what the package says of it.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { importKey, verify } from "../../../js/dist/index.js";
import { launch, open, signIn, tabTo, tokenIn } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import { base64url, inSeconds, secret, signed, signedWithPair, sound } from "./support/tokens.mjs";

let server, browser;
before(async () => {
  const settings = { SECRET_KEY: randomBytes(32).toString("base64url"), PASSWORD_ITERATIONS: 1000 };
  [server, browser] = await Promise.all([startServer(settings), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

/** Returns what the page says of a part: tone, title and code of each finding. */
const findings = (page, part) =>
  page.locator(`#${part}-findings > li`).evaluateAll((items) =>
    items.map((item) => ({ tone: item.dataset.tone, title: item.querySelector(".finding-title").textContent, code: item.querySelector("code")?.textContent })),
  );
const codes = async (page, part) => (await findings(page, part)).filter(({ tone }) => tone === "bad").map(({ code }) => code);

/** Pastes a token, and waits until the page shows that one and no other. */
async function paste(page, token) {
  await page.locator("#pasted").fill("");
  await page.locator("#parts").waitFor({ state: "hidden" });
  await page.locator("#pasted").fill(token);
  await page.locator("#parts").waitFor();
}

test("a token is taken apart while it is pasted, by keyboard, and nothing is sent", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  page.on("request", (request) => assert.fail(`sent ${request.url()}`));
  const token = sound();
  await tabTo(page, "#pasted");
  await page.keyboard.insertText(`Authorization: Bearer ${token}\n`);
  const card = page.locator("#inspector");
  await card.locator(".chip", { hasText: "In date" }).waitFor();
  const encoded = await page.locator("#parts-encoded > span").allTextContents();
  assert.equal(encoded.join(""), token);
  for (const [name, text] of Object.entries({ header: 0, payload: 1, signature: 2 })) {
    assert.equal(await page.locator(`#parts-encoded .${name}`).textContent(), token.split(".")[text]);
  }
  const said = await card.innerText();
  for (const words of ["https://issuer.example", "Issuer", '["api","web"]', "Audience", "read write", "Your application’s own", "Expires"]) {
    assert.ok(said.includes(words), `it says ${words}`);
  }
  assert.match(said, /in (5|4)\smin/u);
  const digits = (await page.locator("#signature-raw").innerText()).replaceAll(" ", "");
  assert.equal(digits, Buffer.from(token.split(".")[2], "base64url").toString("hex"));
  const first = await page.locator("#inspector .token-left").innerText();
  await page.waitForFunction((first) => document.querySelector("#inspector .token-left").textContent !== first, first);
  assert.equal(await page.evaluate(() => document.activeElement.id), "pasted");
  await tabTo(page, "#clear");
  await page.keyboard.press("Enter");
  await page.locator("#parts").waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "pasted", "the focus is where the next token goes");
  await keptTheRules();
});

test("each fault is told at the part that is wrong, and hides nothing in the others", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  page.on("request", (request) => assert.fail(`sent ${request.url()}`));
  const [header, payload, signature] = sound().split(".");
  const duplicate = base64url('{"alg":"HS256","alg":"none"}');
  const nested = base64url(`{"exp":${"[".repeat(40)}${"]".repeat(40)}}`);
  const none = { whole: [], header: [], payload: [], signature: [] };
  const rows = [
    ["hello", { whole: ["token_malformed"], header: ["encoding_invalid"], payload: ["token_malformed"], signature: ["token_malformed"] }, /no dot.*cut, or something was added/su],
    [`${header}.${payload}`, { whole: ["token_malformed"], signature: ["token_malformed"] }, "Its last part is missing"],
    [`${header}.${payload}.${signature}.x`, { whole: ["token_malformed"] }, "It has 4 parts"],
    [`${base64url('{"alg":"RSA-OAEP","enc":"A256GCM"}')}.a.b.c.d`, { whole: ["token_malformed"], header: ["algorithm_unsupported"] }, "encrypted token (JWE)"],
    [`.${payload}.${signature}`, { header: ["token_malformed"] }, "This part is missing"],
    [`${header}..${signature}`, { payload: ["token_malformed"] }, "This part is missing"],
    [`${header}=.${payload}.${signature}`, { header: ["encoding_invalid"] }, "without padding"],
    [`${header}.${payload}.+${signature.slice(1)}`, { signature: ["encoding_invalid"] }, "plain base64"],
    [`${header}.${payload.slice(0, 8)} ${payload.slice(8)}.${signature}`, { payload: ["encoding_invalid"] }, "white space or a line break"],
    [`${header}.${payload}.${signature.slice(1)}é`, { signature: ["encoding_invalid"] }, "does not belong to base64url"],
    [`${header}.${payload}.${signature.slice(0, -2)}`, { signature: ["encoding_invalid"] }, "A character is missing"],
    [`${header}.${payload}.${signature.slice(0, -1)}B`, { signature: ["encoding_invalid"] }, "bits that stand for nothing"],
    [`${header}.${payload}.${signature.slice(0, -3)}`, { signature: ["signature_invalid"] }, /HS256 makes 32 bytes, and these are 30/u],
    [`${header}.${payload}.`, { signature: ["signature_invalid"] }, "Nothing is signed"],
    [`${base64url("[1]")}.${payload}.${signature}`, { header: ["header_malformed"] }, /cannot be read: not a JSON object.*\[1\]/su],
    [`${header}.${base64url('{"exp":1')}.${signature}`, { payload: ["payload_malformed"] }, /not valid JSON.*\{"exp":1/su],
    [`${duplicate}.${payload}.${signature}`, { header: ["header_malformed"] }, /a member name occurs twice.*"alg":"none"/su],
    [`${header}.${base64url('{"exp":1,"exp":2}')}.${signature}`, { payload: ["payload_malformed"] }, "a member name occurs twice"],
    [`${header}.${nested}.${signature}`, { payload: ["limit_exceeded"] }, "too deep"],
    [`${base64url('{"typ":"JWT"}')}.${payload}.${signature}`, { header: ["header_malformed"] }, "(alg): missing or not a string"],
    [`${base64url('{"alg":"none"}')}.${payload}.`, { header: ["algorithm_unsupported"], signature: ["signature_invalid"] }, "“none” and rare algorithms"],
    [`${base64url('{"alg":"HS256","crit":["exp"]}')}.${payload}.${signature}`, { header: ["critical_unsupported"] }, "unknown extension (crit)"],
    [`${header}.${base64url(JSON.stringify({ exp: inSeconds(60), text: "a".repeat(9000) }))}.${signature}`, { whole: ["token_too_large"] }, "8 KiB"],
    [`${header}.${"A".repeat(3 << 20)}.${signature}`, { whole: ["length_invalid"] }, "mebibyte"],
    [`${header}.${payload}.${signature}`, {}, "The header is sound"],
  ];
  for (const [token, expected, words] of rows) {
    await paste(page, token);
    const found = {};
    for (const part of Object.keys(none)) found[part] = await codes(page, part);
    assert.deepEqual(found, { ...none, ...expected }, token.slice(0, 60));
    assert.match(await page.locator("#inspector").innerText(), words instanceof RegExp ? words : new RegExp(words.replace(/[()+{}[\]]/gu, "\\$&"), "u"));
  }
  await keptTheRules();
});

test("what is said of the claims is what the package says of them", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  const key = await importKey(secret, "HS256");
  const payloads = [
    {},
    { exp: inSeconds(300) },
    { exp: inSeconds(-90) },
    { exp: "tomorrow" },
    { exp: 1e300 },
    { exp: inSeconds(300), nbf: inSeconds(200), iat: inSeconds(100) },
    { exp: inSeconds(-90), iat: inSeconds(3600), iss: 5, sub: {}, aud: [1], jti: false, nbf: "now" },
    { exp: inSeconds(300), aud: [] },
    '{"exp":1,"__proto__":{"iss":5}}',
  ];
  let faults = 0;
  for (const payload of payloads) {
    const token = signed(payload);
    const failures = await verify(token, key).then(() => [], (error) => error.failures);
    await paste(page, token);
    const found = await findings(page, "payload");
    assert.deepEqual((await codes(page, "payload")).sort(), failures.map(({ code }) => code).sort(), JSON.stringify(payload));
    for (const { claim } of failures) assert.ok(found.some(({ title }) => title.includes(`(${claim})`)), `${claim} is named`);
    const marked = await page.locator('#payload-members tr[data-tone="bad"] .member-name').allTextContents();
    assert.deepEqual(marked.sort(), failures.filter(({ code }) => code !== "claim_missing").map(({ claim }) => claim).sort(), "the rows of the faulty claims are marked");
    faults += failures.length;
  }
  assert.ok(faults > 10);
  key.free();
  await keptTheRules();
});

test("screen readers are told once the typing pauses, and only then", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  await page.clock.install();
  await page.reload();
  await page.getByText("Checker ready").waitFor();
  await page.clock.pauseAt(Date.now() + 60_000); // from here time passes only as told
  const region = page.locator("#inspector-said");
  assert.equal(await region.getAttribute("role"), "status");
  await page.evaluate(() => {
    globalThis.told = [];
    new MutationObserver(() => told.push(document.querySelector("#inspector-said").textContent)).observe(document.querySelector("#inspector-said"), { childList: true });
  });
  await page.locator("#pasted").focus();
  await page.keyboard.type(signed({ iss: 5 }));
  await page.locator("#inspector", { hasText: "claim_malformed" }).waitFor();
  await page.clock.runFor(1000);
  assert.deepEqual(await page.evaluate(() => globalThis.told), [], "the typing may go on");
  await page.clock.runFor(1000);
  const told = await page.evaluate(() => globalThis.told);
  assert.equal(told.length, 1, "it was told of once");
  assert.match(told[0], /2 faults: A claim is missing \(exp\)\. A claim has the wrong form \(iss\): not a string\./u);
  const live = await page.locator("#inspector [role], #inspector [aria-live]").evaluateAll((elements) => elements.map(({ id }) => id));
  assert.deepEqual(live, ["inspector-said"], "nothing else there speaks");
  await keptTheRules();
});

test("a token that expires while it is looked at is told of", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  await paste(page, signed({ exp: inSeconds(3) }));
  assert.deepEqual(await codes(page, "payload"), []);
  await page.locator("#payload-findings", { hasText: "token_expired" }).waitFor();
  await page.locator("#inspector .chip", { hasText: "Expired" }).waitFor();
  await page.locator("#inspector-said", { hasText: "The token has expired (exp)" }).waitFor({ state: "attached" });
  await keptTheRules();
});

test("without signing in a token is checked in the page, against whatever it is expected to say", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  const pair = await signedWithPair({ iss: "https://issuer.example", aud: "api" });
  const [token, expired] = [sound(), signed({ iss: "a", aud: "b", exp: inSeconds(-20) }, '{"alg":"HS256","typ":"at+jwt"}')];
  assert.ok(await page.locator("#which-field").isHidden(), "there is only one token to check");
  await page.locator("#check").click();
  assert.equal(await page.locator("#pasted-error").innerText(), "Paste a token.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "pasted");
  page.on("request", (request) => assert.fail(`sent ${request.url()}`));
  await page.getByLabel("This page").check();
  await page.getByText("What to expect of the token").click();
  const localTime = (seconds) => new Date((inSeconds(seconds) - new Date().getTimezoneOffset() * 60) * 1000).toISOString().slice(0, 19);
  const rows = [
    [token, secret, {}, "The signature is good", []],
    [pair.token, JSON.stringify(pair.jwk), {}, "The signature is good", []],
    [pair.token, JSON.stringify({ keys: [pair.jwk] }), { issuer: "https://issuer.example", audience: "api", typ: "jwt" }, /The signature is good.*As expected: issuer, audience and typ/su, []],
    [token, secret, { issuer: "https://other.example", audience: "other", typ: "at+jwt" }, "This is another type of token (typ)", ["audience_mismatch", "issuer_mismatch", "type_mismatch"]],
    [expired, secret, { issuer: "c", audience: "b" }, "The token has expired (exp)", ["issuer_mismatch", "token_expired"]],
    [expired, secret, { leeway: "600", typ: "application/AT+JWT" }, /The signature is good.*With a leeway of 600 s/su, []],
    [expired, secret, { clock: localTime(-60) }, /The signature is good.*As of /su, []],
    [token, secret, { clock: localTime(600) }, "The token has expired (exp)", ["token_expired"]],
    [token, secret, { clock: localTime(-600) }, "The token comes from the future (iat)", ["token_issued_in_future"]],
    [token, randomBytes(32).toString("hex"), { issuer: "other" }, "The signature is wrong", ["signature_invalid"]],
    [pair.token, pair.pem, {}, /That is a PEM.*export\(\{ format: "jwk" \}\)/su, ["key_malformed"]],
  ];
  for (const [pasted, key, expectations, words, expected] of rows) {
    await page.locator("#pasted").fill(pasted);
    await page.locator("#key").fill(key);
    for (const name of ["issuer", "audience", "typ", "leeway", "clock"]) await page.locator(`#${name}`).fill(expectations[name] ?? "");
    await page.locator("#verdict", { hasText: "Not checked yet" }).waitFor();
    await page.locator("#check").click();
    await page.locator("#verdict", { hasText: words }).waitFor();
    assert.deepEqual((await page.locator("#verdict code").allTextContents()).sort(), expected, JSON.stringify(expectations));
    assert.match(await page.locator("#verdict").innerText(), /nothing was sent/u);
  }
  await page.locator("#leeway").fill("601");
  await page.locator("#check").click();
  assert.equal(await page.locator("#leeway-error").innerText(), "A whole number from 0 to 600.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "leeway");
  await keptTheRules();
});

test("the server is sent the token, without its key or what it is expected to say, and only when it is asked", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  const sent = [];
  page.on("request", (request) => sent.push([request.method(), new URL(request.url()).pathname, request.postData()]));
  const token = sound(); // of another issuer
  await page.locator("#pasted").fill(`Bearer ${token}`);
  await page.getByLabel("This page").check();
  await page.locator("#key").fill(secret);
  await page.getByText("What to expect of the token").click();
  await page.locator("#issuer").fill("https://issuer.example");
  assert.deepEqual(sent, []);
  await page.getByRole("radio", { name: "The server" }).check();
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "The server refuses this token" }).waitFor();
  assert.deepEqual(sent, [["POST", "/api/token/verify/", JSON.stringify({ token })]]);
  await keptTheRules({ refused: ["401 /api/token/verify/"] });
});

test("a verdict goes with what it was about, also when it comes late", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route("**/api/token/verify/", async (route) => {
    await held;
    await route.continue();
  });
  await page.locator("#pasted").fill(sound());
  await page.locator("#check").click();
  await page.locator("#check[aria-busy]").waitFor();
  await page.locator("#pasted").fill(signed({}));
  letGo();
  await page.locator("#check:not([aria-busy])").waitFor();
  assert.match(await page.locator("#verdict").innerText(), /Not checked yet/u);
  await page.getByLabel("This page").check();
  await page.locator("#key").fill(secret);
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "A claim is missing (exp)" }).waitFor();
  await page.locator("#pasted").press("End");
  await page.keyboard.type("A");
  await page.locator("#verdict", { hasText: "Not checked yet" }).waitFor();
  await keptTheRules({ refused: ["401 /api/token/verify/"] });
});

test("signing in keeps what was pasted, signing out forgets it", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  const token = sound();
  await page.locator("#pasted").fill(token);
  await page.getByLabel("This page").check();
  await page.locator("#key").fill(secret);
  await signIn(page, server.demo);
  assert.equal(await page.locator("#pasted").inputValue(), token);
  assert.ok(await page.getByLabel("Pasted", { exact: true }).isChecked());
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "The signature is good" }).waitFor();
  await page.getByLabel("Access", { exact: true }).check();
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "The signature is wrong" }).waitFor();
  await page.locator("#pasted").fill(await tokenIn(page, "refresh"));
  assert.ok(await page.getByLabel("Pasted", { exact: true }).isChecked(), "what is pasted is what is checked");
  await page.locator("#inspector .chip", { hasText: "In date" }).waitFor();
  await page.locator("#sign-out").click();
  await page.getByText("You are signed out").waitFor();
  assert.ok(await page.locator("#which-field").isHidden());
  assert.ok(await page.locator("#parts").isHidden());
  const left = await page.evaluate(() => [...document.querySelectorAll("input:not([type=radio]), textarea")].map(({ value }) => value).join(""));
  assert.equal(left, "");
  await page.reload();
  assert.equal(await page.locator("#pasted").inputValue(), "");
  await keptTheRules();
});

test("without the module the parts are shown as they are, without WebCrypto the claims are not judged", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(server.url);
  await page.getByText("Checker not loaded").waitFor();
  const token = signed({ iss: "https://issuer.example" });
  await paste(page, token);
  assert.deepEqual(await codes(page, "whole"), ["load_failed"]);
  assert.equal(await page.locator("#payload-raw").innerText(), '{"iss":"https://issuer.example"}');
  await page.unroute("**/*.wasm");
  await paste(page, token);
  assert.deepEqual(await codes(page, "payload"), ["claim_missing"]);

  await page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined })); // as in a page that came without TLS
  await page.goto(server.url);
  await page.getByText("Checker ready").waitFor();
  await paste(page, signed({ iss: 5 }, '{"alg":"none"}'));
  assert.deepEqual(await codes(page, "header"), ["algorithm_unsupported"]);
  assert.match(await page.locator("#payload-findings").innerText(), /only to pages that came over TLS/u);
  await context.close();
});

test("whatever a pasted token says is shown as text", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  for (const claims of ['{"<img src=x onerror=alert(1)>":"<script>alert(1)</script>","exp":1}', '{"a":"<img src=x onerror=alert(1)>"']) {
    await paste(page, signed(claims));
    await page.locator("#inspector", { hasText: "<img src=x onerror=alert(1)>" }).waitFor();
    assert.equal(await page.locator("#inspector :is(img, script)").count(), 0);
  }
  await keptTheRules();
});
