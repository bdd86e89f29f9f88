// The package as a user gets it: packed, and installed from the tarball into an empty folder outside of the repository.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const quiet = ["--silent", "--no-audit", "--no-fund", "--no-progress"];

/** Loads one of the tools that the apps are built with. They are installed when they are not there yet. */
export async function tool(name) {
  if (!existsSync(join(here, "node_modules"))) await run("npm", ["ci", ...quiet], { cwd: here });
  const require = createRequire(join(here, "package.json"));
  return import(pathToFileURL(require.resolve(name)));
}

/** Packs the package and installs it in a new folder, beside the apps. Returns the folder, what npm says of the tarball, and how to remove it. */
export async function installPacked() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "jeton-pack-")));
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: packageFolder });
  const [tarball] = JSON.parse(stdout);
  const app = join(folder, "app");
  await cp(join(here, "app"), app, { recursive: true });
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await run("npm", ["install", ...quiet, "--offline", join(folder, tarball.filename)], { cwd: app });
  return { app, tarball, remove: () => rm(folder, { recursive: true, force: true }) };
}
