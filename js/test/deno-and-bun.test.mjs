import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { boundaryCases } from "./boundary-cases.mjs";
import { builds, cases } from "./cases.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// The package reads its module from the file beside it, so it may read its own folder, and nothing else.
const hosts = [
  {
    name: "Deno",
    program: path("../node_modules/.bin/deno"),
    flags: ["run", "--no-config", "--no-lock", "--no-remote", `--allow-read=${path("..")}`],
    environment: { DENO_DIR: path("../../.cache/deno"), DENO_NO_UPDATE_CHECK: "1" },
  },
  { name: "Bun", program: path("../node_modules/.bin/bun"), flags: ["run", "--no-install"], environment: { DO_NOT_TRACK: "1" } },
];

for (const { name: host, program, flags, environment } of hosts) {
  for (const { build } of builds) {
    let results = {};

    before(async () => {
      const { stdout } = await promisify(execFile)(program, [...flags, path("whole-list.mjs"), build], { env: { ...process.env, ...environment }, maxBuffer: 1 << 24 });
      results = JSON.parse(stdout);
    });

    for (const { name } of [...cases, ...boundaryCases]) {
      test(`${host}, ${build}: ${name}`, () => assert.equal(results[name], "passed"));
    }
  }
}
