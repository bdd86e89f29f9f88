// How a script is run in Deno and in Bun. The package reads its module from the file beside it, so it may read its own folder, and reach
// servers of the tests if it is told so, and nothing else.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const hosts = {
  Deno: {
    program: path("../node_modules/.bin/deno"),
    flags: (server) => ["run", "--no-config", "--no-lock", "--no-remote", `--allow-read=${path("..")}`, ...(server ? [`--allow-net=${server}`] : [])],
    environment: { DENO_DIR: path("../../.cache/deno"), DENO_NO_UPDATE_CHECK: "1" },
  },
  Bun: { program: path("../node_modules/.bin/bun"), flags: () => ["run", "--no-install"], environment: { DO_NOT_TRACK: "1" } },
};

export const hostNames = Object.keys(hosts);

/** Runs a script of this folder, which may reach one server and has to end within so many seconds, and returns the JSON that it prints. */
export async function runIn(host, script, parameters, { server, seconds = 300 } = {}) {
  const { program, flags, environment } = hosts[host];
  const options = { env: { ...process.env, ...environment }, maxBuffer: 1 << 24, timeout: seconds * 1000 };
  const { stdout } = await promisify(execFile)(program, [...flags(server), path(script), ...parameters], options);
  return JSON.parse(stdout);
}
