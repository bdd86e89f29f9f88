// Builds the Worker into build/: the library's glue code, and the Go program as wasm beside it. `node build.mjs`.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const go = (args, env = {}) => execFileSync("go", args, { cwd: here, env: { ...process.env, ...env }, stdio: "inherit" });

console.log("Building the syumai Worker (Go, for js): the first time takes a minute …");
go(["run", "github.com/syumai/workers/cmd/workers-assets-gen", "-mode=go", "-o", "build"]);
go(["build", "-trimpath", "-ldflags=-s -w", "-o", "build/app.wasm", "."], { GOOS: "js", GOARCH: "wasm", CGO_ENABLED: "0" });
