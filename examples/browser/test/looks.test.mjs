// How the page looks and reads: contrast, structure, focus, reflow, layout shift. Leaves pictures in test/screenshots/ to look at.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { launch, open, signIn } from "./support/browser.mjs";
import { contrastFaults, focusNow, overflowFaults, structureFaults } from "./support/inspect.mjs";
import { base64url, inSeconds, secret, signed, sound } from "./support/tokens.mjs";
import { startServer } from "./support/server.mjs";

const pictures = fileURLToPath(new URL("./screenshots/", import.meta.url));
const sizes = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 800 } };

const pasted = {
  sound: sound(),
  faulty: signed({ iss: "https://another.example", sub: 5, aud: "web", exp: inSeconds(-90), nbf: inSeconds(3600), iat: inSeconds(3600), very_long_name_of_a_claim: "x".repeat(200) }),
  unsigned: `${base64url('{"alg":"none"}')}.${base64url("{}")}.`,
  broken: `${base64url('{"alg":"HS256","alg":"none"}')}.${base64url(`{"exp":1,"text":"${"x".repeat(200)}"`)}.abc=.more`,
};

let server, brief, browser;
before(async () => {
  const settings = (lifetimes) => ({ SECRET_KEY: randomBytes(32).toString("base64url"), PASSWORD_ITERATIONS: 1000, SIMPLE_JWT: lifetimes });
  [server, browser] = await Promise.all([startServer(settings({})), launch(), mkdir(pictures, { recursive: true })]);
  brief = await startServer(settings({ ACCESS_TOKEN_LIFETIME: 1 }));
});
after(async () => {
  await browser?.close();
  await Promise.all([server?.remove(), brief?.remove()]);
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`${colorScheme} and ${size}: every state reads well`, async () => {
      const { page, keptTheRules } = await open(browser, server.url, { colorScheme, viewport });
      let step = 0;
      const look = async (state) => {
        for (const inspect of [contrastFaults, structureFaults, overflowFaults]) assert.deepEqual(await page.evaluate(inspect), [], `${state}: ${inspect.name}`);
        // Hiding the caret would leave style attributes behind, which the page must not have.
        await page.screenshot({ path: `${pictures}${size}-${colorScheme}-${++step}-${state}.png`, fullPage: true, caret: "initial" });
      };
      await look("welcome");
      await page.locator("#check").click();
      await look("no-token");
      for (const [state, token] of Object.entries(pasted)) {
        await page.locator("#pasted").fill(token);
        await page.waitForFunction((token) => document.querySelector("#parts-encoded").textContent === token, token);
        await look(state);
      }
      await page.locator("#pasted").fill(pasted.faulty);
      await page.getByLabel("This page").check();
      await page.getByText("What to expect of the token").click();
      await page.locator("#issuer").fill("https://issuer.example");
      await page.locator("#audience").fill("api");
      await page.locator("#leeway").fill("-1");
      await page.locator("#check").click();
      await look("expectations");
      await page.locator("#leeway").fill("60");
      await page.locator("#key").fill(secret);
      await page.locator("#check").click();
      await page.locator("#verdict", { hasText: "audience_mismatch" }).waitFor();
      await look("all-that-failed");
      await page.locator("#key").fill("-----BEGIN PUBLIC KEY-----");
      await page.locator("#check").click();
      await page.locator("#verdict", { hasText: "That is a PEM" }).waitFor();
      await look("pem");
      for (const name of ["issuer", "audience"]) await page.locator(`#${name}`).fill("");
      await page.getByText("What to expect of the token").click();
      await page.getByRole("radio", { name: "The server" }).check();
      await page.locator("#sign-in").click();
      await look("empty");
      await page.getByLabel("Username").fill("demo");
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.locator("#sign-in").click();
      await page.getByText("Wrong username or password").waitFor();
      await look("refused");
      await signIn(page, server.demo);
      await page.getByText("The server knows you").waitFor();
      await look("session");
      await page.locator("#clear").click();
      await page.getByLabel("This page").check();
      await page.locator("#key").fill("");
      await page.getByLabel("Pasted", { exact: true }).check();
      await page.locator("#check").click();
      await look("nothing-pasted");
      await page.getByLabel("Access", { exact: true }).check();
      for (const [key, words] of [[server.secret, "The signature is good"], [randomBytes(32).toString("hex"), "The signature is wrong"]]) {
        await page.locator("#key").fill(key);
        await page.locator("#check").click();
        await page.locator("#verdict", { hasText: words }).waitFor();
        await look(words.replaceAll(" ", "-").toLowerCase());
      }
      await page.context().setOffline(true);
      await page.locator("#refresh").click();
      await page.getByText("You are offline").waitFor();
      await look("offline");
      await keptTheRules({ refused: ["401 /api/token/"], complained: ["net::ERR_INTERNET_DISCONNECTED"] });
    });

    test(`${colorScheme} and ${size}: an expired session reads well`, async () => {
      const { page } = await open(browser, brief.url, { colorScheme, viewport });
      await signIn(page, brief.demo);
      await page.getByText("The access token expired at").waitFor();
      for (const inspect of [contrastFaults, structureFaults, overflowFaults]) assert.deepEqual(await page.evaluate(inspect), [], inspect.name);
      await page.screenshot({ path: `${pictures}${size}-${colorScheme}-9-expired.png`, fullPage: true });
      await page.context().close();
    });
  }
}

test("nothing sticks out at 320 pixels, which is also 1280 at 400 %", async () => {
  const { page } = await open(browser, server.url, { viewport: { width: 320, height: 640 } });
  const nothingSticksOut = async () => {
    assert.deepEqual(await page.evaluate(overflowFaults), []);
    for (const token of Object.values(pasted)) {
      await page.locator("#pasted").fill(token);
      await page.locator("#parts").waitFor();
      assert.deepEqual(await page.evaluate(overflowFaults), [], token.slice(0, 40));
      await page.locator("#clear").click();
    }
  };
  await nothingSticksOut();
  await page.getByLabel("This page").check();
  await page.getByText("What to expect of the token").click();
  await page.locator("#audience").fill("api");
  await page.locator("#key").fill(secret);
  await page.locator("#pasted").fill(pasted.faulty);
  await page.locator("#check").click();
  await page.locator("#verdict", { hasText: "audience_mismatch" }).waitFor();
  await nothingSticksOut();
  await signIn(page, server.demo);
  await nothingSticksOut();
  await page.screenshot({ path: `${pictures}least-light.png`, fullPage: true, caret: "initial" });
  await page.context().close();
});

test("Tab goes through everything in the order in which it is read, visibly", async () => {
  const { page } = await open(browser, server.url);
  const order = async (last) => {
    const names = [];
    do {
      await page.keyboard.press("Tab");
      const { name, visible, inView } = await page.evaluate(focusNow);
      assert.ok(visible, `the focus on ${name} cannot be seen`);
      assert.ok(inView, `${name} is focused out of view`);
      if (name !== names.at(-1)) names.push(name); // a date has several stops
    } while (names.at(-1) !== last && names.length < 40);
    return names;
  };
  const [welcome, session] = [["Skip to the content", "username", "password", "show-password", "sign-in"], ["refresh", "sign-out", "Copy the access token", "Copy the refresh token", "me"]];
  assert.deepEqual(await order("check"), [...welcome, "pasted", "clear", "who=server", "check"]);
  await signIn(page, server.demo);
  assert.deepEqual(await order("check"), [...session, "pasted", "clear", "which=access", "who=server", "check"]);
  await page.getByLabel("This page").check();
  await page.getByText("What to expect of the token").click();
  await page.locator("#session-title").focus();
  const expectations = ["What to expect of the token", "issuer", "audience", "typ", "leeway", "clock"];
  assert.deepEqual(await order("check"), [...session, "pasted", "clear", "which=access", "who=page", "key", "algorithm", ...expectations, "check"]);
  await page.context().close();
});

test("nothing moves by itself: while loading, being refused, signing in, ticking, refreshing and expiring", async () => {
  for (const viewport of Object.values(sizes)) {
    const { page } = await open(browser, brief.url, { viewport });
    await watchShifts(page);
    // The answer comes so late that Chromium no longer takes what moves for the key's or click's own doing.
    await page.route("**/api/token/", async (route) => setTimeout(() => route.continue(), 700));
    const bottom = () => page.locator("#sign-in-form").evaluate((form) => form.getBoundingClientRect().bottom + scrollY);
    const settled = await bottom();
    await page.getByLabel("Username").fill("demo");
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.locator("#sign-in").click();
    await page.getByText("Wrong username or password").waitFor();
    assert.equal(await bottom(), settled, `${viewport.width}: the form grew`);
    await page.unroute("**/api/token/");
    await page.locator("#pasted").fill(signed({ exp: inSeconds(3) }));
    await page.locator("#inspector-said", { hasText: "In date" }).waitFor({ state: "attached" });
    await page.locator("#inspector-said", { hasText: "The token has expired" }).waitFor({ state: "attached" });
    await signIn(page, brief.demo);
    await page.getByText("The access token expired at").waitFor();
    await page.waitForFunction(() => document.querySelector("#me-message").dataset.tone !== "info");
    await page.locator("#refresh").click();
    await page.getByText("You have a new access token").waitFor();
    await page.getByText("The access token expired at").waitFor();
    await nothingShifted(page, viewport);
    await page.context().close();
  }
});

test("nothing moves while the page arrives in pieces", async (t) => {
  const slow = createServer(async ({ url }, response) => {
    const answer = await fetch(new URL(url, server.url));
    response.writeHead(answer.status, [...answer.headers]);
    const body = Buffer.from(await answer.arrayBuffer());
    const cut = url === "/" ? body.indexOf('<div class="pitch">') : -1;
    if (cut >= 0) {
      response.write(body.subarray(0, cut));
      await pause(400); // long enough for a frame to be painted
    }
    response.end(body.subarray(Math.max(cut, 0)));
  });
  await once(slow.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    slow.closeAllConnections();
    slow.close();
  });
  for (const viewport of Object.values(sizes)) {
    const { page } = await open(browser, `http://127.0.0.1:${slow.address().port}/`, { viewport });
    await watchShifts(page);
    await nothingShifted(page, viewport);
    await page.context().close();
  }
});

/** Begins to write down what moves by itself, with what has moved already. */
const watchShifts = (page) =>
  page.evaluate(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries()) {
        if (!hadRecentInput) shifts.push({ value, moved: sources.map(({ node }) => node?.id || node?.className || node?.localName || node?.nodeName) });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });

async function nothingShifted(page, viewport) {
  // Entries are handed over in a task of their own: two frames later they are there.
  const shifts = await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shifts))))));
  const sum = shifts.reduce((sum, { value }) => sum + value, 0);
  assert.ok(sum < 0.01, `${viewport.width}: shifts by ${sum}: ${JSON.stringify(shifts)}`);
}
