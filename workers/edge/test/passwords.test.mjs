// Every format of stored passwords, on workerd: what WebCrypto does not do runs in the module, within its memory.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { exchange, post } from "./support/http.mjs";
import { newSecret, newUser, startBuild, workerBuilds } from "./support/services.mjs";

/** What all of the hashes below are of, by Python's hashlib, argon2-cffi and bcrypt. */
const password = "correct horse battery";

const hashes = {
  pbkdf2sha1: "pbkdf2_sha1$1000$abcdefghijABCDEFGHIJ12$bm79r8e49CTFwJjlMoQOP9v/yjU=",
  bcrypt: "bcrypt_sha256$$2b$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine",
  scrypt: "scrypt$16384$abcdefghijABCDEFGHIJ12$8$1$EEos/fTVJkVvakRbMb6ZXQpR7jUAsZQ0wpZNcu6+mTbwfjvbW8dqq9jZddXHqhmEqhfHbtIT7k0zOkV9Y8zlQw==",
  argon2i: "argon2$argon2i$v=19$m=512,t=2,p=2$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$AQhllIKhg1F6QwXPRLBx5Q",
  argon2id: "argon2$argon2id$v=19$m=65536,t=1,p=4$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$peart3/CcmNM4yyaFZiJDVNUM6ylVLl8idrmGcTYopQ", // 64 MiB
};
const tooLarge = "argon2$argon2id$v=19$m=102400,t=2,p=8$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$eXGwrvvyGbPadSEu81r4QC0PHXb1jbGibZxXHSdB45s"; // 100 MiB

const source = readFileSync(new URL("support/observed.mjs", import.meta.url), "utf8");
const login = (name, given = password) => post("/api/token/", { username: name, password: given });

for (const build of workerBuilds) {
  describe(`stored passwords, ${build}`, () => {
    let service;
    before(async () => {
      const names = [...Object.keys(hashes), "toolarge"];
      const bindings = { JETON_SIGNING_KEY: newSecret(), JETON_CONFIG: { PASSWORD_ITERATIONS: 1000 } };
      service = await startBuild(build, { bindings, source: build === "edge" ? source : undefined, users: names.map((name) => newUser(name)) });
      for (const [name, hash] of Object.entries({ ...hashes, toolarge: tooLarge })) {
        await service.d1.prepare(`UPDATE "auth_user" SET "password" = ? WHERE "username" = ?`).bind(hash, name).run();
      }
    });
    after(async () => {
      await service?.stop();
    });

    test("the right password of every format logs in, and no other", async () => {
      for (const name of Object.keys(hashes)) {
        assert.equal((await exchange(service.url, login(name))).status, 200, name);
        assert.equal((await exchange(service.url, login(name, "wrong"))).status, 401, name);
      }
    });

    test("a hash over the memory limit does not match, and the log says why", async () => {
      assert.equal((await exchange(service.url, login("toolarge"))).status, 401);
      const line = service.lines.find((text) => text.includes("a user cannot log in here"));
      assert.match(String(line), /Argon2 takes 100 MiB of memory, and PASSWORD_MEMORY_LIMIT is 64 MiB/);
    });

    if (build !== "edge") return;
    test("one hash after the other leaves the module within the 128 MB that Workers have", async () => {
      for (let i = 0; i < 6; i++) {
        const answers = await Promise.all(["argon2id", "scrypt"].map((name) => exchange(service.url, login(name))));
        assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
      }
      const { json } = await exchange(service.url, { path: "/.test/state" });
      assert.equal(json.instances, 1);
      assert.ok(json.memory < 110e6, `the module has ${json.memory} bytes`);
    });
  });
}
