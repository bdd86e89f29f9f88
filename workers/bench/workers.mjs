// The Workers of the edge comparison on the local workerd, each with a D1 database of the same one user.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { createTables, runStatement } from "../edge/local/database.mjs";
import { BUILDS, startWorker } from "../edge/local/runtime.mjs";
import { insertStatement } from "../edge/local/users.mjs";
import { workerdProcesses } from "./processes.mjs";

const contestants = fileURLToPath(new URL("contestants/", import.meta.url));

/** Bundles the JavaScript Workers, and returns every Worker's folder and entry by name. */
export async function prepareWorkers(scratch) {
  const bundled = ["hono", "jose", "noop"];
  for (const name of bundled) {
    const outfile = join(scratch, name, "worker.mjs");
    await build({ entryPoints: [`${contestants}${name}.mjs`], outfile, bundle: true, format: "esm", minify: true, conditions: ["workerd"], logLevel: "error" });
  }
  const javascript = Object.fromEntries(bundled.map((name) => [name, { directory: join(scratch, name) + "/", entry: "worker.mjs" }]));
  return { ...BUILDS, ...javascript, recording: recordingBuild() };
}

/** The edge build with the entry that writes its statements down. */
const recordingBuild = () => ({ ...BUILDS.edge, entry: "recording.mjs", source: readFileSync(`${contestants}recording.mjs`, "utf8") });

/** Starts one Worker. `user` is the statement that adds the user. */
export async function start(build, { secret, user, bindings = {} }) {
  const before = new Set(workerdProcesses());
  const config = { SIMPLE_JWT: { ACCESS_TOKEN_LIFETIME: 86400, REFRESH_TOKEN_LIFETIME: 86400 } };
  const worker = await startWorker({ build, bindings: { JETON_SIGNING_KEY: secret, JETON_CONFIG: config, ...bindings }, log: () => {} });
  const database = await worker.getD1Database("DB");
  await createTables(database);
  if (user) await runStatement(database, user);
  const pids = workerdProcesses().filter((pid) => !before.has(pid));
  return { url: await worker.ready, pids: () => pids, stop: () => worker.dispose() };
}

/** The statement that adds the user, with a hash that is quick to check: passwords are not what is measured. */
export const userStatement = ({ username, password, jeton }) => insertStatement({ name: username, password, jeton, iterations: 1000 });
