// Throttling on workerd: counted in D1, whatever isolate a request reaches, or by a rate limiting binding.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exchange, post } from "./support/http.mjs";
import { newSecret, newUser, startBuild, workerBuilds } from "./support/services.mjs";

const login = ({ name, password }, address = "192.0.2.1") => post("/api/token/", { username: name, password }, { "CF-Connecting-IP": address });

const settings = (rates) => ({
  JETON_SIGNING_KEY: newSecret(),
  JETON_CONFIG: { PASSWORD_ITERATIONS: 1000, REST_FRAMEWORK: { DEFAULT_THROTTLE_RATES: rates } },
});

function assertThrottled(answer) {
  assert.equal(answer.status, 429, answer.body);
  const [, seconds] = /^Request was throttled\. Expected available in (\d+) seconds?\.$/.exec(answer.json.detail);
  assert.equal(answer.headers["retry-after"], seconds);
  assert.ok(Number(seconds) >= 1 && Number(seconds) <= 3600, seconds);
}

for (const build of workerBuilds) {
  describe(build, () => {
    const alice = newUser("alice");
    const bob = newUser("bob");
    let service;
    before(async () => {
      service = await startBuild(build, { users: [alice, bob], bindings: settings({ login_failed: "5/hour", login: "40/hour" }) });
    });
    after(async () => {
      await service?.stop();
    });

    test("of wrong passwords at once exactly as many are tried as the rate allows", async () => {
      const guesses = Array.from({ length: 20 }, (_, i) => exchange(service.url, login({ ...alice, password: `guess ${i}` })));
      const answers = await Promise.all(guesses);
      assert.equal(answers.filter(({ status }) => status === 401).length, 5);
      const throttled = answers.filter(({ status }) => status !== 401);
      assert.equal(throttled.length, 15);
      throttled.forEach(assertThrottled);
      assertThrottled(await exchange(service.url, login(alice)));
    });

    test("others, and the same user elsewhere, are let through", async () => {
      for (let i = 0; i < 7; i++) assert.equal((await exchange(service.url, login(bob))).status, 200);
      assert.equal((await exchange(service.url, login(alice, "192.0.2.2"))).status, 200);
    });

    test("an address is let through as often as its rate allows", async () => {
      const statuses = [];
      for (let i = 0; i < 13; i++) statuses.push((await exchange(service.url, login(bob))).status);
      assert.deepEqual(statuses, [...Array(12).fill(200), 429]);
    });

    test("neither names nor addresses are in the table or the log", async () => {
      const rows = JSON.stringify(await service.d1.prepare("SELECT * FROM jeton_throttle").raw());
      assert.match(rows, /login_failed:/);
      const log = service.lines.join("\n");
      assert.match(log, /throttled.*scope=login_failed/);
      for (const word of [alice.name, bob.name, "192.0.2"]) assert.ok(!rows.includes(word), rows);
      for (const word of [alice.name, bob.name, alice.password]) assert.ok(!log.includes(word), log);
    });
  });
}

test("edge: a rate limiting binding counts for its scope", async () => {
  const alice = newUser("alice");
  const bindings = settings({ login: "1/day" }); // the binding's limit counts, not this one
  const service = await startBuild("edge", { users: [alice], bindings, rateLimits: { JETON_THROTTLE_LOGIN: { limit: 4, period: 60 } } });
  try {
    // Its periods begin by the clock: with 9 requests, at least one falls together with 4 others.
    const answers = await Promise.all(Array.from({ length: 9 }, () => exchange(service.url, login(alice))));
    const throttled = answers.filter(({ status }) => status !== 200);
    assert.ok(throttled.length >= 1 && throttled.length <= 5, String(throttled.length));
    for (const { status, json, headers } of throttled) {
      assert.equal(status, 429);
      assert.deepEqual(json, { detail: "Request was throttled." });
      assert.equal(headers["retry-after"], undefined);
    }
    assert.equal((await exchange(service.url, login(alice, "192.0.2.2"))).status, 200);
    const { results } = await service.d1.prepare("SELECT counter FROM jeton_throttle").run();
    assert.ok(results.every(({ counter }) => counter.startsWith("login_failed:")));
  } finally {
    await service.stop();
  }
});
