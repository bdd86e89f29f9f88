// One list of tests for every JavaScript host and both modules: the tests beside it run each entry. It uses nothing but the package and
// what all hosts have.

import { algorithmCases } from "./cases/algorithms.mjs";
import { boundaryCases } from "./cases/boundary.mjs";
import { claimCases } from "./cases/claims.mjs";
import { hostCases } from "./cases/host.mjs";
import { inputCases } from "./cases/input.mjs";
import { keyCases } from "./cases/keys.mjs";

/** The two builds of the module by the entry that loads each, and whether asymmetric cryptography is inside. */
export const builds = [
  { build: "slim", entry: "index.js", workerd: "workerd.js", full: false },
  { build: "full", entry: "full.js", workerd: "workerd-full.js", full: true },
];

/** @type {import("./cases/support.mjs").Case[]} */
export const cases = [...algorithmCases, ...claimCases, ...keyCases, ...inputCases, ...hostCases, ...boundaryCases];
