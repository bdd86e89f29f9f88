// Opens the page in Chromium and writes down whatever it must not do.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });

/**
 * Opens the page in a context of its own.
 *
 * @returns the page, and a function that fails the test unless the page kept to the rules; it takes the API refusals that were expected
 */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const [complaints, refusals, strangers] = [[], [], []];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const { pathname } = new URL(message.location().url || url);
    // Chromium reports each answer over 399 there, although the page expects it.
    const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1];
    if (status && pathname.startsWith("/api/")) refusals.push(`${status} ${pathname}`);
    else complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const address = new URL(request.url());
    if (address.protocol !== "data:" && address.origin !== new URL(url).origin) strangers.push(request.url());
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url);
  await page.locator('#engine:not([data-state="loading"])').waitFor();

  async function keptTheRules({ refused = [], complained = [] } = {}) {
    assert.deepEqual(complaints.filter((text) => !complained.some((expected) => text.includes(expected))), [], "complaints in the console");
    assert.deepEqual(refusals, refused, "refusals of the API");
    assert.deepEqual(strangers, [], "requests to other origins");
    assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "violations of the content security policy");
    const kept = () => [localStorage.length, sessionStorage.length, document.cookie, location.search, location.hash];
    assert.deepEqual(await page.evaluate(kept), [0, 0, "", "", ""], "something was stored");
    await context.close();
  }
  return { page, keptTheRules };
}

/** Signs in with the demo user. */
export async function signIn(page, { username, password }) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Signed in" }).waitFor();
  await page.locator("#access-card .chip:not(:empty)").waitFor();
}

/** Presses Tab until an element has the focus. */
export async function tabTo(page, selector) {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${selector}`);
}

/** Returns the text of one card's token. */
export const tokenIn = (page, kind) => page.locator(`#${kind}-card .encoded`).innerText();
