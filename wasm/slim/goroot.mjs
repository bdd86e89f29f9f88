// The standard library as TinyGo reads it: Go's own files, but for three small packages that ask whether FIPS 140-3 mode is on.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * FIPS 140-3 mode is refused under wasm anyway. Saying so when the module is compiled, instead of asking when it runs, lets the compiler
 * drop what only that mode needs: self-tests, AES, GCM, SHA-3, a random generator and, behind that, files and system calls. No
 * cryptography is replaced.
 */
const replaced = ["crypto/internal/fips140deps/godebug", "crypto/internal/fips140only", "crypto/internal/fips140hash"];
const replacements = fileURLToPath(new URL("../_standard", import.meta.url));

/** Returns a folder of links to Go's files, with those packages replaced. */
export function goRootWithoutFIPS(cache) {
  const original = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const root = join(cache, "goroot");
  rmSync(root, { recursive: true, force: true });
  link(original, root, replaced.map((path) => ["src", ...path.split("/")]));
  for (const path of replaced) copyFileSync(join(replacements, path, "replaced.go"), join(root, "src", path, "replaced.go"));
  return root;
}

/** Links everything in one folder, but makes the folders that paths begin with real ones, and so on down; where a path ends, nothing is linked. */
function link(from, to, paths) {
  mkdirSync(to, { recursive: true });
  if (paths.some((path) => path.length === 0)) return;
  const opened = new Set(paths.map(([first]) => first));
  for (const name of readdirSync(from)) if (!opened.has(name)) symlinkSync(join(from, name), join(to, name));
  for (const name of opened) link(join(from, name), join(to, name), paths.filter(([first]) => first === name).map((path) => path.slice(1)));
}
