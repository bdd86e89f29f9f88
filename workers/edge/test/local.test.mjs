// The local run: what it prints works, is the same the next time and for the other build, and stays between this machine's owner and it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { exchange, post } from "./support/http.mjs";
import { jeton } from "./support/services.mjs";

const program = fileURLToPath(new URL("../local.mjs", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "jeton-local-test-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const state = join(scratch, "state");
const demoUser = join(scratch, "demo", "demo-user");
const flags = ["--port", "0", "--state", state, "--demo-user", demoUser, "--jeton", jeton];

/** Starts the program. `ended` resolves with its status and all it printed. */
function run(...args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "" };
  const ended = new Promise((resolve) => child.on("close", (status) => resolve({ status, text: output.text })));
  const printed = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output.text);
        if (found) resolve(found);
      };
      for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
      ended.then(({ text }) => reject(new Error(`it ended: ${text}`)));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output.text += text));
  return { child, ended, printed };
}

/** Starts the service, logs in with what it prints, and interrupts it. */
async function session(...args) {
  const { child, ended, printed } = run(...flags, ...args);
  const [, url, username, password] = await printed(/(http:\/\/127\.0\.0\.1:\d+\/)\n +user +(\S+)\n +password +(.+)\n/);
  const answer = await exchange(new URL(url), post("/api/token/", { username, password }));
  child.kill("SIGINT");
  const { status } = await ended;
  return { username, password, answer, status };
}

test("the printed user logs in, and an interrupt stops the service", async () => {
  const { username, password, answer, status } = await session();
  assert.equal(answer.status, 200);
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(readFileSync(demoUser, "utf8")), { username, password });
  for (const file of [demoUser, join(state, "signing-key")]) assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("the other build has the same users and the same password", async () => {
  const { password, answer, status } = await session("--build", "syumai");
  assert.equal(answer.status, 200);
  assert.equal(status, 0);
  assert.equal(JSON.parse(readFileSync(demoUser, "utf8")).password, password);
});

test("a password that is not known is not made up", async () => {
  rmSync(demoUser);
  assert.match((await session()).password, /^not known/);
  writeFileSync(demoUser, JSON.stringify({ username: "demo", password: "another" }), { mode: 0o600 });
  assert.match((await session()).password, /^not known/);
});

test("flags that cannot be used are named, with status 2", async () => {
  for (const [args, named] of [
    [["--port", "x"], /--port/],
    [["--port", "65536"], /--port/],
    [["--build", "other"], /--build/],
    [["--nonsense"], /--nonsense/],
  ]) {
    const { status, text } = await run(...args).ended;
    assert.equal(status, 2);
    assert.match(text, named);
  }
});

test("a port in use is named, with status 1", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.on("listening", resolve));
  const { status, text } = await run("--port", String(server.address().port), "--state", state).ended;
  server.close();
  assert.equal(status, 1);
  assert.match(text, /--port/);
});
