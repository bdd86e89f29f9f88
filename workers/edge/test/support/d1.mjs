// D1 for the Go tests: a Worker that performs the operations it is sent by the shim's own code. `node d1.mjs COUNT` has so many databases,
// DB0 and so on, each of them empty. A request's path names the database, its body is the operation, and the response's the answer. The
// first line of standard output is the Worker's URL; it ends with its standard input.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const worker = `
import { FrameReader } from "./frame.mjs";
import { perform } from "./operations.mjs";

export default {
  async fetch(request, env) {
    const operation = new FrameReader(new Uint8Array(await request.arrayBuffer()));
    return new Response(await perform(operation, { DB: env[new URL(request.url).pathname.slice(1)] }));
  },
};
`;

const shim = fileURLToPath(new URL("../../shim/", import.meta.url));

/** The shim's modules that a module imports, and those that they import. */
function imported(source, found = new Map()) {
  for (const [, name] of source.matchAll(/ from "\.\/([a-z-]+\.mjs)"/g)) {
    if (found.has(name)) continue;
    found.set(name, readFileSync(`${shim}${name}`, "utf8"));
    imported(found.get(name), found);
  }
  return found;
}

const names = Array.from({ length: Number(process.argv[2]) }, (_, number) => `DB${number}`);
const miniflare = new Miniflare({
  host: "127.0.0.1",
  port: 0,
  cf: false,
  telemetry: { enabled: false },
  logRequests: false,
  compatibilityDate: "2026-07-01",
  modulesRoot: shim,
  modules: [
    { type: "ESModule", path: `${shim}d1-worker.mjs`, contents: worker },
    ...[...imported(worker)].map(([name, contents]) => ({ type: "ESModule", path: `${shim}${name}`, contents })),
  ],
  d1Databases: Object.fromEntries(names.map((name) => [name, name])),
  d1Persist: false,
});
console.log(String(await miniflare.ready));
process.stdin.resume().on("end", async () => {
  await miniflare.dispose();
  process.exit(0);
});
