// What the page in Chromium runs.

import * as tsndr from "@tsndr/cloudflare-worker-jwt";
import * as hono from "hono/jwt";
import * as jeton from "jeton";
import * as jose from "jose";
import { instantiate, rows } from "./contestants.mjs";
import { measure } from "./rounds.mjs";

export async function inPage(settings) {
  await jeton.init();
  const exports = await instantiate(await WebAssembly.compileStreaming(fetch(new URL("./jeton.wasm", import.meta.url))));
  const found = {};
  for (const { name, contestants } of await rows({ jeton, jose, tsndr, hono, exports })) found[name] = await measure(contestants, settings);
  return found;
}
