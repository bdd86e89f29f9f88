// The same requests against every build, and against the native server: each must answer as the contract says, and all alike.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exchange, post } from "./support/http.mjs";
import { requests } from "./support/requests.mjs";
import { newSecret, newUser, startBuild, startNative, workerBuilds } from "./support/services.mjs";

const secret = newSecret();
const alice = newUser("alice", { more: ["--email", "alice@example.com"] });
const sleeper = newUser("sleeper");
const users = [alice, sleeper];
const config = { SECRET_KEY: secret };
const deactivation = `UPDATE "auth_user" SET "is_active" = 0 WHERE "username" = '${sleeper.name}'`;

const starts = {
  ...Object.fromEntries(workerBuilds.map((name) => [name, () => startWorkerd(name)])),
  native: () => startNative({ config, users, statements: [deactivation] }),
};

async function startWorkerd(name) {
  const service = await startBuild(name, { bindings: { JETON_CONFIG: config }, users });
  await service.d1.prepare(deactivation).run();
  return service;
}

/** Tokens differ each time: what is compared is that there is one. */
const normalised = ({ status, headers, body }) => ({ status, headers, body: body.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "TOKEN") });

/** What each service answered, by the request's name. */
const answers = new Map();

for (const [name, start] of Object.entries(starts)) {
  describe(name, () => {
    let service;
    let pair;
    before(async () => {
      service = await start();
      pair = (await exchange(service.url, post("/api/token/", { username: alice.name, password: alice.password }))).json;
    });
    after(async () => {
      await service?.stop();
    });

    const known = { secret, alice, sleeper, get pair() { return pair; } };
    const names = requests({ ...known, pair: { refresh: "a.e30.c", access: "a.e30.c" } }).map((entry) => entry.name);
    assert.equal(new Set(names).size, names.length, "two requests have one name");

    for (const requestName of names) {
      test(requestName, async () => {
        const entry = requests(known).find((candidate) => candidate.name === requestName);
        const answer = normalised(await exchange(service.url, entry.request));
        answers.set(requestName, { ...answers.get(requestName), [name]: answer });
        assert.equal(answer.status, entry.status, answer.body);
        if (entry.headers) assert.deepEqual(answer.headers, entry.headers);
        if (entry.text !== undefined) assert.equal(answer.body, entry.text);
        else if (entry.body instanceof RegExp) assert.match(answer.body, entry.body);
        else if (entry.body) assert.equal(answer.body, JSON.stringify(entry.body));
      });
    }

    test("nothing secret was logged", () => {
      const log = service.lines.join("\n");
      for (const text of [secret, alice.password, sleeper.password, "eyJ"]) assert.ok(!log.includes(text));
    });
  });
}

test("all services answer alike", () => {
  assert.ok(answers.size > 0);
  for (const [requestName, byService] of answers) {
    const [first, ...others] = Object.keys(starts);
    for (const other of others) assert.deepEqual(byService[other], byService[first], `${requestName}: ${other} and ${first} differ`);
  }
});
