// The Worker as it would be deployed, and run here.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { wrangler } from "../local/wrangler.mjs";
import { call, folder, jeton, newDirectory, run, start } from "./support.mjs";

/** What Cloudflare takes on its free plan, in KiB of gzip. */
const LARGEST_WORKER = 3 * 1024;

test("wrangler would deploy it, and it is small enough", async () => {
  const printed = await wrangler("deploy", "--dry-run", "--outdir", join(newDirectory(), "dist"));
  const [, size] = /gzip: ([\d.]+) KiB/.exec(printed);
  assert.ok(Number(size) < LARGEST_WORKER, `${size} KiB`);
  assert.match(printed, /env\.DB \(jeton\)/);
  console.log(`  ${size} KiB gzip of ${LARGEST_WORKER}`);
});

test("the tables are those that jeton makes", async () => {
  const { stdout } = await run(jeton, ["schema"]);
  assert.equal(readFileSync(folder("../migrations/0001_tables.sql"), "utf8"), stdout);
});

test("the one command runs it: a session from login to logout, the same user the next time", async () => {
  const state = newDirectory();
  const serve = async () => {
    const args = [folder("../run.mjs"), "--port", "0", "--state", state];
    const { found, stop } = await start(process.execPath, args, /\n {2}(http:\/\/127\.0\.0\.1:\d+)\/\n +user +demo\n +password +(\S+)\n/);
    return { url: found[1], user: { username: "demo", password: found[2] }, stop };
  };
  const first = await serve();
  const login = await call(first.url, "/api/token/", first.user);
  assert.equal(login.status, 200);
  assert.equal((await call(first.url, "/api/token/", { ...first.user, password: "wrong" })).status, 401);
  assert.equal((await call(first.url, "/api/me/", undefined, login.body.access)).body.username, "demo");
  assert.equal((await call(first.url, "/api/me/")).status, 401);
  const fresh = await call(first.url, "/api/token/refresh/", { refresh: login.body.refresh });
  assert.equal(fresh.status, 200);
  const spent = await call(first.url, "/api/token/refresh/", { refresh: login.body.refresh });
  assert.deepEqual(spent, { status: 401, body: { detail: "Token is blacklisted", code: "token_not_valid" } });
  assert.equal(await first.stop("SIGINT"), 0);

  const second = await serve();
  assert.deepEqual(second.user, first.user);
  assert.equal((await call(second.url, "/api/token/blacklist/", { refresh: fresh.body.refresh })).status, 200);
  assert.equal((await call(second.url, "/api/token/refresh/", { refresh: fresh.body.refresh })).status, 401);
  assert.equal(await second.stop("SIGTERM"), 0);
  for (const name of ["secrets.env", "demo-password"]) assert.equal(statSync(join(state, name)).mode & 0o777, 0o600, name);
});
