// What the tests share: a directory of their own, the jeton program, and requests.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The jeton program, which the Makefile has built. */
export const jeton = process.env.JETON ?? folder("../../../bin/jeton");

const scratch = mkdtempSync(join(tmpdir(), "jeton-cloudflare-test-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** A new directory, gone when the tests are. */
export const newDirectory = () => mkdtempSync(join(scratch, "state-"));

export const run = promisify(execFile);

/** Sends JSON, or GET without any, and returns the status and the body. */
export async function call(url, path, data, token) {
  const headers = { ...(data && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(url + path, { method: data ? "POST" : "GET", headers, body: data && JSON.stringify(data) });
  return { status: response.status, body: await response.json() };
}

/** Starts a program, and resolves with what it prints once that matches. `stop` ends it and resolves with its status. */
export async function start(command, args, pattern, options = {}) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const stop = (signal) => {
    if (signal) child.kill(signal);
    child.stdin.end();
    return ended;
  };
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const found = await new Promise((resolve, reject) => {
    child.stdout.on("data", () => {
      const match = pattern.exec(printed);
      if (match) resolve(match);
    });
    child.on("error", reject);
    ended.then((status) => reject(new Error(`${command} ended with ${status}:\n${printed}`)));
  });
  return { found, stop };
}
