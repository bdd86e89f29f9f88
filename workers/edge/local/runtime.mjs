// Workers on the local workerd: what Miniflare needs to know of each build.

import { readdirSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The builds of the service, by name: where each lies, and its entry module. */
export const BUILDS = {
  edge: { directory: folder("../dist/"), entry: "worker.mjs" },
  syumai: { directory: folder("../../syumai/build/"), entry: "worker.mjs" },
};

/**
 * Starts a Worker with a D1 database named DB. It listens on 127.0.0.1 only.
 *
 * @param {object} options
 * @param {{directory: string, entry: string, source?: string}} options.build `source` is the entry's text when it is not in the directory
 * @param {Record<string, unknown>} options.bindings texts the Worker sees as its environment
 * @param {number} [options.port] 0 takes a free one
 * @param {string} [options.state] the directory that keeps the database; without one it is in memory
 * @param {boolean} [options.database] whether there is a database
 * @param {Record<string, {limit: number, period: 10 | 60}>} [options.rateLimits] rate limiting bindings by name
 * @param {(line: string, level: string) => void} options.log takes each line that the Worker logs
 */
export async function startWorker({ build, bindings, port = 0, state, database = true, rateLimits = {}, log }) {
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port,
    cf: false,
    telemetry: { enabled: false },
    logRequests: false,
    log: new Log(LogLevel.WARN),
    handleStructuredLogs: ({ message, level }) => void log(message, level),
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["enable_request_signal"],
    modulesRoot: build.directory,
    modules: workerModules(build),
    bindings,
    d1Databases: database ? { DB: "jeton" } : {},
    ratelimits: Object.fromEntries(Object.entries(rateLimits).map(([name, simple], i) => [name, { namespace_id: String(i + 1), simple }])),
    d1Persist: state ? `${state}/d1` : false,
  });
  await miniflare.ready;
  return miniflare;
}

/** The build's modules, its entry first. */
function workerModules({ directory, entry, source }) {
  const files = readdirSync(directory).filter((file) => file !== entry && MODULE_TYPES[extname(file)]);
  const first = { type: "ESModule", path: `${directory}${entry}`, contents: source };
  return [first, ...files.map((file) => ({ type: MODULE_TYPES[extname(file)], path: `${directory}${file}` }))];
}

const MODULE_TYPES = { ".mjs": "ESModule", ".js": "ESModule", ".wasm": "CompiledWasm" };
