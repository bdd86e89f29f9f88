import assert from "node:assert/strict";
import { before, test } from "node:test";
import { builds, cases } from "./cases.mjs";
import { hostNames, runIn } from "./deno-and-bun.mjs";

for (const host of hostNames) {
  for (const { build } of builds) {
    let results = {};

    before(async () => {
      results = await runIn(host, "whole-list.mjs", [build]);
    });

    for (const { name } of cases) {
      test(`${host}, ${build}: ${name}`, () => assert.equal(results[name], "passed"));
    }
  }
}
