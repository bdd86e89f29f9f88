// Tokens of another issuer on workerd, by the keys that it publishes: JWK_URL.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { authorized, exchange, post } from "./support/http.mjs";
import { newUser, startBuild, workerBuilds } from "./support/services.mjs";

/** A key pair of an issuer, whose public half it may publish. */
function newKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" } };
}

function signed({ kid, privateKey }, claims = {}) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const payload = { token_type: "access", exp: now + 300, iat: now, jti: "0123456789abcdef0123456789abcdef", user_id: "1", ...claims };
  const input = `${part({ alg: "ES256", kid, typ: "JWT" })}.${part(payload)}`;
  return `${input}.${sign("sha256", input, { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** Serves what `answer` says at the moment, and counts. */
async function publish() {
  const published = { status: 200, body: "", headers: {}, asked: 0 };
  const server = createServer((request, response) => {
    published.asked++;
    response.writeHead(published.status, { "Content-Type": "application/json", ...published.headers }).end(published.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  published.url = `http://127.0.0.1:${server.address().port}/jwks.json`;
  published.stop = () => new Promise((resolve) => server.close(resolve));
  return published;
}

const settings = (published) => ({ JETON_CONFIG: { SIMPLE_JWT: { ALGORITHM: "ES256", JWK_URL: published.url } } });

for (const build of workerBuilds) {
  describe(build, () => {
    const [one, other] = [newKey("one"), newKey("other")];
    let published;
    let service;
    const verify = (token) => exchange(service.url, post("/api/token/verify/", { token }));
    before(async () => {
      published = await publish();
      published.body = JSON.stringify({ keys: [one.jwk] });
      service = await startBuild(build, { users: [newUser("alice")], bindings: settings(published) });
    });
    after(async () => {
      await service?.stop();
      await published?.stop();
    });

    test("a token by a published key is good, everywhere", async () => {
      assert.equal((await verify(signed(one))).body, "{}");
      const me = await exchange(service.url, authorized("/api/me/", `Bearer ${signed(one)}`));
      assert.equal(me.status, 200, me.body);
      assert.equal(me.json.username, "alice");
    });

    test("any other token is not", async () => {
      const forged = `${signed(one).slice(0, -8)}AAAAAAAA`;
      for (const token of [signed(other), signed({ ...other, kid: "one" }), signed({ ...one, kid: undefined }), forged]) {
        const answer = await verify(token);
        assert.equal(answer.status, 401);
        assert.deepEqual(answer.json, { detail: "Token is invalid", code: "token_not_valid" });
      }
    });

    test("no view makes tokens", async () => {
      for (const path of ["/api/token/", "/api/token/refresh/"]) assert.equal((await exchange(service.url, post(path, {}))).status, 404);
    });
  });
}

describe("edge", () => {
  test("requests at once and after share what was fetched", async () => {
    const one = newKey("one");
    const published = await publish();
    published.body = JSON.stringify({ keys: [one.jwk] });
    const service = await startBuild("edge", { bindings: settings(published), database: false });
    try {
      const verify = () => exchange(service.url, post("/api/token/verify/", { token: signed(one) }));
      const first = await Promise.all(Array.from({ length: 10 }, verify));
      assert.ok(first.every(({ status }) => status === 200));
      const asked = published.asked;
      for (let i = 0; i < 10; i++) assert.equal((await verify()).status, 200);
      assert.equal(published.asked, asked);
    } finally {
      await service.stop();
      await published.stop();
    }
  });

  test("a key set that cannot be had is a 503, and one token is as good as another", async () => {
    const one = newKey("one");
    for (const wrong of [
      { status: 500 },
      { status: 302, headers: { Location: "/elsewhere" } },
      { body: "<html>" },
      { body: `{"keys":[${" ".repeat(256 * 1024)}]}` },
    ]) {
      const published = await publish();
      Object.assign(published, { body: JSON.stringify({ keys: [one.jwk] }), ...wrong });
      const service = await startBuild("edge", { bindings: settings(published), database: false });
      try {
        const answer = await exchange(service.url, post("/api/token/verify/", { token: signed(one) }));
        assert.equal(answer.status, 503, JSON.stringify(wrong).slice(0, 80));
        assert.ok(!service.lines.join("\n").includes("eyJ"));
      } finally {
        await service.stop();
        await published.stop();
      }
    }
  });

  test("a URL that is not https is refused at the start", async () => {
    const service = await startBuild("edge", { bindings: settings({ url: "http://keys.example/jwks.json" }), database: false });
    try {
      assert.equal((await exchange(service.url, post("/api/token/verify/", { token: "x" }))).status, 500);
      assert.match(service.lines.join("\n"), /JWK_URL/);
    } finally {
      await service.stop();
    }
  });
});
