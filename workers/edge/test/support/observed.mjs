// The Worker's entry for tests: the same isolate, with paths under /.test/ that look into it and harm it. Never part of a build.

import module from "./jeton-edge.wasm";
import { Isolate } from "./isolate.mjs";

/** Every instance made in this isolate. */
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    instances.push(this);
  }
};

const isolate = new Isolate(module);

/** How many statements were begun and finished. */
const statements = { begun: 0, finished: 0 };

/** What was asked of crypto.subtle. */
const webCrypto = { deriveBits: 0, importKey: 0, sign: 0, verify: 0 };
for (const name of Object.keys(webCrypto)) {
  const original = SubtleCrypto.prototype[name];
  SubtleCrypto.prototype[name] = function (...args) {
    webCrypto[name]++;
    return original.apply(this, args);
  };
}

const actions = {
  state: () => ({
    live: isolate.reactor?.failed === false ? isolate.reactor.live : 0,
    instances: instances.length,
    memory: instances.at(-1)?.exports.memory.buffer.byteLength ?? 0,
    statements,
    webCrypto,
  }),

  /** Overwrites the running instance's memory, so that it traps when it is called next. */
  harm() {
    new Uint8Array(instances.at(-1).exports.memory.buffer).fill(0xff);
    return {};
  },
};

/** The environment with a database whose every statement waits first. */
function slowed(env, milliseconds) {
  const wait = async (work) => {
    statements.begun++;
    await scheduler.wait(milliseconds);
    const result = await work();
    statements.finished++;
    return result;
  };
  const slow = (statement) => ({ raw: () => wait(() => statement.raw()), run: () => wait(() => statement.run()) });
  const prepare = (sql) => ({ bind: (...args) => slow(env.DB.prepare(sql).bind(...args)) });
  return { ...env, DB: { prepare } };
}

export default {
  fetch(request, env, context) {
    const action = actions[new URL(request.url).pathname.replace("/.test/", "")];
    if (action) return Response.json(action());
    const delay = request.headers.get("X-Test-Delay");
    return isolate.fetch(request, delay ? slowed(env, Number(delay)) : env, context);
  },
};
