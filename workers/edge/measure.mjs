// Measures both builds on this machine: sizes, the first request, and the CPU time that a request takes. `npm run measure`.
//
// The CPU time is that of the whole workerd process with its simulated D1, read from /proc (Linux), and moves by a fifth from run to
// run: compare builds within one run. Other programs should be idle meanwhile.

import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Agent, request as send } from "node:http";
import { gzipSync } from "node:zlib";
import { createTables } from "./local/database.mjs";
import { BUILDS, startWorker } from "./local/runtime.mjs";

const CONNECTIONS = 10;
const SECONDS = 3;
const CLOCK_TICKS = 100; // per second, of /proc

const VERIFY = { path: "/api/token/verify/", method: "POST", body: '{"token":"not a token"}' };
const LOGIN = { path: "/api/token/", method: "POST", body: '{"username":"nobody","password":"x"}' };

/** Sends one request and reads the answer. */
function exchange(url, agent, { path, method, body }) {
  return new Promise((resolve, reject) => {
    const options = { host: url.hostname, port: url.port, agent, path, method, headers: { "Content-Type": "application/json", "Content-Length": body.length } };
    send(options, (response) => response.resume().on("end", () => resolve(response.statusCode))).on("error", reject).end(body);
  });
}

/** The CPU seconds that this process' children have used. */
function childCPU() {
  let ticks = 0;
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    let stat;
    try {
      stat = readFileSync(`/proc/${name}/stat`, "utf8");
    } catch {
      continue; // it has ended
    }
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[1]) === process.pid) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / CLOCK_TICKS;
}

/** Keeps CONNECTIONS busy for SECONDS. Returns the requests per second and the CPU time of each in microseconds. */
async function load(url, request) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const [cpu, start] = [childCPU(), performance.now()];
  const end = start + 1000 * SECONDS;
  let count = 0;
  const worker = async () => {
    for (; performance.now() < end; count++) await exchange(url, agent, request);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { "requests/s": Math.round(count / seconds), "CPU µs/request": Math.round(((childCPU() - cpu) / count) * 1e6) };
}

async function measure(name) {
  const build = BUILDS[name];
  const wasm = readFileSync(`${build.directory}${readdirSync(build.directory).find((file) => file.endsWith(".wasm"))}`);
  // One iteration of PBKDF2 for a user who does not exist: what is measured is the service, not the hash.
  const bindings = { JETON_SIGNING_KEY: randomBytes(48).toString("base64url"), JETON_CONFIG: { PASSWORD_ITERATIONS: 1 } };
  const worker = await startWorker({ build, bindings, log: () => {} });
  try {
    const url = await worker.ready;
    await createTables(await worker.getD1Database("DB"));
    const start = performance.now();
    await exchange(url, undefined, VERIFY);
    const first = Math.round(performance.now() - start);
    const row = { "wasm bytes": wasm.length, "gzip -9": gzipSync(wasm, { level: 9 }).length, "first request ms": first };
    for (const [what, request] of [["verify", VERIFY], ["login (D1)", LOGIN]]) {
      console.log(`Measuring ${name}, ${what}: ${SECONDS} s …`);
      for (const [figure, value] of Object.entries(await load(url, request))) row[`${what}: ${figure}`] = value;
    }
    return row;
  } finally {
    await worker.dispose();
  }
}

const rows = {};
for (const name of Object.keys(BUILDS)) rows[name] = await measure(name);
const figures = Object.keys(Object.values(rows)[0]);
console.table(Object.fromEntries(figures.map((figure) => [figure, Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row[figure]]))])));
