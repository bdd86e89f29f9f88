// A Django site moves its token requests here, as README.md says, and back.

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { localDatabase, startWorker } from "../local/wrangler.mjs";
import { call, folder, jeton, newDirectory, start } from "./support.mjs";

const python = process.env.DJANGO_PYTHON ?? folder("../../django/.venv/bin/python");
let django, site, worker;

before(async () => {
  const state = newDirectory();
  const environment = { ...process.env, JETON: jeton, PYTHONPATH: folder("../../django") };
  site = await start(python, [folder("site.py"), join(state, "site")], /^(\{.*\})\n/m, { env: environment });
  django = JSON.parse(site.found[1]);

  const database = localDatabase(state);
  await database.migrate();
  assert.equal(statSync(join(state, "site/users.sql")).mode & 0o777, 0o600);
  await database.executeFile(join(state, "site/users.sql"));
  const settings = JSON.stringify(JSON.parse(readFileSync(join(state, "site/worker.json"), "utf8")));
  assert.doesNotMatch(settings, /SECRET_KEY/);
  const secrets = join(state, "secrets.env");
  writeFileSync(secrets, `SECRET_KEY=${readFileSync(join(state, "site/secret-key"), "utf8")}\nJETON_CONFIG='${settings}'\n`, { mode: 0o600 });
  worker = await startWorker({ state, secrets });
});
after(async () => {
  await worker?.stop();
  await site?.stop();
});

test("who was logged in stays so, and Django takes the Worker's tokens", async () => {
  assert.equal((await call(worker.url, "/api/token/verify/", { token: django.pair.access })).status, 200);
  const fresh = await call(worker.url, "/api/token/refresh/", { refresh: django.pair.refresh });
  assert.equal(fresh.status, 200);
  assert.deepEqual(await call(django.url, "/api/notes/", undefined, fresh.body.access), { status: 200, body: [] });
  assert.equal((await call(django.url, "/api/notes/")).status, 401);

  const back = await call(django.url, "/api/token/refresh/", { refresh: fresh.body.refresh }); // rolled back
  assert.equal(back.status, 200);
  assert.equal((await call(django.url, "/api/notes/", undefined, back.body.access)).status, 200);
});

test("front ends on the origins that Django allows may call it, and no others", async () => {
  for (const [origin, allowed] of [
    ["https://app.site.example", "https://app.site.example"],
    ["https://other.example", null],
  ]) {
    const asking = { Origin: origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type" };
    const answers = await Promise.all([worker.url, django.url].map((url) => fetch(`${url}/api/token/refresh/`, { method: "OPTIONS", headers: asking })));
    for (const { status, headers } of answers) {
      assert.deepEqual([status, headers.get("Vary"), headers.get("Access-Control-Allow-Origin")], [200, "origin", allowed]);
    }
    assert.equal(answers[0].headers.get("Access-Control-Allow-Headers"), answers[1].headers.get("Access-Control-Allow-Headers"));
  }
});

test("what was withdrawn before stays so", async () => {
  const { status, body } = await call(worker.url, "/api/token/refresh/", { refresh: django.spent });
  assert.deepEqual({ status, body }, { status: 401, body: { detail: "Token is blacklisted", code: "token_not_valid" } });
});

test("the users log in with the passwords they have", async () => {
  const login = await call(worker.url, "/api/token/", django.user);
  assert.equal(login.status, 200);
  assert.equal((await call(django.url, "/api/notes/", undefined, login.body.access)).status, 200);
});
