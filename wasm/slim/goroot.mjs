// The standard library as TinyGo reads it: Go's own files, but for three small packages that ask whether FIPS 140-3 mode is on.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * FIPS 140-3 mode is refused under wasm anyway. Saying so when the module is compiled, instead of asking when it runs, lets the compiler
 * drop what only that mode needs: self-tests, AES, GCM, SHA-3, a random generator and, behind that, files and system calls. No
 * cryptography is replaced.
 */
const REPLACED = {
  // How the cryptography learns of GODEBUG=fips140, in a build that has no environment.
  "crypto/internal/fips140deps/godebug": `package godebug

type Setting struct{}

func New(string) *Setting { return new(Setting) }

func (*Setting) Value() string { return "" }

func Value(string) string { return "" }
`,
  // What is refused in a program that has asked for nothing but approved cryptography.
  "crypto/internal/fips140only": `package fips140only

import (
	"hash"
	"io"
)

func Enforced() bool { return false }

func ApprovedHash(hash.Hash) bool { return true }

func ApprovedRandomReader(io.Reader) bool { return true }
`,
  // How SHA-3 is recognised as approved: SHA-2, all that is used here, has no wrapper to take off.
  "crypto/internal/fips140hash": `package fips140hash

import "hash"

func Unwrap(h hash.Hash) hash.Hash { return h }

func UnwrapNew[Hash hash.Hash](newHash func() Hash) func() hash.Hash {
	return func() hash.Hash { return newHash() }
}
`,
};

/** Returns a folder of links to Go's files, with those packages replaced. */
export function goRootWithoutFIPS(cache) {
  const original = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const root = join(cache, "goroot");
  rmSync(root, { recursive: true, force: true });
  link(original, root, Object.keys(REPLACED).map((path) => ["src", ...path.split("/")]));
  for (const [path, text] of Object.entries(REPLACED)) writeFileSync(join(root, "src", path, "replaced.go"), text);
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
