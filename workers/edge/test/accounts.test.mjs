// Accounts on workerd: registration and changing a password, with users in D1.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { authorized, exchange, post } from "./support/http.mjs";
import { newSecret, newUser, startBuild, workerBuilds } from "./support/services.mjs";

const config = {
  REGISTRATION: { ENABLED: true },
  PASSWORD_CHANGE: true,
  PASSWORD_ITERATIONS: 1000,
  SIMPLE_JWT: { CHECK_REVOKE_TOKEN: true },
};

for (const build of workerBuilds) {
  describe(build, () => {
    const alice = newUser("alice", { iterations: 500 });
    const [password, next] = [newUser("x").password, newUser("x").password];
    let service;
    before(async () => {
      service = await startBuild(build, { users: [alice], bindings: { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: config } });
    });
    after(async () => {
      await service?.stop();
    });
    const storedHash = async (name) => (await service.d1.prepare(`SELECT password FROM auth_user WHERE username = ?`).bind(name).first()).password;
    const register = (username, more = {}) => exchange(service.url, post("/api/register/", { username, password, email: "Ana@EXAMPLE.org", ...more }));

    test("an account is made, once, under the name's normal form", async () => {
      const answers = await Promise.all([register("ﬁona"), register("fiona"), register("ｆiona")]);
      const made = answers.filter(({ status }) => status === 201);
      assert.equal(made.length, 1);
      assert.deepEqual(made[0].json, { id: 2, username: "fiona", email: "Ana@example.org" });
      for (const { status, json } of answers) {
        if (status !== 201) assert.deepEqual([status, json], [400, { username: ["A user with that username already exists."] }]);
      }
      assert.match(await storedHash("fiona"), /^pbkdf2_sha256\$1000\$/);
    });

    test("what Django's validators refuse is refused", async () => {
      const { status, json } = await register("bob", { password: "1234", email: "nonsense" });
      assert.deepEqual([status, json], [400, { email: ["Enter a valid email address."] }]);
      const weak = await register("bob", { password: "1234" });
      assert.deepEqual(weak.json.password, ["This password is too short. It must contain at least 8 characters.", "This password is entirely numeric."]);
    });

    test("a changed password ends the sessions of before and opens one", async () => {
      const login = (plain) => exchange(service.url, post("/api/token/", { username: "fiona", password: plain }));
      const me = (access) => exchange(service.url, authorized("/api/me/", `Bearer ${access}`));
      const { access } = (await login(password)).json;
      const change = () =>
        exchange(service.url, post("/api/password/change/", { old_password: password, new_password: next }, { Authorization: `Bearer ${access}` }));
      const changed = await change();
      assert.equal(changed.status, 200, changed.body);
      assert.equal((await change()).status, 401);
      assert.equal((await me(access)).status, 401);
      assert.equal((await me(changed.json.access)).json.username, "fiona");
      assert.equal((await login(password)).status, 401);
      assert.equal((await login(next)).status, 200);
    });

    test("a login renews an older hash, and its tokens are bound to the new one", async () => {
      assert.match(await storedHash(alice.name), /^pbkdf2_sha256\$500\$/);
      const pair = await exchange(service.url, post("/api/token/", { username: alice.name, password: alice.password }));
      assert.match(await storedHash(alice.name), /^pbkdf2_sha256\$1000\$/);
      assert.equal((await exchange(service.url, authorized("/api/me/", `Bearer ${pair.json.access}`))).status, 200);
    });

    test("nothing of an account was logged", () => {
      const log = service.lines.join("\n");
      assert.match(log, /a user registered/);
      for (const word of ["fiona", "example.org", password, next, alice.name, alice.password]) assert.ok(!log.includes(word), log);
    });
  });
}
