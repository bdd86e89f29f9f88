// A session of drf-jwt on workerd: a login by cookie, a refresh, a logout that D1 remembers, and one user acting for another.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exchange, post } from "./support/http.mjs";
import { newSecret, newUser, startBuild, workerBuilds } from "./support/services.mjs";

const alice = newUser("alice");
const root = newUser("root", { more: ["--superuser"] });
const config = {
  SECRET_KEY: newSecret(),
  URLS: { "api-token-impersonate": "/impersonate/" },
  JWT_AUTH: { JWT_AUTH_COOKIE: "session", JWT_IMPERSONATION_COOKIE: "acting" },
};

for (const name of workerBuilds) {
  describe(name, () => {
    let service;
    before(async () => {
      service = await startBuild(name, { bindings: { JETON_CONFIG: config }, users: [alice, root], tables: ["users", "blocked_tokens"] });
    });
    after(async () => {
      await service?.stop();
    });

    const login = ({ name: username, password }) => exchange(service.url, post("/api-token-auth/", { username, password }));
    const me = (cookie) => exchange(service.url, { path: "/api/me/", headers: { Cookie: cookie } });

    test("a session that ends", async () => {
      const first = await login(alice);
      assert.equal(first.status, 201, first.body);
      const line = new RegExp(`^session=${first.json.token}; expires=\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT; HttpOnly; Max-Age=300; Path=/; SameSite=Lax; Secure$`);
      assert.match(first.headers["set-cookie"].join("\n"), line);
      assert.equal((await me(`session=${first.json.token}`)).json.username, "alice");

      const second = await exchange(service.url, post("/api-token-refresh/", { token: first.json.token }));
      assert.equal(second.status, 201, second.body);
      const logout = () => exchange(service.url, { method: "POST", path: "/api-token-blacklist/", headers: { Cookie: `session=${second.json.token}` } });
      assert.equal((await logout()).status, 201);
      for (const { token } of [first.json, second.json]) {
        const answer = await me(`session=${token}`);
        assert.deepEqual([answer.status, answer.json], [403, { detail: "Token is blacklisted." }]);
      }
      assert.equal((await logout()).status, 403);
      assert.equal((await me(`session=${(await login(alice)).json.token}`)).status, 200);
    });

    test("one user acts for another", async () => {
      const session = `session=${(await login(root)).json.token}`;
      const request = { ...post("/impersonate/", { user: 1 }), headers: { "Content-Type": "application/json", Cookie: session } };
      const answer = await exchange(service.url, request);
      assert.equal(answer.status, 201, answer.body);
      assert.match(answer.headers["set-cookie"][0], /^acting=/);
      assert.equal((await me(`${session}; acting=${answer.json.token}`)).json.username, "alice");
      request.headers.Cookie = `session=${answer.json.token}`;
      assert.equal((await exchange(service.url, request)).status, 403);
    });
  });
}
