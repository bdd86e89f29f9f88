// The whole way through the page with the keyboard alone, against the real server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, signIn, tabTo, tokenIn } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";

let server, browser;
before(async () => ([server, browser] = await Promise.all([startServer(), launch()])));
after(async () => {
  await browser?.close();
  await server?.remove();
});

test("a user signs in, looks, checks, refreshes, asks and signs out, by keyboard", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  assert.equal(await page.locator("#engine").innerText(), "Checks in this page:\nChecker ready");
  assert.equal(await page.title(), "Sign in · Jeton");

  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await tabTo(page, "#username");
  await page.keyboard.type(server.demo.username);
  await tabTo(page, "#password");
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await page.getByText("Wrong username or password").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "password", "the focus is where the next thing is typed");
  assert.equal(await page.locator("#password").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#sign-in-message").getAttribute("role"), "alert");

  await page.keyboard.type(server.demo.password); // over the selected text
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: `Signed in as ${server.demo.username}` }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "session-title");
  assert.equal(await page.title(), "Signed in · Jeton");
  assert.equal(await page.locator("#session-message").getAttribute("role"), "status");

  for (const kind of ["access", "refresh"]) {
    const card = page.locator(`#${kind}-card`);
    await card.getByText("In date").waitFor();
    const [header, payload] = (await tokenIn(page, kind)).split(".").map((part) => Buffer.from(part, "base64url").toString());
    const said = await card.innerText();
    for (const [name, value] of Object.entries({ ...JSON.parse(header), ...JSON.parse(payload) })) {
      assert.ok(said.includes(`${name}\n`) || said.includes(`${name}\t`), `${kind} shows ${name}`);
      assert.ok(said.includes(JSON.stringify(value)), `${kind} shows the value of ${name}`);
    }
    assert.match(said, kind === "access" ? /\d\smin(\s\d+\ss)? left/u : /(23\sh\s5\d\smin|1\sd) left/u);
  }
  const timeLeft = page.locator("#access-card .token-left");
  const first = await timeLeft.innerText();
  await page.waitForFunction((first) => document.querySelector("#access-card .token-left").textContent !== first, first);

  const verdict = page.locator("#verdict");
  await tabTo(page, "#check");
  await page.keyboard.press("Enter");
  await verdict.getByText("The server accepts this token").waitFor();

  await page.locator("#session-title").focus();
  await tabTo(page, "[name=who]");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "#check");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#key-error").innerText(), "Paste a secret, a JWK or a JWK Set.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "key");
  await page.keyboard.insertText(server.secret);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await tabTo(page, "#check");
  await page.keyboard.press("Enter");
  await verdict.getByText("The signature is good, and the times hold").waitFor();
  const { top, bottom } = await verdict.evaluate((element) => element.getBoundingClientRect().toJSON());
  assert.ok(top >= 0 && bottom <= 900, "the verdict is in view");
  assert.deepEqual(asked, [], "checking in the page sends nothing");

  const before = await tokenIn(page, "access");
  const kept = await tokenIn(page, "refresh");
  await page.locator("#session-title").focus();
  await tabTo(page, "#refresh");
  await page.keyboard.press("Enter");
  await page.getByText("You have a new access token").waitFor();
  assert.notEqual(await tokenIn(page, "access"), before);
  assert.equal(await tokenIn(page, "refresh"), kept);
  assert.equal(await page.evaluate(() => document.activeElement.id), "refresh", "the focus stays on the button");

  await tabTo(page, "#me");
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/me/"));
  await page.keyboard.press("Enter");
  assert.equal((await answered).status(), 200);
  await page.getByText("The server knows you").waitFor();
  assert.match(await page.locator("#me-facts").innerText(), new RegExp(`Username\\s+${server.demo.username}\\s+User ID\\s+1\\s`));

  const secrets = [await tokenIn(page, "access"), kept, before, server.secret, server.demo.password];
  await page.locator("#session-title").focus();
  await tabTo(page, "#sign-out");
  await page.keyboard.press("Enter");
  await page.getByText("You are signed out").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "username");
  const left = await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join());
  for (const secret of secrets) assert.ok(!left.includes(secret), "something secret stayed in the page");
  await keptTheRules({ refused: ["401 /api/token/"] });
});

test("the page comes with a strict policy, and its module as a stream of wasm", async () => {
  const page = await fetch(server.url);
  const policy = page.headers.get("content-security-policy");
  for (const rule of ["default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'"]) {
    assert.ok(policy.split("; ").includes(rule), `${rule} in ${policy}`);
  }
  const wasm = await fetch(new URL("jeton.wasm", server.url));
  assert.deepEqual([wasm.status, wasm.headers.get("content-type")], [200, "application/wasm"]);
  await wasm.body.cancel();
});

test("the password can be looked at, and is hidden again when it is sent", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  const [password, show] = [page.locator("#password"), page.locator("#show-password")];
  await show.click();
  assert.deepEqual([await password.getAttribute("type"), await show.getAttribute("aria-pressed")], ["text", "true"]);
  await signIn(page, server.demo);
  assert.deepEqual([await password.getAttribute("type"), await password.inputValue()], ["password", ""]);
  await keptTheRules();
});

test("a token is copied by its button", async () => {
  const { page, keptTheRules } = await open(browser, server.url, { permissions: ["clipboard-read", "clipboard-write"] });
  await signIn(page, server.demo);
  await page.getByRole("button", { name: "Copy the access token" }).click();
  await page.locator("#access-card .copy", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await tokenIn(page, "access"));
  await keptTheRules();
});

test("who signs out while an answer is under way stays signed out", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  await signIn(page, server.demo);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route("**/api/token/refresh/", async (route) => {
    await held;
    await route.continue().catch(() => {}); // the page may have ended the request
  });
  const asked = page.waitForRequest("**/api/token/refresh/");
  await page.locator("#refresh").click();
  await asked;
  await page.locator("#sign-out").click();
  letGo();
  await page.getByText("You are signed out").waitFor();
  await page.locator("#refresh[aria-busy]").waitFor({ state: "detached" });
  assert.ok(await page.locator("#session").isHidden());
  assert.equal(await page.locator("#access-card .encoded").textContent(), "..");
  await keptTheRules();
});

test("reloading forgets the session", async () => {
  const { page, keptTheRules } = await open(browser, server.url);
  await signIn(page, server.demo);
  await page.reload();
  await page.getByText("Nobody is signed in").waitFor();
  assert.ok(await page.locator("#session").isHidden());
  await keptTheRules();
});
