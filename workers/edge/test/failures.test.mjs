// What happens when something the service depends on is missing or fails, and when much is asked of it at once: both builds on workerd.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { authorized, exchange, post } from "./support/http.mjs";
import { newSecret, newUser, startBuild, workerBuilds } from "./support/services.mjs";
import { claimsOf } from "./support/tokens.mjs";

const unavailable = { detail: "Service temporarily unavailable, try again later." };
const internalError = { detail: "Internal server error." };
const jsonType = { "content-type": "application/json" };

/** Starts a service, hands it to `use` and stops it. */
async function withService(build, options, use) {
  const service = await startBuild(build, options);
  try {
    await use(service);
  } finally {
    await service.stop();
  }
}

const login = ({ name, password }) => post("/api/token/", { username: name, password });

for (const build of workerBuilds) {
  describe(build, () => {
    test("without the table: 503 where a user is needed, and nowhere else", async () => {
      await withService(build, { tables: false }, async (service) => {
        const answer = await exchange(service.url, login(newUser("alice")));
        assert.equal(answer.status, 503);
        assert.deepEqual(answer.json, unavailable);
        assert.equal(answer.headers["retry-after"], "5");
        assert.match(service.lines.join("\n"), /auth_user/);
        assert.equal((await exchange(service.url, post("/api/token/verify/", { token: "x" }))).status, 401);
      });
    });

    test("without the database: 503 and a log line that names the binding", async () => {
      await withService(build, { database: false }, async (service) => {
        const answer = await exchange(service.url, login(newUser("alice")));
        assert.equal(answer.status, 503);
        assert.deepEqual(answer.json, unavailable);
        assert.match(service.lines.join("\n"), /no D1 binding named DB/);
      });
    });

    test("without a signing key: 503 for every request and a log line that names the secret", async () => {
      await withService(build, { bindings: {} }, async (service) => {
        for (const request of [login(newUser("alice")), { path: "/api/me/" }, { path: "/nowhere" }]) {
          const answer = await exchange(service.url, request);
          assert.equal(answer.status, 503);
          assert.deepEqual(answer.json, unavailable);
          assert.deepEqual(answer.headers, { ...jsonType, "retry-after": "5" });
        }
        assert.match(service.lines.join("\n"), /JETON_SIGNING_KEY is missing/);
      });
    });

    const tooShort = "not-32-bytes";
    const badSettings = {
      "a setting that is unknown": { bindings: { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: { SIMPLE_JWT: { NO_SUCH_SETTING: 1 } } }, names: /NO_SUCH_SETTING/ },
      "settings that are no JSON": { bindings: { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: "{" }, names: /JETON_CONFIG/ },
      "an algorithm that is unknown": { bindings: { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: { SIMPLE_JWT: { ALGORITHM: "none" } } }, names: /ALGORITHM/ },
      "a secret that is too short": { bindings: { JETON_SIGNING_KEY: tooShort }, names: /SIGNING_KEY/ },
    };
    for (const [problem, { bindings, names }] of Object.entries(badSettings)) {
      test(`${problem}: 500 and a log line that names it`, async () => {
        await withService(build, { bindings }, async (service) => {
          for (let i = 0; i < 2; i++) {
            const answer = await exchange(service.url, login(newUser("alice")));
            assert.equal(answer.status, 500);
            assert.deepEqual(answer.json, internalError);
            assert.deepEqual(answer.headers, jsonType);
          }
          const log = service.lines.join("\n");
          assert.match(log, names);
          for (const value of Object.values(bindings)) if (typeof value === "string" && value.length > 1) assert.ok(!log.includes(value));
        });
      });
    }

    test("SECRET_KEY serves as the key", async () => {
      const alice = newUser("alice");
      await withService(build, { bindings: { SECRET_KEY: newSecret() }, users: [alice] }, async (service) => {
        assert.equal((await exchange(service.url, login(alice))).status, 200);
      });
    });
  });

  describe(`${build}, in service`, () => {
    const users = ["alice", "bob", "carol"].map((name) => newUser(name));
    // One over the cap of WebCrypto on Workers, and one at it.
    const [above, atCap] = [newUser("above", { iterations: 100_001 }), newUser("atcap", { iterations: 100_000 })];
    let service;
    before(async () => {
      service = await startBuild(build, { users: [...users, above, atCap], bindings: { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: { PASSWORD_ITERATIONS: 1000 } } });
    });
    after(async () => {
      await service?.stop();
    });

    test("a hash at the cap of WebCrypto, and one above it, both log in", async () => {
      for (const user of [atCap, above]) {
        assert.equal((await exchange(service.url, login(user))).status, 200);
        assert.equal((await exchange(service.url, login({ ...user, password: "wrong" }))).status, 401);
      }
    });

    test("a body of many megabytes is refused", async () => {
      const answer = await exchange(service.url, post("/api/token/verify/", "x".repeat(8 << 20)));
      assert.equal(answer.status, 413);
      assert.equal((await exchange(service.url, login(users[0]))).status, 200);
    });

    test("50 requests at once are each answered with their own", async () => {
      await Promise.all(Array.from({ length: 50 }, (_, i) => mixed(service.url, users[i % users.length], i)));
    });

    test("a body that the client never ends does not keep others waiting", async () => {
      const controller = new AbortController();
      const stuck = fetch(new URL("/api/token/", service.url), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("{")) }),
        duplex: "half",
        signal: controller.signal,
      });
      assert.equal((await exchange(service.url, login(users[0]))).status, 200);
      controller.abort();
      await assert.rejects(stuck);
      assert.equal((await exchange(service.url, login(users[1]))).status, 200);
    });
  });
}

/** One of several kinds of request, whose answer is only right for this user. */
async function mixed(url, user, number) {
  switch (number % 5) {
    case 0: {
      const answer = await exchange(url, login({ ...user, password: `${user.password}${number}` }));
      assert.equal(answer.status, 401);
      return;
    }
    case 1: {
      const nonsense = `nonsense-${number}`;
      const answer = await exchange(url, { method: "POST", path: "/api/token/", headers: { "Content-Type": nonsense }, body: "x" });
      assert.equal(answer.json.detail, `Unsupported media type "${nonsense}" in request.`);
      return;
    }
    default: {
      const pair = await exchange(url, login(user));
      assert.equal(pair.status, 200, pair.body);
      const refreshed = await exchange(url, post("/api/token/refresh/", { refresh: pair.json.refresh }));
      const me = await exchange(url, authorized("/api/me/", `Bearer ${refreshed.json.access}`));
      assert.equal(me.json.username, user.name);
      assert.equal(me.json.id, claimsOf(pair.json.access).user_id);
      const verified = await exchange(url, post("/api/token/verify/", { token: pair.json.access }));
      assert.equal(verified.status, 200);
    }
  }
}
