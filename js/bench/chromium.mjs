// The contestants in a page of Chromium, and how long a fresh page takes until it has verified its first token.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { chromium } from "playwright-core";
import { median } from "./rounds.mjs";

const types = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Runs an action with a browser and the address of a server on the loopback interface that has the bundles. */
async function withBrowser(dist, action) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const body = /^\/[\w.-]+$/.test(path) ? await readFile(`${dist}${path}`).catch(() => undefined) : undefined;
    if (body) return response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(body);
    response.writeHead(path === "/" ? 200 : 404, { "content-type": "text/html" }).end('<!doctype html><meta charset="utf-8"><title>bench</title>');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    return await action(browser, `http://127.0.0.1:${server.address().port}/`);
  } finally {
    await browser.close();
    server.close();
  }
}

export function inChromium(dist, settings) {
  return withBrowser(dist, async (browser, address) => {
    const page = await browser.newPage();
    await page.goto(address);
    const rows = await page.evaluate(async (settings) => (await import("/page.js")).inPage(settings), settings);
    return { host: `Chromium ${browser.version()}`, rows };
  });
}

/** Returns the medians, in milliseconds, from the script's start to the first verified token, each time in a page that has loaded nothing yet. */
export function firstInChromium(dist, names, { secret, token, times }) {
  return withBrowser(dist, async (browser, address) => {
    const found = Object.fromEntries(names.map((name) => [name, []]));
    for (let i = 0; i < times; i++) {
      for (const name of names) {
        const context = await browser.newContext(); // with a cache of its own
        const page = await context.newPage();
        await page.goto(address);
        found[name].push(await page.evaluate(async ([name, secret, token]) => {
          const start = performance.now();
          const { first } = await import(`/first-${name}.js`);
          await first(Uint8Array.from(secret), token);
          return performance.now() - start;
        }, [name, [...secret], token]));
        await context.close();
      }
    }
    return Object.fromEntries(names.map((name) => [name, median(found[name])]));
  });
}
