// What the Worker runs: one turn of one contestant for each request. Its own clock stands still meanwhile, so the host measures.

import * as tsndr from "@tsndr/cloudflare-worker-jwt";
import * as hono from "hono/jwt";
import * as jeton from "jeton";
import * as jose from "jose";
import module from "./jeton.wasm";
import { instantiate, rows } from "./contestants.mjs";

let list;

export default {
  async fetch(request) {
    list ??= await rows({ jeton, jose, tsndr, hono, exports: await instantiate(module) });
    const { row, contestant, times } = await request.json();
    if (row === undefined) return Response.json(list.map(({ name, contestants }) => [name, Object.keys(contestants)]));
    await list.find(({ name }) => name === row).contestants[contestant](times);
    return new Response("done");
  },
};
