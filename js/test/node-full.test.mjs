// The list over the full module: a process of its own, because a process has one module.

import { test } from "node:test";
import * as jeton from "../dist/full.js";
import { builds, cases } from "./cases.mjs";

const [, full] = builds;

for (const { name, run } of cases) test(`Node, full: ${name}`, () => run(jeton, full));
