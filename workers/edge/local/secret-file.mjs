// Files that only their owner may read.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Returns the text of a file, or undefined when it is missing. */
export function readSecretFile(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Returns the text of a file. When it is missing, makes it and its directory with what `make` returns. */
export function keepSecretFile(path, make) {
  const known = readSecretFile(path);
  if (known !== undefined) return known;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, make(), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error; // somebody else was quicker, and theirs counts
  }
  return readFileSync(path, "utf8");
}
