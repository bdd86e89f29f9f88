// What npm packs, and what becomes of it in the bundlers and hosts that it is installed for.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, posix } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Log, LogLevel, Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { installPacked, tool } from "./pack/packed.mjs";

const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

// A page may load scripts from its own origin, compile WebAssembly, and nothing else.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";
const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

let packed, app, browser;
before(async () => {
  packed = await installPacked();
  app = packed.app;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(async () => {
  await browser?.close();
  await packed?.remove();
});

/** Tokens made without this package, and the keys to check them. */
function evidence() {
  const segment = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (alg, signature) => {
    const input = `${segment({ alg, typ: "JWT" })}.${segment({ sub: alg, exp: Math.floor(Date.now() / 1000) + 600 })}`;
    return `${input}.${signature(input).toString("base64url")}`;
  };
  const secret = randomBytes(32).toString("hex");
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsa = (input) => sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return {
    secret,
    hmacToken: signed("HS256", (input) => createHmac("sha256", secret).update(input).digest()),
    publicJWK: publicKey.export({ format: "jwk" }),
    ecdsaToken: signed("ES256", ecdsa),
    forgedToken: signed("ES256", () => ecdsa("another text")),
  };
}

const verdicts = ["HS256", "ES256", "signature_invalid"];

/** Opens the page of a folder under the policy, lets it check tokens, and returns the paths of what it loaded. */
async function checkInBrowser(t, folder) {
  const loaded = [];
  const server = createServer(async (request, response) => {
    const path = request.url === "/" ? "/index.html" : new URL(request.url, "http://page").pathname;
    const body = await readFile(join(folder, posix.normalize(path))).catch(() => undefined);
    loaded.push(path);
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(path)] ?? "application/octet-stream", "content-security-policy": policy }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  t.after(async () => {
    await page.close();
    server.closeAllConnections();
    server.close();
  });
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    const { compileStreaming } = WebAssembly;
    globalThis.streamed = 0;
    WebAssembly.compileStreaming = (source) => {
      globalThis.streamed++;
      return compileStreaming.call(WebAssembly, source);
    };
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.check);
  assert.deepEqual(await page.evaluate((given) => check(given), evidence()), verdicts);
  assert.equal(await page.evaluate(() => globalThis.streamed), 1, "the module is compiled while it arrives");
  assert.deepEqual(complaints, []);
  return loaded;
}

test("the tarball holds the package and nothing else", async () => {
  const paths = packed.tarball.files.map(({ path }) => path);
  const inDist = paths.filter((path) => path.startsWith("dist/"));
  assert.deepEqual(paths.filter((path) => !inDist.includes(path)).sort(), ["LICENSE", "README.md", "package.json"]);
  assert.deepEqual(inDist.filter((path) => path.endsWith(".wasm")).sort(), ["dist/jeton-full.wasm", "dist/jeton.wasm"]);
  for (const path of inDist) assert.match(path, /^dist\/(client\/)?[a-z-]+(\.js|\.d\.ts|\.wasm)$/);

  // Every script is reached from what is exported, and so is every declaration that another one speaks of.
  const reached = new Set();
  const reach = async (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    if (path.endsWith(".wasm")) return;
    const code = await readFile(join(app, "node_modules/jeton", path), "utf8");
    for (const [, name] of code.matchAll(/(?:from|import|URL\() ?"(\.\.?\/[^"]+)"/g)) {
      const next = posix.join(posix.dirname(path), name);
      await reach(path.endsWith(".d.ts") ? next.replace(/\.js$/, ".d.ts") : next);
    }
  };
  const targets = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targets));
  for (const target of targets(manifest.exports)) if (target.startsWith("./dist/")) await reach(target.slice(2));
  assert.deepEqual(inDist.filter((path) => !path.endsWith(".d.ts") && !reached.has(path)), []);
  for (const path of reached) assert.ok(inDist.includes(path), `${path} is missing`);
});

test("the licence is that of the repository", async () => {
  const [own, root] = await Promise.all(["../LICENSE", "../../LICENSE"].map((path) => readFile(new URL(path, import.meta.url), "utf8")));
  assert.equal(own, root);
});

test("every condition leads to the entry for its host", async () => {
  const resolve = async (name, ...conditions) => {
    const code = `console.log(import.meta.resolve(${JSON.stringify(name)}))`;
    const { stdout } = await promisify(execFile)(process.execPath, [...conditions.map((condition) => `--conditions=${condition}`), "--input-type=module", "--eval", code], { cwd: app });
    return stdout.trim().split("/node_modules/jeton/")[1];
  };
  assert.equal(await resolve("jeton"), "dist/index.js");
  for (const host of ["browser", "deno", "bun"]) assert.equal(await resolve("jeton", host), "dist/index.js");
  assert.equal(await resolve("jeton", "workerd"), "dist/workerd.js");
  assert.equal(await resolve("jeton/full", "browser"), "dist/full.js");
  assert.equal(await resolve("jeton/full", "workerd"), "dist/workerd-full.js");
  assert.equal(await resolve("jeton/client", "workerd"), "dist/client/index.js");
});

test("Node: the installed package checks tokens", async () => {
  await writeFile(join(app, "node.js"), `import { check } from "./check.js"; console.log(JSON.stringify(await check(JSON.parse(process.argv[2]))));`);
  const { stdout } = await promisify(execFile)(process.execPath, [join(app, "node.js"), JSON.stringify(evidence())]);
  assert.deepEqual(JSON.parse(stdout), verdicts);
});

test("Vite: built, the module is a file of its own", async (t) => {
  const { build } = await tool("vite");
  await build({ root: app, logLevel: "error", build: { outDir: "vite" } });
  const assets = await readdir(join(app, "vite/assets"));
  assert.deepEqual(assets.map((name) => extname(name)).sort(), [".js", ".wasm"]);
  const loaded = await checkInBrowser(t, join(app, "vite"));
  assert.deepEqual(loaded.sort(), ["/", ...assets.map((name) => `/assets/${name}`)].map((path) => path.replace(/^\/$/, "/index.html")).sort());
});

test("Vite: served while developing", async (t) => {
  const { createServer: serve } = await tool("vite");
  const vite = await serve({ root: app, logLevel: "error", server: { host: "127.0.0.1", port: 0, hmr: false, fs: { strict: false } } });
  t.after(() => vite.close());
  await vite.listen();
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(vite.resolvedUrls.local[0]);
  await page.waitForFunction(() => globalThis.check);
  assert.deepEqual(await page.evaluate((given) => check(given), evidence()), verdicts);
});

test("esbuild for browsers: the module is copied beside the bundle", async (t) => {
  const { build } = await tool("esbuild");
  const folder = join(app, "esbuild");
  await build({ absWorkingDir: app, entryPoints: ["page.js"], outdir: folder, bundle: true, format: "esm", minify: true, logLevel: "error" });
  await copyFile(join(app, "index.html"), join(folder, "index.html"));
  await copyFile(join(app, "node_modules/jeton/dist/jeton.wasm"), join(folder, "jeton.wasm"));
  assert.deepEqual((await checkInBrowser(t, folder)).sort(), ["/index.html", "/jeton.wasm", "/page.js"]);
});

test("no bundler: the package's own files as modules", async (t) => {
  const folder = join(app, "plain");
  await mkdir(folder);
  const check = await readFile(join(app, "check.js"), "utf8");
  await writeFile(join(folder, "check.js"), check.replace('"jeton"', '"./jeton/index.js"'));
  await copyFile(join(app, "page.js"), join(folder, "page.js"));
  await copyFile(join(app, "index.html"), join(folder, "index.html"));
  await mkdir(join(folder, "jeton"));
  const dist = join(app, "node_modules/jeton/dist");
  for (const name of await readdir(dist)) if (/\.(js|wasm)$/.test(name)) await copyFile(join(dist, name), join(folder, "jeton", name));
  const loaded = await checkInBrowser(t, folder);
  assert.ok(loaded.includes("/jeton/jeton.wasm") && !loaded.includes("/jeton/jeton-full.wasm"));
});

for (const [entry, wasm] of [["jeton", "jeton"], ["jeton/full", "jeton-full"]]) {
  test(`Workers: a bundle of ${entry} by wrangler's rules, on workerd`, async (t) => {
    const { build } = await tool("esbuild");
    const folder = join(app, `worker-${wasm}`);
    // Wrangler bundles with these conditions and leaves modules of WebAssembly beside the script.
    await build({
      absWorkingDir: app, entryPoints: ["worker.js"], outdir: folder, bundle: true, format: "esm", conditions: ["workerd", "worker", "browser"],
      loader: { ".wasm": "copy" }, alias: entry === "jeton" ? {} : { jeton: entry }, logLevel: "error",
    });
    const files = await readdir(folder);
    assert.deepEqual(files.map((name) => name.replace(/-[A-Z0-9]{8}\./, ".")).sort(), [`${wasm}.wasm`, "worker.js"]);
    const workerd = new Miniflare({
      host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, log: new Log(LogLevel.ERROR), compatibilityDate: "2026-07-01", modulesRoot: folder,
      modules: ["worker.js", ...files.filter((name) => name !== "worker.js")].map((name) => ({ type: name.endsWith(".js") ? "ESModule" : "CompiledWasm", path: join(folder, name) })),
    });
    t.after(() => workerd.dispose());
    const response = await workerd.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify(evidence()) });
    assert.deepEqual(await response.json(), verdicts);
  });
}

test("what is not used is not bundled", async () => {
  const { build } = await tool("esbuild");
  const bundle = async (code, conditions = []) => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: app }, bundle: true, format: "esm", minify: true, write: false, outdir: app, loader: { ".wasm": "copy" }, conditions, logLevel: "error",
    });
    return outputFiles.find(({ path }) => path.endsWith(".js")).text;
  };
  const decoding = await bundle('import { decode } from "jeton"; console.log(decode);');
  const verifying = await bundle('import { verify, importKey } from "jeton"; console.log(verify, importKey);');
  const fetching = await bundle('import { remoteKeySet, verify } from "jeton"; console.log(remoteKeySet, verify);');
  assert.ok(!decoding.includes("cooldownDuration") && !decoding.includes("RSASSA"));
  assert.ok(!verifying.includes("cooldownDuration") && verifying.includes("RSASSA"));
  assert.ok(fetching.includes("cooldownDuration"));
  assert.ok(decoding.length < verifying.length && verifying.length < fetching.length);
  assert.match(await bundle('import { decode } from "jeton"; console.log(decode);', ["workerd"]), /jeton-\w+\.wasm/); // though nothing names it
});
