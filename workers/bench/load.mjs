// Load by wrk, which uses little CPU itself: as many requests as go through on 50 connections, all of them the same POST.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cpuSeconds, run } from "./processes.mjs";

export const CONNECTIONS = 50;

/** What wrk runs: the request, and a last line of figures in JSON. */
const script = (body) => `
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = ${JSON.stringify(body)}
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"errors":"%s"}\\n', summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    string.format("%d not connected, %d not read, %d not written, %d refused, %d timed out", e.connect, e.read, e.write, e.status, e.timeout)))
end
`;

/** Whether wrk is installed. */
export const hasWrk = () => run("which", ["wrk"]).then(() => true, () => false);

/**
 * Loads an endpoint for some seconds. Returns requests per second, the latencies' 50th and 99th percentile in milliseconds, and the CPU
 * time of the server's processes per request in microseconds. A request that fails, or is not answered with 2xx, ends the measurement.
 */
export async function load({ url, pids }, { path, body }, { seconds, scratch, connections = CONNECTIONS }) {
  const file = join(scratch, "request.lua");
  writeFileSync(file, script(JSON.stringify(body)));
  const before = cpuSeconds(pids());
  const output = await run("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "30s", "-s", file, new URL(path, url).href]);
  const cpu = cpuSeconds(pids()) - before;
  const found = JSON.parse(output.trim().split("\n").at(-1));
  if (/[1-9]/.test(found.errors) || found.requests === 0) throw new Error(`of ${found.requests} requests to ${url}${path}: ${found.errors}`);
  return { requests: found.requests, rate: found.requests / found.seconds, p50: found.p50, p99: found.p99, cpu: (cpu / found.requests) * 1e6 };
}

/** Sends one POST and returns status and body. */
export async function post(url, path, body) {
  const response = await fetch(new URL(path, url), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : JSON.parse(text) };
}

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/**
 * Takes the contestants in turns, each round begun by another one, and returns the median of each figure. A first turn of each is not
 * counted: what a fresh server takes beside is measured by itself.
 */
export async function rounds(contestants, count, measure) {
  const names = Object.keys(contestants);
  for (const name of names) await measure(contestants[name]);
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length];
      found[name].push(await measure(contestants[name]));
    }
  }
  const medians = (list) => Object.fromEntries(Object.keys(list[0]).map((figure) => [figure, median(list.map((one) => one[figure]))]));
  return Object.fromEntries(names.map((name) => [name, medians(found[name])]));
}
