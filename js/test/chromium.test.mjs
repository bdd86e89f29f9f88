import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { builds, cases } from "./cases.mjs";

// The page may compile WebAssembly and load scripts from its own origin, and nothing else.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const types = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
const page404 = { status: 404, type: "text/plain", body: "not found" };

let server, browser;
const pages = new Map();
const complaints = [];

async function answer(path) {
  if (path === "/") return { status: 200, type: "text/html", body: '<!doctype html><meta charset="utf-8"><title>jeton</title>' };
  if (!/^\/(dist|test(\/cases)?)\/[\w.-]+$/.test(path)) return page404;
  const body = await readFile(new URL(`..${path}`, import.meta.url)).catch(() => undefined);
  return body ? { status: 200, type: types[extname(path)] ?? "application/octet-stream", body } : page404;
}

before(async () => {
  server = createServer(async (request, response) => {
    const { status, type, body } = await answer(request.url);
    response.writeHead(status, { "content-type": type, "content-security-policy": policy }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  for (const { build } of builds) {
    const page = await browser.newPage();
    pages.set(build, page);
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
  }
  complaints.length = 0; // of the icon that the browser asks for by itself
});

after(async () => {
  await browser?.close();
  server?.close();
});

for (const build of builds) {
  for (const [index, { name }] of cases.entries()) {
    test(`Chromium, ${build.build}: ${name}`, async () => {
      const failure = await pages.get(build.build).evaluate(async ([index, build]) => {
        const [jeton, { cases }] = await Promise.all([`/dist/${build.entry}`, "/test/cases.mjs"].map((path) => import(path)));
        try {
          await cases[index].run(jeton, build);
        } catch (error) {
          return String(error.stack ?? error);
        }
      }, [index, build]);
      assert.equal(failure, undefined);
    });
  }
}

test("Chromium: no complaint in the console, under a policy that allows only wasm", () => {
  assert.deepEqual(complaints, []);
});
