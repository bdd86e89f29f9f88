// Starts the real server with the built page, a database of its own and a free port.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const built = fileURLToPath(new URL("../../dist", import.meta.url));

let program;

/** Returns the program to run: the one JETON_BIN names, or one built here. */
async function binary(folder) {
  if (process.env.JETON_BIN) return process.env.JETON_BIN;
  await promisify(execFile)("go", ["build", "-o", join(folder, "jeton"), "./workers/cmd/jeton"], { cwd: repository });
  return join(folder, "jeton");
}

/**
 * Starts `jeton serve --demo`.
 *
 * @param {object} [settings] what --config takes
 * @returns its address, the demo user, the secret that signs, and ways to stop it and start it again on the same port
 */
export async function startServer(settings) {
  const folder = await mkdtemp(join(tmpdir(), "jeton-page-"));
  const database = join(folder, "site.sqlite3");
  program ??= binary(folder);
  const path = await program;
  const config = [];
  if (settings) {
    await writeFile(join(folder, "settings.json"), JSON.stringify(settings), { mode: 0o600 });
    config.push("--config", join(folder, "settings.json"));
  }
  let child;

  async function start(address) {
    child = spawn(path, ["serve", "--demo", "--addr", address, "--db", database, "--demo-dir", built, ...config], { stdio: ["ignore", "pipe", "pipe"] });
    let [printed, log] = ["", ""];
    child.stderr.on("data", (data) => (log += data));
    return new Promise((resolve, reject) => {
      child.stdout.on("data", (data) => {
        printed += data;
        const url = /http:\/\/\S+(?=\n)/.exec(printed);
        if (url) resolve(url[0]);
      });
      child.on("error", reject);
      child.on("exit", (status) => reject(new Error(`the server ended with status ${status}: ${log}`)));
    });
  }

  async function stop() {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  const url = await start("127.0.0.1:0");
  return {
    url,
    demo: JSON.parse(await readFile(`${database}.demo-user`, "utf8")),
    secret: settings?.SECRET_KEY ?? (await readFile(`${database}.signing-key`, "utf8")).trim(),
    stop,
    startAgain: () => start(new URL(url).host),
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
