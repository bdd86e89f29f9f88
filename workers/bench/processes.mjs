// Programs started for a measurement, and what they use: CPU time and memory as /proc (Linux) has them.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const CLOCK_TICKS = 100; // per second, of /proc

/** Starts a program that says on one of its outputs at which http://127.0.0.1 address it listens. */
export async function startServer(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const lines = [];
  const url = await new Promise((resolve, reject) => {
    const read = (line) => {
      if (lines.length < 50) lines.push(line);
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(new URL(found[0]));
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", read);
    child.on("error", reject).on("exit", (status) => reject(new Error(`${command} ended with ${status}: ${lines.join("; ")}`)));
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return {
    url,
    pid: child.pid,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Runs a program to its end and returns what it printed. */
export function run(command, args, { input, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], ...options });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stdin.on("error", () => {}).end(input ?? "");
    child.on("error", reject).on("close", (status) => (status === 0 ? resolve(output) : reject(new Error(`${command} ended with ${status}`))));
  });
}

/** The fields of /proc/PID/stat behind the name, or undefined when the process has ended. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    return { name: stat.slice(stat.indexOf("(") + 1, end), fields: stat.slice(end + 2).split(" ") };
  } catch {
    return undefined;
  }
}

/** A process and all that it has started. */
export function family(pid) {
  const parents = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => [Number(entry), Number(statOf(entry)?.fields[1])]);
  const found = [pid];
  for (const member of found) found.push(...parents.filter(([, parent]) => parent === member).map(([child]) => child));
  return found;
}

/** The workerd processes that this one has started. */
export const workerdProcesses = () => family(process.pid).filter((pid) => statOf(pid)?.name === "workerd");

/** The CPU seconds that processes have used. */
export function cpuSeconds(pids) {
  const ticks = pids.map((pid) => statOf(pid)?.fields).filter(Boolean);
  return ticks.reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) / CLOCK_TICKS;
}

/** The resident memory of processes, in bytes. */
export function residentBytes(pids) {
  const kilobytes = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024;
}
