// Prints how large what is shipped is, and what the small module consists of; fails over budget.

import { readFile } from "node:fs/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { verifyOnly } from "./bundle.mjs";
import { sizesByPackage } from "./packages.mjs";

/** The largest sizes allowed, in bytes after gzip -9. */
const budgets = {
  "jeton.wasm": 60_000,
  "jeton-full.wasm": 1_300_000,
  "verify, minified": 6_000,
};

const read = (path) => readFile(new URL(path, import.meta.url));
const files = {
  "jeton.wasm": await read("../dist/jeton.wasm"),
  "jeton-full.wasm": await read("../dist/jeton-full.wasm"),
  "verify, minified": await verifyOnly(),
};

const columns = (name, ...numbers) => [name.padEnd(20), ...numbers.map((number) => String(number).padStart(10))].join("");

console.log(columns("", "raw", "gzip -9", "brotli", "budget"));
for (const [name, bytes] of Object.entries(files)) {
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(columns(name, bytes.length, gzip, brotliCompressSync(bytes).length, budgets[name]));
  if (gzip > budgets[name]) {
    console.error(`${name} is over its budget by ${gzip - budgets[name]} bytes`);
    process.exitCode = 1;
  }
}

const named = await read("../../.cache/jeton-named.wasm").catch(() => undefined);
if (named) {
  const { code, data, sections } = sizesByPackage(named);
  console.log(`\njeton.wasm, bytes: ${sections.code} of code, ${sections.data} of data in ${data} pieces. The code by package:`);
  for (const [name, size] of code) console.log(`${String(size).padStart(8)}  ${name}`);
}
