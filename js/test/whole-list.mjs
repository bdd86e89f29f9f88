// The list in one process of a host without a test runner of ours: "whole-list.mjs BUILD" prints what each case came to, as JSON.

import process from "node:process";
import { builds, cases } from "./cases.mjs";

const build = builds.find((candidate) => candidate.build === process.argv[2]);
const jeton = await import(`../dist/${build.entry}`);
const results = {};
for (const { name, run } of cases) {
  results[name] = await run(jeton, build).then(() => "passed", (error) => String(error?.stack ?? error));
}
process.stdout.write(JSON.stringify(results));
