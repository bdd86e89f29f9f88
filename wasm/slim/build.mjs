// Builds the small module with TinyGo: `node build.mjs OUTPUT`. README.md says why each step is there.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { goRootWithoutFIPS } from "./goroot.mjs";
import { findTinyGo, TinyGoMissing } from "./tinygo.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = join(here, "..", "..", ".cache");

/** What a host may call: everything else the linker leaves visible is dropped, and with it the code that only that needs. */
const EXPORTS = [
  "memory", "jeton_abi", "jeton_reserve", "jeton_output", "jeton_key_import", "jeton_key_describe", "jeton_key_free", "jeton_verifier_new",
  "jeton_verifier_free", "jeton_verify", "jeton_verify_begin", "jeton_verify_finish", "jeton_verify_cancel", "jeton_decode", "jeton_encode",
  "jeton_encode_begin", "jeton_encode_finish", "jeton_encode_cancel",
];

const FEATURES = ["--enable-bulk-memory", "--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-sign-ext"];

function build(output) {
  const tinygo = findTinyGo(cache);
  const folder = mkdtempSync(join(tmpdir(), "jeton-slim-"));
  const file = (name) => join(folder, name);
  const tool = (name) => (args) => execFileSync(join(here, "node_modules", ".bin", name), args, { stdio: ["ignore", "ignore", "inherit"] });
  try {
    compile(tinygo, file("compiled.wasm"));
    tool("wizer")(["--allow-wasi", "--init-func", "_initialize", "-o", file("started.wasm"), file("compiled.wasm")]);
    writeFileSync(file("exports.json"), JSON.stringify(reachability()));
    tool("wasm-metadce")([...FEATURES, "-g", file("started.wasm"), "--graph-file", file("exports.json"), "-o", file("reachable.wasm")]);
    tool("wasm-opt")([...FEATURES, "-g", "-O3", "--converge", file("reachable.wasm"), "-o", file("named.wasm")]);
    // Once more without names: functions that differ in nothing else become one.
    tool("wasm-opt")([...FEATURES, "--strip-debug", "--strip-producers", "--strip-target-features", "-O3", "--converge", file("named.wasm"), "-o", file("small.wasm")]);
    mkdirSync(dirname(output), { recursive: true });
    copyFileSync(file("named.wasm"), join(cache, "jeton-named.wasm"));
    copyFileSync(file("small.wasm"), output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compile({ program, environment, target }, output) {
  const goRoot = goRootWithoutFIPS(cache);
  execFileSync(program, ["build", "-target", target, "-opt", "z", "-panic", "trap", "-o", output, "./wasm"], {
    cwd: join(here, "..", ".."),
    env: {
      ...process.env,
      ...environment,
      GOROOT: goRoot,
      PATH: `${goRoot}/bin:${environment.PATH ?? process.env.PATH}`,
      WASMOPT: join(here, "node_modules", ".bin", "wasm-opt"),
    },
    stdio: "inherit",
  });
}

/** The graph that wasm-metadce takes: one root, from which exactly EXPORTS are reached. */
function reachability() {
  return [{ name: "host", root: true, reaches: EXPORTS }, ...EXPORTS.map((name) => ({ name, export: name }))];
}

const [output] = process.argv.slice(2);
if (!output) {
  console.error("usage: node build.mjs OUTPUT");
  process.exit(2);
}
try {
  build(output);
} catch (error) {
  if (!(error instanceof TinyGoMissing)) throw error;
  console.error(`The small module was not built: ${error.message}`);
  process.exit(3);
}
