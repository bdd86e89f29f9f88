// The edge build's entry with its database statements written down: GET /.bench/ answers with those since the last time, and with the
// size of the module's memory.

import module from "./jeton-edge.wasm";
import { Isolate } from "./isolate.mjs";

let instance;
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    instance = this;
  }
};

const isolate = new Isolate(module);
let statements = [];

/** A database that writes down what is asked of it. */
function recorded(database) {
  const bind = (sql, args) => {
    const bound = database.prepare(sql).bind(...args);
    const raw = async () => {
      const rows = await bound.raw();
      statements.push({ sql, args, rows: rows.length });
      return rows;
    };
    return { raw, run: () => bound.run() };
  };
  return { prepare: (sql) => ({ bind: (...args) => bind(sql, args) }) };
}

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/.bench/") {
      return isolate.fetch(request, env.RECORD ? { ...env, DB: recorded(env.DB) } : env, context);
    }
    const answer = { statements, memory: instance?.exports.memory.buffer.byteLength };
    statements = [];
    return Response.json(answer);
  },
};
