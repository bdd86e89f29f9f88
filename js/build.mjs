// Builds dist/: one script for each entry, and two that entries share. A host that loads modules one by one spends most of its start on
// finding files, so there are few.

import { readdir, rm } from "node:fs/promises";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const entries = ["index", "full", "workerd", "workerd-full", "client/index"];

/** What entries share. There must be one of each, however many entries a program imports: they hold the module, and the class of errors. */
const shared = ["jeton", "errors"];

for (const path of await readdir(`${here}dist`, { recursive: true })) {
  if (path.endsWith(".js")) await rm(`${here}dist/${path}`);
}
for (const script of [...entries, ...shared]) {
  await build({
    absWorkingDir: here,
    entryPoints: [`src/${script}.ts`],
    outfile: `dist/${script}.js`,
    bundle: true,
    external: ["*.wasm"],
    plugins: [sharedStayOutside(script)],
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}

/** Leaves imports of what is shared as imports, named as they lie from the script that is built. */
function sharedStayOutside(script) {
  const [name, setup] = ["shared scripts stay outside", ({ onResolve }) => {
    onResolve({ filter: new RegExp(`/(${shared.join("|")})\\.js$`) }, ({ path }) => {
      const relative = posix.relative(posix.dirname(script), posix.basename(path));
      return { path: relative.startsWith(".") ? relative : `./${relative}`, external: true };
    });
  }];
  return { name, setup };
}
