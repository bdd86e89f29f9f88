// Where TinyGo comes from: the release that is installed, or else one built here from its Go module against Debian's LLVM.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULE = "github.com/tinygo-org/tinygo";
/** The first release that takes Go 1.26 is 0.41. */
const VERSION = "v0.41.0";

/** Debian's packages that building and using it takes, by the file that shows each is there. */
const DEBIAN = new Map([
  ["llvm-19-dev", "/usr/lib/llvm-19/bin/llvm-config"],
  ["libclang-19-dev", "/usr/lib/llvm-19/lib/libclang-19.so"],
  ["clang-19", "/usr/bin/clang-19"],
  ["lld-19", "/usr/lib/llvm-19/bin/wasm-ld"],
  ["wasi-libc", "/usr/lib/wasm32-wasi/libc.a"],
  ["libclang-rt-19-dev-wasm32", "/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a"],
]);

const ASSERT = fileURLToPath(new URL("./assert.S", import.meta.url));
const TARGET = fileURLToPath(new URL("./target.json", import.meta.url));

export class TinyGoMissing extends Error {
  name = "TinyGoMissing";
}

/**
 * Returns the program, the environment it needs, and the target file.
 *
 * @throws {TinyGoMissing} that says what to install
 */
export function findTinyGo(cache) {
  return installed(cache) ?? fromModule(cache);
}

/** A release brings its own LLVM, C library and standard target: ours adds only what differs. */
function installed(cache) {
  const found = spawnSync("tinygo", ["version"], { encoding: "utf8" });
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(found.stdout ?? "") ?? [];
  if (found.status !== 0 || Number(major) * 1000 + Number(minor) < 41) return undefined;
  return { program: "tinygo", environment: {}, target: written(cache, { inherits: ["wasip1"], scheduler: "none", gc: "precise", buildmode: "c-shared" }) };
}

function fromModule(cache) {
  const missing = [...DEBIAN].filter(([, file]) => !existsSync(file)).map(([name]) => name);
  if (missing.length > 0) {
    throw new TinyGoMissing(`it takes TinyGo 0.41 or newer, or Debian's packages to build that from: apt-get install ${missing.join(" ")}`);
  }
  const source = join(cache, `tinygo-${VERSION}`);
  const program = join(source, "build", "tinygo");
  if (!existsSync(program)) buildTinyGo(source, program);
  const described = JSON.parse(readFileSync(TARGET, "utf8"));
  // Before the C library, whose own definition is then left out.
  described.ldflags.push(assembled(cache, ASSERT), DEBIAN.get("wasi-libc"), DEBIAN.get("libclang-rt-19-dev-wasm32"));
  return {
    program,
    environment: { TINYGOROOT: source, PATH: `${process.env.PATH}:/usr/lib/llvm-19/bin` },
    target: written(cache, described),
  };
}

function buildTinyGo(source, program) {
  console.log(`Building TinyGo ${VERSION} from its Go module: this takes about two minutes, once …`);
  const half = `${source}.part`;
  rmSync(half, { recursive: true, force: true });
  const { Dir } = JSON.parse(execFileSync("go", ["mod", "download", "-json", `${MODULE}@${VERSION}`], { cwd: "/", encoding: "utf8" }));
  // A copy, because TinyGo writes into its root and the module cache is read-only.
  cpSync(Dir, half, { recursive: true });
  execFileSync("chmod", ["-R", "u+w", half]);
  // The archive of the module lacks what is a git submodule: package net, which nothing here imports, must be there to be merged.
  mkdirSync(join(half, "src", "net"), { recursive: true });
  execFileSync("go", ["build", "-tags", "llvm19", "-o", join(half, "build", "tinygo"), "."], {
    cwd: half,
    env: { ...process.env, CGO_ENABLED: "1", GOFLAGS: "-mod=mod" },
    stdio: "inherit",
  });
  rmSync(source, { recursive: true, force: true });
  renameSync(half, source);
}

function assembled(cache, source) {
  mkdirSync(cache, { recursive: true });
  const object = join(cache, "jeton-slim-assert.o");
  execFileSync(DEBIAN.get("clang-19"), ["--target=wasm32-unknown-wasi", "-c", source, "-o", object], { stdio: "inherit" });
  return object;
}

function written(cache, described) {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, "jeton-slim-target.json");
  writeFileSync(file, JSON.stringify(described));
  return file;
}
