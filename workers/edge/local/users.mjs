// Users for the local database, made by the jeton command.

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { hasUser, runStatement } from "./database.mjs";
import { keepSecretFile, readSecretFile } from "./secret-file.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Returns the SQL statement that adds a user, with the password hashed in as many iterations as WebCrypto on Workers computes.
 *
 * @param {{name: string, password: string, jeton?: string, iterations?: number, more?: string[]}} user `jeton` is a built jeton
 *   binary (without it `go run` builds one), `more` are further flags of `jeton user add`
 */
export async function insertStatement({ name, password, jeton, iterations = 100_000, more = [] }) {
  const [command, ...before] = jeton ? [jeton] : ["go", "run", "./workers/cmd/jeton"];
  const flags = ["user", "add", name, "--password-stdin", "--iterations", String(iterations), "--print-sql", ...more];
  const child = spawn(command, [...before, ...flags], { cwd: repository, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => {}); // a command that reads nothing says why by itself
  child.stdin.end(password);
  let statement = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (statement += text));
  const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (status !== 0) throw new Error(`${command} user add ended with status ${status}`);
  return statement;
}

const DEMO_NAME = "demo";

/**
 * Makes sure that there is a demo user, and returns what to log in with. The password is kept in a file, the one that `jeton serve
 * --demo` uses too. When there is a user already and no file, the password is not known and comes back empty.
 *
 * @param {D1Database} database
 * @param {{file: string, jeton?: string}} options
 * @returns {Promise<{username: string, password: string}>}
 */
export async function keepDemoUser(database, { file, jeton }) {
  const exists = await hasUser(database, DEMO_NAME);
  const text = exists ? readSecretFile(file) : keepSecretFile(file, newDemoUser);
  if (text === undefined) return { username: DEMO_NAME, password: "" };
  const demo = parseDemoUser(text, file);
  if (!exists) {
    console.log(jeton ? "Hashing the demo user's password …" : "Hashing the demo user's password with `go run`: the first time takes a minute …");
    await runStatement(database, await insertStatement({ name: demo.username, password: demo.password, jeton }));
  }
  return demo;
}

function parseDemoUser(text, file) {
  try {
    const { username, password } = JSON.parse(text);
    if (username === DEMO_NAME && typeof password === "string" && password !== "") return { username, password };
  } catch {
    // said below
  }
  throw new Error(`${file} is not {"username":"demo","password":"..."}: delete it`);
}

function newDemoUser() {
  return JSON.stringify({ username: DEMO_NAME, password: newPassword() }) + "\n";
}

/** A random password of 20 characters, none of which look alike: about 114 bits. */
export function newPassword() {
  const alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join("");
}
