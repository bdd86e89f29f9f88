// Runs the service on the local workerd, with a local D1 database and a demo user. `node local.mjs --help` lists the flags.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTables } from "./local/database.mjs";
import { BUILDS, startWorker } from "./local/runtime.mjs";
import { keepSecretFile } from "./local/secret-file.mjs";
import { keepDemoUser } from "./local/users.mjs";

const USAGE = `node local.mjs [flags]

Serves the login endpoints on the local workerd, with users in a local D1 database, on 127.0.0.1.

  --port N          the port; 0 takes a free one (8787)
  --build NAME      edge, or syumai (edge)
  --state DIR       where the database and the signing key are kept (.jeton/edge in the repository)
  --demo-user FILE  the demo user's name and password, JSON (.jeton/jeton.sqlite3.demo-user in the repository)
  --jeton FILE      a built jeton command; without it "go run" builds one when it is needed
  --help            this text
`;

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Ends the program: with status 2 when the command line is wrong, 1 otherwise. */
function fail(message, status = 1) {
  console.error(`local.mjs: ${message}`);
  process.exit(status);
}

function readFlags() {
  const string = (value) => ({ type: "string", default: value });
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: string("8787"),
        build: string("edge"),
        state: string(inRepository(".jeton/edge")),
        "demo-user": string(inRepository(".jeton/jeton.sqlite3.demo-user")),
        jeton: { type: "string" },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    fail(`${error.message}\nSee node local.mjs --help`, 2);
  }
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) fail("--port: not a port number", 2);
  const build = BUILDS[values.build];
  if (!build) fail(`--build: not one of ${Object.keys(BUILDS).join(", ")}`, 2);
  if (!existsSync(`${build.directory}${build.entry}`)) fail(`--build ${values.build}: it is not built yet: run "npm run build" here first`, 2);
  return { name: values.build, build, port, state: resolve(values.state), file: resolve(values["demo-user"]), jeton: values.jeton && resolve(values.jeton) };
}

/** Rejects when something listens on the port already. */
function checkPort(port) {
  return new Promise((done, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(port, "127.0.0.1", () => probe.close(done));
  });
}

/** Whether the password, which may have been changed, still opens the account. */
async function logsIn(url, { username, password }) {
  const response = await fetch(new URL("/api/token/", url), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  return response.ok;
}

async function main() {
  const { name, build, port, state, file, jeton } = readFlags();
  await checkPort(port).catch(() => fail(`--port ${port}: it is in use, or may not be used`));
  const signingKey = keepSecretFile(`${state}/signing-key`, () => randomBytes(64).toString("base64url") + "\n").trim();

  console.log(`Starting workerd with the ${name} build …`);
  const log = (line, level) => (level === "error" || level === "warn" ? console.error(line) : console.log(line));
  const worker = await startWorker({ build, bindings: { JETON_SIGNING_KEY: signingKey }, port, state, log });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    console.log("\nStopping.");
    await worker.dispose();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal).on(signal, stop); // Miniflare's own would not wait

  const url = await worker.ready;
  const database = await worker.getD1Database("DB");
  await createTables(database);
  const demo = await keepDemoUser(database, { file, jeton });
  const known = demo.password !== "" && (await logsIn(url, demo));
  console.log(`\n  ${url}\n  user      ${demo.username}\n  password  ${known ? demo.password : `not known: to start anew, delete ${state}`}\n\nCtrl-C stops it.`);
}

main().catch((error) => fail(error.message));
