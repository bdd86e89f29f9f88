// The servers that the client is tested with: the real jeton, real Django sites, and what stands between them and the client.

import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const djangoSite = fileURLToPath(new URL("client-django-site.py", import.meta.url));

export const newSecret = () => randomBytes(32).toString("base64url");

let program;

/** Returns the program to run: the one JETON_BIN names, or one built here. */
async function jeton() {
  if (process.env.JETON_BIN) return process.env.JETON_BIN;
  const folder = await mkdtemp(join(tmpdir(), "jeton-program-"));
  process.on("exit", () => void rm(folder, { recursive: true, force: true }));
  await promisify(execFile)("go", ["build", "-o", join(folder, "jeton"), "./workers/cmd/jeton"], { cwd: repository });
  return join(folder, "jeton");
}

/** Starts a program that prints its address, and returns the address and how to stop it. */
async function started(path, args, options) {
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let [printed, log] = ["", ""];
  child.stderr.on("data", (data) => (log += data));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (data) => {
      printed += data;
      const address = /http:\/\/\S+(?=\n)/.exec(printed);
      if (address) resolve(address[0]);
    });
    child.on("error", reject);
    child.on("exit", (status) => reject(new Error(`${path} ended with status ${status}: ${log}`)));
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  };
  return { url, stop };
}

/** Starts `jeton serve` with one user, behind a recorder. */
export async function startJeton(settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "jeton-client-"));
  const path = await (program ??= jeton());
  const database = join(folder, "site.sqlite3");
  const user = { username: "alice", password: newSecret() };
  const adding = promisify(execFile)(path, ["user", "add", user.username, "--password-stdin", "--iterations", "1000", "--db", database]);
  adding.child.stdin.end(user.password);
  await adding;

  let server;
  let secret = newSecret();
  const serve = async (address) => {
    const config = join(folder, "settings.json");
    await writeFile(config, JSON.stringify({ SECRET_KEY: secret, PASSWORD_ITERATIONS: 1000, ...settings }), { mode: 0o600 });
    server = await started(path, ["serve", "--addr", address, "--db", database, "--config", config]);
    return server.url;
  };
  const recorder = await startRecorder(await serve("127.0.0.1:0"));
  return {
    ...recorder,
    user,
    protected: "/api/me/",
    get secret() {
      return secret;
    },
    stop: () => server.stop(),
    startAgain: () => serve(new URL(server.url).host),
    async changeKey() {
      await server.stop();
      secret = newSecret();
      await serve(new URL(server.url).host);
    },
    async remove() {
      await recorder.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a Django site with the package, which is "simplejwt" or "drf-jwt", behind a recorder. */
export async function startDjango(python, dialect, settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "jeton-django-"));
  const user = { username: "alice", password: newSecret() };
  const site = { dialect, folder, secret: newSecret(), user, settings };
  await writeFile(join(folder, "site.json"), JSON.stringify(site), { mode: 0o600 });
  const server = await started(python, [djangoSite, join(folder, "site.json")], { cwd: folder });
  const recorder = await startRecorder(server.url);
  return {
    ...recorder,
    user,
    secret: site.secret,
    protected: "/api/me/",
    async remove() {
      await recorder.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a proxy that writes down every request. A rule, when there is one, comes first: what it returns is the answer, and nothing
 * means that the request goes on.
 *
 * @param {string} [target] where requests go on to; without it they are answered 404
 */
export async function startRecorder(target) {
  const requests = [];
  const recorder = { requests, rule: undefined, url: "" };
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const entry = { method: incoming.method, path: incoming.url, headers: incoming.headers, body: body.toString() };
    requests.push(entry);
    const answer = await recorder.rule?.(entry);
    if (answer !== undefined || target === undefined) {
      const { status = 404, headers = {}, body: text = "" } = answer ?? {};
      entry.status = status;
      if (status === 0) outgoing.destroy(); // a server that breaks off
      else outgoing.writeHead(status, headers).end(typeof text === "object" && !Buffer.isBuffer(text) ? JSON.stringify(text) : text);
      return;
    }
    const outward = forward(new URL(incoming.url, target), { method: incoming.method, headers: incoming.headers }, (response) => {
      entry.status = response.statusCode;
      outgoing.writeHead(response.statusCode, { ...response.headers, ...recorder.addHeaders?.(entry) });
      response.pipe(outgoing);
    });
    outward.on("error", () => outgoing.destroy());
    outward.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  recorder.url = `http://127.0.0.1:${server.address().port}/`;
  return {
    get url() {
      return recorder.url;
    },
    requests,
    /** Sets what comes first. */
    answer: (rule) => (recorder.rule = rule),
    /** Returns the requests to a path. */
    to: (path) => requests.filter((entry) => entry.path === path),
    forget: () => (requests.length = 0),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
