// The servers of the native comparison: Django under gunicorn, jeton on a copy of Django's database, and a handler that echoes.

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { family, run, startServer } from "./processes.mjs";
import { post } from "./load.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Makes Django's database with one user, and starts the three servers. */
export async function startNative({ scratch, python, jeton, secret, password }) {
  const database = join(scratch, "django.sqlite3");
  const settings = join(scratch, "settings.json");
  const simplejwt = { ACCESS_TOKEN_LIFETIME: 86400, REFRESH_TOKEN_LIFETIME: 86400 };
  writeFileSync(settings, JSON.stringify({ SECRET_KEY: secret, SIMPLE_JWT: simplejwt }), { mode: 0o600 });
  const env = { ...process.env, TOKEN_SITE_DATABASE: database, TOKEN_SITE_SETTINGS: settings, TOKEN_SITE_PASSWORD: password };
  await run(python, ["token_site.py"], { cwd: folder("django"), env });
  const ours = join(scratch, "jeton.sqlite3");
  copyFileSync(database, ours);

  const django = await startServer(python, ["-m", "gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "token_site:application"], { cwd: folder("django"), env });
  const native = await startServer(jeton, ["serve", "--addr", "127.0.0.1:0", "--db", ours, "--config", settings, "--access-log=false"]);
  const echoBinary = join(scratch, "echo");
  await run("go", ["build", "-o", echoBinary, "."], { cwd: folder("echo") });
  const echo = await startServer(echoBinary, []);
  return { django: served(django), jeton: served(native), echo: served(echo) };
}

/** A server with all of its processes. */
const served = (server) => ({ ...server, pids: () => family(server.pid) });

/** Logs in and returns the two requests that are measured, once the server has shown that it tells good tokens from bad ones. */
export async function requestsFor({ url }, { username, password }) {
  const { status, json } = await post(url, "/api/token/", { username, password });
  if (status !== 200) throw new Error(`logging in was answered with ${status}`);
  return checkedRequests(url, json);
}

/** The two requests over a pair of tokens, checked on the server that is measured. */
export async function checkedRequests(url, { refresh, access }) {
  const requests = {
    verify: { path: "/api/token/verify/", body: { token: access } },
    refresh: { path: "/api/token/refresh/", body: { refresh } },
  };
  for (const { path, body } of Object.values(requests)) {
    const [[name, token]] = Object.entries(body);
    const tampered = { [name]: token.slice(0, -10) + (token.at(-10) === "A" ? "B" : "A") + token.slice(-9) };
    const [good, bad] = [await post(url, path, body), await post(url, path, tampered)];
    if (good.status !== 200 || bad.status !== 401) throw new Error(`${path} answered ${good.status} to a good token, ${bad.status} to another`);
  }
  return requests;
}

/** Starts jeton with refresh tokens that rotate and are good once. */
export async function startRotating({ scratch, jeton, secret, user: { username, password } }) {
  const database = join(scratch, "rotating.sqlite3");
  const settings = join(scratch, "rotating.json");
  writeFileSync(settings, JSON.stringify({ SECRET_KEY: secret, SIMPLE_JWT: { ROTATE_REFRESH_TOKENS: true, BLACKLIST_AFTER_ROTATION: true } }), { mode: 0o600 });
  await run(jeton, ["user", "add", username, "--password-stdin", "--iterations", "1000", "--db", database], { input: password });
  return served(await startServer(jeton, ["serve", "--addr", "127.0.0.1:0", "--db", database, "--config", settings, "--access-log=false"]));
}
