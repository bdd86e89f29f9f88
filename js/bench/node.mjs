// The contestants in this process.

import { readFile } from "node:fs/promises";
import * as tsndr from "@tsndr/cloudflare-worker-jwt";
import * as fastJWT from "fast-jwt";
import * as hono from "hono/jwt";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import * as jeton from "../dist/index.js";
import { instantiate, rows } from "./contestants.mjs";
import { measure } from "./rounds.mjs";

export async function inNode(settings) {
  await jeton.init();
  const exports = await instantiate(await WebAssembly.compile(await readFile(new URL("../dist/jeton.wasm", import.meta.url))));
  const found = {};
  for (const { name, contestants } of await rows({ jeton, jose, tsndr, hono, fastJWT, jsonwebtoken, exports })) {
    found[name] = await measure(contestants, settings);
  }
  return { host: `Node ${process.versions.node}`, rows: found };
}
