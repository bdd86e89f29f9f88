// Runs the Worker on the local workerd, as `wrangler dev` does, with a local D1 and a demo user. `node run.mjs --help` lists the flags.

import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { keepSecretFile } from "../../workers/edge/local/secret-file.mjs";
import { insertStatement, newPassword } from "../../workers/edge/local/users.mjs";
import { localDatabase, startWorker } from "./local/wrangler.mjs";

const USAGE = `node run.mjs [flags]

  --port N     the port; 0 takes a free one (8788)
  --state DIR  where the database, the signing key and the demo user's password are kept (.jeton)
  --help       this text
`;

const string = (value) => ({ type: "string", default: value });
const { values } = parseArgs({
  options: {
    port: string("8788"),
    state: string(fileURLToPath(new URL(".jeton", import.meta.url))),
    help: { type: "boolean" },
  },
});

/** Makes sure that there is a demo user, and returns the password. */
async function keepDemoUser(database, state) {
  const password = keepSecretFile(join(state, "demo-password"), newPassword);
  const [known] = await database.query(`SELECT count(*) AS count FROM auth_user WHERE username = 'demo'`);
  if (known.count === 0) {
    const file = join(state, "demo-user.sql");
    writeFileSync(file, await insertStatement({ name: "demo", password, jeton: process.env.JETON }), { mode: 0o600 });
    await database.executeFile(file).finally(() => rmSync(file));
  }
  return password;
}

async function main() {
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const state = resolve(values.state);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  chmodSync(state, 0o700);
  const secrets = join(state, "secrets.env");
  keepSecretFile(secrets, () => `JETON_SIGNING_KEY=${randomBytes(48).toString("base64url")}\n`);

  console.log("Preparing the local D1 …");
  const database = localDatabase(state);
  await database.migrate();
  const password = await keepDemoUser(database, state);
  const worker = await startWorker({ state, secrets, port: Number(values.port), log: (text) => process.stderr.write(text) });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, worker.stop);
  console.log(`\n  ${worker.url}/\n  user      demo\n  password  ${password}\n\nCtrl-C stops it.`);
  await worker.ended;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
