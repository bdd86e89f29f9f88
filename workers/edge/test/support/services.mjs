// The three ways to run the service, each started the same way: on workerd with D1 as edge and as syumai build, and natively.

import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createTables, runStatement } from "../../local/database.mjs";
import { BUILDS, startWorker } from "../../local/runtime.mjs";
import { insertStatement, newPassword } from "../../local/users.mjs";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "jeton-edge-test-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** The jeton command: the one that JETON_BIN names, or one built now. */
export const jeton = process.env.JETON_BIN ?? buildJeton();

function buildJeton() {
  const path = join(scratch, "jeton");
  execFileSync("go", ["build", "-o", path, "./workers/cmd/jeton"], { cwd: repository, stdio: "inherit" });
  return path;
}

/** A new HMAC secret. */
export const newSecret = () => randomBytes(48).toString("base64url");

/** A user to add: `iterations` are those of the password's hash. */
export const newUser = (name, more = {}) => ({ name, password: newPassword(), iterations: 1000, ...more });

/** Which builds there are on workerd. */
export const workerBuilds = Object.keys(BUILDS);

/**
 * Starts a build on workerd.
 *
 * @param {string} name
 * @param {object} [options]
 * @param {Record<string, unknown>} [options.bindings] a signing key unless given
 * @param {boolean} [options.database] whether the database is bound
 * @param {boolean | string[]} [options.tables] whether it has its tables, or which groups of them, as createTables takes them
 * @param {object[]} [options.users] as newUser returns them
 * @param {object} [options.rateLimits] as startWorker takes them
 * @param {string} [options.source] the text of a module to run in place of the build's entry
 */
export async function startBuild(name, { bindings, database = true, tables = true, users = [], rateLimits, source } = {}) {
  const build = BUILDS[name];
  if (!existsSync(`${build.directory}${build.entry}`)) throw new Error(`the ${name} build is missing: run "npm run build" first`);
  const lines = [];
  const worker = await startWorker({
    build: source ? { ...build, entry: "observed.mjs", source } : build,
    bindings: bindings ?? { JETON_SIGNING_KEY: newSecret() },
    database,
    rateLimits,
    log: (line) => lines.push(line),
  });
  const d1 = database ? await worker.getD1Database("DB") : undefined;
  if (tables && d1) await createTables(d1, tables === true ? undefined : tables);
  for (const user of users) await runStatement(d1, await insertStatement({ ...user, jeton }));
  return { name, url: await worker.ready, lines, d1, stop: () => worker.dispose() };
}

/** Starts `jeton serve` with a configuration as JETON_CONFIG takes it. `statements` change its database first. */
export async function startNative({ config, users = [], statements = [] }) {
  const directory = mkdtempSync(join(scratch, "native-"));
  const [db, settings] = [join(directory, "db.sqlite3"), join(directory, "settings.json")];
  writeFileSync(settings, JSON.stringify(config), { mode: 0o600 });
  for (const user of users) await addNativeUser(db, user);
  for (const statement of statements) execFileSync("python3", ["-c", RUN_STATEMENT, db, statement]);
  const server = spawn(jeton, ["serve", "--addr", "127.0.0.1:0", "--db", db, "--config", settings], { stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const url = await new Promise((resolve, reject) => {
    const read = (line) => {
      lines.push(line);
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(line);
      if (found) resolve(new URL(found[0]));
    };
    for (const stream of [server.stdout, server.stderr]) createInterface({ input: stream }).on("line", read);
    server.on("error", reject).on("exit", (status) => reject(new Error(`jeton serve ended with ${status}: ${lines.join("; ")}`)));
  });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const stop = () => {
    server.kill("SIGTERM");
    return ended;
  };
  return { name: "native", url, lines, stop };
}

/** Python, because Node 20 has no SQLite. */
const RUN_STATEMENT = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.execute(sys.argv[2])
`;

async function addNativeUser(db, { name, password, iterations, more = [] }) {
  const flags = ["user", "add", name, "--password-stdin", "--iterations", String(iterations), "--db", db, ...more];
  await new Promise((resolve, reject) => {
    execFile(jeton, flags, (error) => (error ? reject(error) : resolve())).stdin.end(password);
  });
}
