// Measures everything, prints tables and writes bench.json: `node bench.mjs [--rounds 51] [--turn 6] [--json bench.json]
// [--readme README.md]`.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { bundle, dist } from "./bundle.mjs";
import { inChromium } from "./chromium.mjs";
import { first } from "./first.mjs";
import { inNode } from "./node.mjs";
import { writeSection } from "./readme.mjs";
import { report, summary } from "./report.mjs";
import { inWorkerd } from "./workerd.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "51" },
    turn: { type: "string", default: "6" },
    json: { type: "string", default: "bench.json" },
    readme: { type: "string" },
  },
});
const settings = { rounds: Math.max(10, Number(values.rounds)), turn: Number(values.turn) };

async function memory(build, times) {
  const file = fileURLToPath(new URL("./memory.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, build, String(times)]);
  return JSON.parse(stdout);
}

await bundle();
const results = {
  hosts: [await inNode(settings), await inChromium(dist, settings), await inWorkerd(dist, { ...settings, turn: settings.turn * 4 })],
  first: await first(dist, 15),
  memory: { times: 1e6, slim: await memory("slim", 1e6), full: await memory("full", 1e6) },
};
await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
if (values.readme) writeSection(values.readme, "js", summary(results, settings));
console.log(report(results));
