// How long a process or page that has loaded nothing takes until it has verified its first token: loading, compiling, importing the key.

import { execFile } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { firstInChromium } from "./chromium.mjs";
import { median } from "./rounds.mjs";

/** The contestants, by the file in first/ that is theirs. */
const names = ["slim", "full", "jose"];

export async function first(dist, times) {
  const secret = randomBytes(32);
  const [header, payload] = [{ alg: "HS256", typ: "JWT" }, { sub: "alice", exp: Math.floor(Date.now() / 1000) + 86400 }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"));
  const token = `${header}.${payload}.${createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url")}`;
  return {
    node: await firstInNode({ secret, token, times }),
    chromium: await firstInChromium(dist, names, { secret, token, times }),
  };
}

async function firstInNode({ secret, token, times }) {
  const found = Object.fromEntries(names.map((name) => [name, []]));
  const script = `
    const [, name, secret, token] = process.argv;
    const start = performance.now();
    const { first } = await import(name);
    await first(Buffer.from(secret, "hex"), token);
    console.log(performance.now() - start);`;
  for (let i = 0; i < times; i++) {
    for (const name of names) {
      const file = new URL(`./first/${name}.mjs`, import.meta.url).href;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script, "--", file, secret.toString("hex"), token], {
        cwd: fileURLToPath(new URL(".", import.meta.url)),
      });
      found[name].push(Number(stdout));
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(found[name])]));
}
