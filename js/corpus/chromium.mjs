import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { chromium } from "playwright-core";

const types = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Runs the cases in a page, which fetches everything from this process. */
export function inChromium(build) {
  return async (cases) => {
    const server = createServer((request, response) => answer(request.url, cases, response));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      return JSON.parse(await page.evaluate(inThePage, build));
    } finally {
      await browser.close();
      server.close();
    }
  };
}

function answer(path, cases, response) {
  if (path === "/") {
    response.writeHead(200, { "content-type": "text/html" }).end('<!doctype html><meta charset="utf-8"><title>jeton</title>');
  } else if (path === "/cases.json") {
    createReadStream(cases).pipe(response.writeHead(200, { "content-type": "application/json" }));
  } else if (/^\/(dist|corpus)\/[\w.-]+$/.test(path)) {
    const file = createReadStream(new URL(`..${path}`, import.meta.url));
    file.on("error", () => response.writeHead(404).end());
    file.on("open", () => file.pipe(response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" })));
  } else {
    response.writeHead(404).end();
  }
}

/** Runs in the page. It answers text, because values of its own would be taken apart one by one on their way here. */
async function inThePage(build) {
  const [jeton, { outcomes }, { cases }] = await Promise.all([
    import(`/dist/${build.entry}`),
    import("/corpus/outcomes.mjs"),
    fetch("/cases.json").then((response) => response.json()),
  ]);
  return JSON.stringify(await outcomes(jeton, build, cases));
}
