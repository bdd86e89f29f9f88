// Prints how large the module's memory is before and after a number of HS256 verifications: `node memory.mjs slim|full TIMES`. A process of
// its own, since a process has one module.

import { randomBytes } from "node:crypto";

const [build, times] = process.argv.slice(2);
const jeton = await import(build === "full" ? "../dist/full.js" : "../dist/index.js");
const { readyNow } = await import("../dist/jeton.js");

const key = await jeton.importKey(randomBytes(32), "HS256");
const tokens = Array.from({ length: 64 }, (_, i) => jeton.encodeSync({ sub: `user-${i}` }, key, { expiresIn: "1h" }));
const start = readyNow().memoryBytes;
for (let i = 0; i < Number(times); i++) jeton.verifySync(tokens[i % tokens.length], key);
console.log(JSON.stringify({ start, end: readyNow().memoryBytes }));
