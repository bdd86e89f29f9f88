// Builds the Worker into dist/: the Go module as wasm, and the shim's modules beside it. `npm run build`.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = `${here}dist`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

console.log("Building the edge Worker (Go, for wasip1): the first time takes a minute …");
execFileSync(
  "go",
  ["build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-o", `${dist}/jeton-edge.wasm`, "."],
  { cwd: here, env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm", CGO_ENABLED: "0" }, stdio: "inherit" },
);
for (const file of readdirSync(`${here}shim`)) copyFileSync(`${here}shim/${file}`, `${dist}/${file}`);
