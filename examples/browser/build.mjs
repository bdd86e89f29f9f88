// Builds the page into dist/: one script, one style sheet, and the WebAssembly module as a file of its own, which the browser streams.

import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const jeton = folder("../../js/dist/");

await rm(folder("dist/"), { recursive: true, force: true });
await mkdir(folder("dist/"));
await build({
  entryPoints: [{ in: folder("src/scripts/main.ts"), out: "app" }, { in: folder("src/styles/main.css"), out: "styles" }],
  outdir: folder("dist/"),
  alias: { "jeton/client": `${jeton}client/index.js`, jeton: `${jeton}index.js` },
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
});
for (const file of ["index.html", "icon.svg"]) await copyFile(folder(`src/${file}`), folder(`dist/${file}`));
// Where there was no TinyGo to build the small module with, the full one does the same.
const modules = ["jeton.wasm", "jeton-full.wasm"].map((name) => `${jeton}${name}`);
await copyFile(modules.find((file) => existsSync(file)) ?? modules[0], folder("dist/jeton.wasm"));
