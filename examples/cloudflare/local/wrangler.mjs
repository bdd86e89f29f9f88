// Wrangler as a user would call it, kept on this machine: a local D1, no account, no metrics.

import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const project = fileURLToPath(new URL("../", import.meta.url));
const program = `${project}node_modules/wrangler/bin/wrangler.js`;
const environment = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" };

/** Runs a command of wrangler, and returns what it prints. */
export async function wrangler(...args) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { cwd: project, env: environment, maxBuffer: 1 << 24 });
    return stdout;
  } catch (error) {
    throw new Error(`wrangler ${args.slice(0, 2).join(" ")} failed:\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

/** The commands on the D1 database in the directory `state`. */
export function localDatabase(state) {
  const here = ["jeton", "--local", "--persist-to", state];
  return {
    /** Makes the tables that are missing. */
    migrate: () => wrangler("d1", "migrations", "apply", ...here),
    /** Runs the statements of a file. */
    executeFile: (path) => wrangler("d1", "execute", ...here, "--file", path, "--yes"),
    /** Returns the rows of a query. */
    query: async (command) => JSON.parse(await wrangler("d1", "execute", ...here, "--json", "--command", command))[0].results,
  };
}

/**
 * Starts the Worker on the local workerd, with the secrets and variables of a file.
 *
 * @param {{state: string, secrets: string, port?: number, log?: (text: string) => void}} options
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function startWorker({ state, secrets, port = 0, log = () => {} }) {
  const args = ["dev", "--local", "--ip", "127.0.0.1", "--port", String(port), "--persist-to", state, "--env-file", secrets, "--show-interactive-dev-session=false"];
  const child = spawn(process.execPath, [program, ...args], { cwd: project, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let printed = "";
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        log(text);
        printed += text;
        const found = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed);
        if (found) resolve(found[1]);
      });
    }
    child.on("error", reject);
    ended.then((status) => reject(new Error(`wrangler dev ended with ${status}:\n${printed}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { url, ended, stop };
}
