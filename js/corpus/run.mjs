// Runs core/corpus in every host and prints what differs from what is expected: "node run.mjs [CASES]". Without a file it expands the
// corpus, Wycheproof's cases included. It fails on any difference.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hosts } from "./hosts.mjs";
import { exceptions, judge } from "./judge.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Fewer than these would mean that a collection was not read, or that a host is spared what it could be asked. */
const fewestCases = 2700;
const fewestAsked = 1200;

async function expand(file) {
  const { stdout } = await promisify(execFile)("go", ["run", "./core/corpus/expand", "-wycheproof"], { cwd: repository, maxBuffer: 1 << 28 });
  await writeFile(file, stdout);
}

/** Runs the hosts one after another, since each takes all of a processor. */
async function runAll(file) {
  const { cases } = JSON.parse(await readFile(file, "utf8"));
  const verdicts = [];
  for (const host of hosts) {
    const start = performance.now();
    let outcomes = [];
    let failure;
    try {
      outcomes = await host.run(file);
    } catch (error) {
      failure = `${host.name} does not run: ${error.message}`;
    }
    const verdict = judge(host.name, cases, outcomes);
    verdicts.push({ host: host.name, seconds: (performance.now() - start) / 1000, ...verdict, ...(failure ? { differences: [failure] } : {}) });
  }
  return { cases, verdicts };
}

function print(cases, verdicts) {
  const groups = [...verdicts[0].counts.keys()];
  const rows = [
    ["host", ...groups, "all", "seconds"],
    ...verdicts.map(({ host, counts, seconds }) => {
      const all = { met: 0, asked: 0 };
      const cells = groups.map((group) => {
        const { met, asked } = counts.get(group);
        all.met += met;
        all.asked += asked;
        return cell({ met, asked });
      });
      return [host, ...cells, cell(all), seconds.toFixed(1)];
    }),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))).join("  "));

  console.log(`\n${cases.length} cases. A single number: so many, all as expected; a dash: none was asked.`);
  for (const reason of new Set(verdicts.flatMap(({ skipped }) => [...skipped.keys()]))) {
    const asked = verdicts.filter(({ skipped }) => skipped.has(reason));
    console.log(`Not asked: ${reason}: ${[...new Set(asked.map(({ skipped }) => skipped.get(reason)))].join(" or ")} (${asked.map(({ host }) => host).join("; ")}).`);
  }
  for (const { name, outcome, reason, hosts: where } of exceptions) console.log(`Exception: ${name}: ${outcome} in ${where.source.replaceAll("|", ", ")}: ${reason}.`);
}

function cell({ met, asked }) {
  if (asked === 0) return "-";
  return met === asked ? String(met) : `${met}/${asked}`;
}

/** Returns what is wrong over all hosts. */
function faults(cases, verdicts) {
  const found = verdicts.flatMap(({ differences }) => differences);
  for (const exception of exceptions) {
    if (!verdicts.some(({ excepted }) => excepted.has(exception))) found.push(`the exception for ${exception.name} covers no case`);
  }
  if (cases.length < fewestCases) found.push(`only ${cases.length} cases`);
  for (const { host, counts } of verdicts) {
    const asked = [...counts.values()].reduce((sum, count) => sum + count.asked, 0);
    if (asked < fewestAsked) found.push(`${host} is asked only ${asked} cases`);
  }
  return found;
}

const directory = await mkdtemp(join(tmpdir(), "jeton-corpus-"));
try {
  const given = process.argv[2];
  const file = given ?? join(directory, "cases.json");
  if (!given) await expand(file);
  const { cases, verdicts } = await runAll(file);
  print(cases, verdicts);
  const found = faults(cases, verdicts);
  for (const fault of found) console.error(fault);
  process.exitCode = found.length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true });
}
