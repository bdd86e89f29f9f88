// Builds the Worker into dist/: the Go module as wasm, and the shim's modules beside it. `npm run build`.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = `${here}dist`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

console.log("Building the edge Worker (Go, for wasip1): the first time takes a minute …");
const started = `${dist}/jeton-edge.wasm`;
const compiled = `${dist}/compiled.wasm`;
execFileSync(
  "go",
  ["build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-o", compiled, "."],
  { cwd: here, env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm", CGO_ENABLED: "0" }, stdio: "inherit" },
);
// Go's runtime starts, and some requests are rehearsed, here instead of in every isolate. README.md says what that freezes.
execFileSync(
  `${here}node_modules/.bin/wizer`,
  ["--allow-wasi", "--wasm-bulk-memory", "true", "--init-func", "jeton_edge_rehearse", "-o", started, compiled],
  { stdio: "inherit" },
);
rmSync(compiled);
for (const file of readdirSync(`${here}shim`)) copyFileSync(`${here}shim/${file}`, `${dist}/${file}`);
