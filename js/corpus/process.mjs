// The corpus in a process of Node, Deno or Bun: "process.mjs BUILD CASES" prints the outcomes as JSON.

import { readFile } from "node:fs/promises";
import process from "node:process";
import { builds } from "../test/cases.mjs";
import { outcomes } from "./outcomes.mjs";

const [name, file] = process.argv.slice(2);
const build = builds.find((candidate) => candidate.build === name);
const jeton = await import(`../dist/${build.entry}`);
const { cases } = JSON.parse(await readFile(file, "utf8"));
process.stdout.write(JSON.stringify(await outcomes(jeton, build, cases)));
