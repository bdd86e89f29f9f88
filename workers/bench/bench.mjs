// Times the service beside Django, hono and jose. README.md says what each figure is.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeSection } from "../../js/bench/readme.mjs";
import { endure, resident, rotate } from "./endurance.mjs";
import { firstRequests } from "./first.mjs";
import { hasWrk, load, post, rounds } from "./load.mjs";
import { checkedRequests, requestsFor, startNative, startRotating } from "./native.mjs";
import { report, summary } from "./report.mjs";
import { prepareWorkers, start, userStatement } from "./workers.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    "native-requests": { type: "string", default: "1000000" },
    "edge-requests": { type: "string", default: "50000" },
    json: { type: "string" },
    readme: { type: "string" },
  },
});
const { JETON_BIN: jeton, JETON_DJANGO_PYTHON: python } = process.env;
if (!jeton || !python) throw new Error('run "make bench-http", which says where jeton and Django are');
if (!(await hasWrk())) throw new Error("wrk is missing: it is Debian's package wrk");

const scratch = mkdtempSync(join(tmpdir(), "jeton-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const seconds = Number(options.seconds);
const user = { username: "alice", password: randomBytes(18).toString("base64url"), jeton };
const secret = randomBytes(48).toString("base64url");
const progress = (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

/** Loads every contestant with each of its requests, in rounds. `requests` are theirs by name. */
async function compare(contestants, requests, kinds) {
  const found = {};
  for (const kind of kinds) {
    progress(`${kind}: ${Object.keys(contestants).join(", ")}`);
    const named = Object.fromEntries(Object.keys(contestants).map((name) => [name, { server: contestants[name], request: requests[name][kind] }]));
    found[kind] = await rounds(named, Number(options.rounds), ({ server, request }) => load(server, request, { seconds, scratch }));
  }
  return found;
}

async function measureNative() {
  progress("starting Django, jeton and the handler that echoes");
  const servers = await startNative({ scratch, python, jeton, secret, password: user.password });
  try {
    const requests = { django: await requestsFor(servers.django, user), jeton: await requestsFor(servers.jeton, user) };
    requests.echo = requests.jeton;
    const { django, jeton: ours, echo } = servers;
    const found = { ...(await compare({ django, jeton: ours, echo }, requests, ["verify"])), ...(await compare({ django, jeton: ours }, requests, ["refresh"])) };
    const endured = await endure(ours, requests.jeton, { count: Number(options["native-requests"]), scratch, memory: resident(ours), progress });
    return { found, endured };
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
}

async function rotateNative() {
  const server = await startRotating({ scratch, jeton, secret, user });
  try {
    return await rotate(server.url, { username: user.username, password: user.password }, { sessions: 20, rotations: 250 });
  } finally {
    await server.stop();
  }
}

async function measureWorkers(builds) {
  progress("starting the Workers");
  const added = await userStatement(user);
  const recording = await start(builds.recording, { secret, user: added, bindings: { RECORD: true } });
  const { json: pair } = await post(recording.url, "/api/token/", { username: user.username, password: user.password });
  await fetch(new URL("/.bench/", recording.url));
  await post(recording.url, "/api/token/refresh/", { refresh: pair.refresh });
  const { statements } = await (await fetch(new URL("/.bench/", recording.url))).json();
  await recording.stop();
  if (statements.length === 0) throw new Error("the service asked its database nothing");

  const servers = {};
  try {
    for (const name of ["edge", "hono", "jose", "syumai"]) {
      servers[name] = await start(builds[name], { secret, user: added, bindings: { STATEMENTS: statements } });
    }
    const requests = {};
    for (const [name, { url }] of Object.entries(servers)) requests[name] = await checkedRequests(url, pair);
    return await compare(servers, requests, ["verify", "refresh"]);
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
}

async function endureEdge(builds) {
  const added = await userStatement(user);
  const login = { username: user.username, password: user.password };
  const server = await start(builds.recording, { secret, user: added });
  try {
    const requests = await requestsFor(server, user);
    const memory = async () => ({ module: (await (await fetch(new URL("/.bench/", server.url))).json()).memory });
    const endured = await endure(server, requests, { count: Number(options["edge-requests"]), scratch, memory, progress });
    const simplejwt = { ROTATE_REFRESH_TOKENS: true, BLACKLIST_AFTER_ROTATION: true };
    const rotating = await start(builds.edge, { secret, user: added, bindings: { JETON_CONFIG: { SIMPLE_JWT: simplejwt } } });
    try {
      return { ...endured, rotations: await rotate(rotating.url, login, { sessions: 10, rotations: 50 }) };
    } finally {
      await rotating.stop();
    }
  } finally {
    await server.stop();
  }
}

const { found: native, endured } = await measureNative();
const endurance = { native: { ...endured, rotations: await rotateNative() } };
const builds = await prepareWorkers(scratch);
const workers = await measureWorkers(builds);
const first = await firstRequests(builds, { rounds: Number(options.rounds) + 2, secret, progress });
endurance.edge = await endureEdge(builds);
const results = { native, workers, first, endurance };
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
if (options.readme) writeSection(options.readme, "http", summary(results, options));
console.log(report(results));
