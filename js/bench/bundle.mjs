// Bundles for the hosts that load one file, with the modules beside them.

import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const dist = path("./dist");

export async function bundle() {
  await mkdir(dist, { recursive: true });
  const shared = { bundle: true, minify: true, format: "esm", target: "es2022", absWorkingDir: path("."), logLevel: "warning", external: ["*.wasm"] };
  const package_ = (index) => ({ jeton: path(`../dist/${index}`), "jeton/full": path("../dist/full.js") });
  const firsts = ["slim", "full", "jose"].map((name) => ({ in: `first/${name}.mjs`, out: `first-${name}` }));
  await build({ ...shared, alias: package_("index.js"), entryPoints: [{ in: "page.mjs", out: "page" }, ...firsts], outdir: dist });
  await build({ ...shared, alias: package_("workerd.js"), conditions: ["workerd"], entryPoints: [{ in: "worker.mjs", out: "worker" }], outdir: dist });
  for (const name of ["jeton.wasm", "jeton-full.wasm"]) await copyFile(path(`../dist/${name}`), `${dist}/${name}`);
}

/** Returns the package's code for checking tokens, minified, without the module. */
export async function verifyOnly() {
  const { outputFiles } = await build({
    stdin: { contents: 'export { importKey, verify } from "jeton";', resolveDir: path(".") },
    bundle: true, minify: true, format: "esm", target: "es2022", absWorkingDir: path("."), logLevel: "warning", write: false,
    alias: { jeton: path("../dist/index.js") },
  });
  return Buffer.from(outputFiles[0].contents);
}
