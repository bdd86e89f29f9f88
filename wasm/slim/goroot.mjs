// The standard library as TinyGo reads it: Go's own files, but for one.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * How Go's cryptography learns of GODEBUG=fips140, in a build that has no environment. FIPS 140-3 mode is refused under wasm anyway.
 * Saying so when the module is compiled lets the compiler drop the self-tests, and with them AES, GCM and a random generator.
 */
const SETTINGS = `package godebug

type Setting struct{}

func New(string) *Setting { return new(Setting) }

func (*Setting) Value() string { return "" }

func Value(string) string { return "" }
`;

const REPLACED = ["src", "crypto", "internal", "fips140deps", "godebug"];

/** Returns a folder of links to Go's files, with the one package replaced. */
export function goRootWithoutFIPS(cache) {
  const original = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const root = join(cache, "goroot");
  rmSync(root, { recursive: true, force: true });
  link(original, root, REPLACED);
  writeFileSync(join(root, ...REPLACED, "godebug.go"), SETTINGS);
  return root;
}

/** Links everything in one folder, but makes the first of path a real one, and so on down; the last stays empty. */
function link(from, to, path) {
  mkdirSync(to, { recursive: true });
  if (path.length === 0) return;
  const [opened, ...rest] = path;
  for (const name of readdirSync(from)) if (name !== opened) symlinkSync(join(from, name), join(to, name));
  link(join(from, opened), join(to, opened), rest);
}
