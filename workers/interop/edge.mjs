// Runs Workers of the edge build on the local workerd, each with its own D1 database, as standard input asks.
//
// In: one JSON object a line, {"id", "do", …}; out: {"id", …} or {"id", "error"}, in any order.
//
//   start {bindings, statements}    makes the database and the Worker             {"worker", "address"}
//   query {worker, statement}       runs a statement                              {"rows": [[…], …]}
//   stop  {worker}                  ends the Worker                               {}
//
// It ends when standard input does.

import { createInterface } from "node:readline";
import { BUILDS, startWorker } from "../edge/local/runtime.mjs";

const workers = new Map();

const actions = {
  async start({ id, bindings, statements }) {
    const log = (line) => process.stderr.write(`${line}\n`);
    const miniflare = await startWorker({ build: BUILDS.edge, bindings, log });
    workers.set(id, miniflare);
    const database = await miniflare.getD1Database("DB");
    const deferred = ["PRAGMA defer_foreign_keys = on", ...statements]; // rows come before those they refer to
    await database.batch(deferred.map((statement) => database.prepare(statement)));
    const url = await miniflare.ready;
    return { worker: id, address: url.host };
  },

  async query({ worker, statement }) {
    const database = await workers.get(worker).getD1Database("DB");
    return { rows: await database.prepare(statement).raw() };
  },

  async stop({ worker }) {
    await workers.get(worker).dispose();
    workers.delete(worker);
    return {};
  },
};

const running = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const work = actions[task.do](task)
    .catch((error) => ({ error: String(error) }))
    .then((answer) => process.stdout.write(`${JSON.stringify({ id: task.id, ...answer })}\n`))
    .finally(() => running.delete(work));
  running.add(work);
}
await Promise.all(running);
for (const miniflare of workers.values()) await miniflare.dispose();
