// What the tests of the client have in common.

import assert from "node:assert/strict";
import { inspect } from "node:util";
import { encode, importKey } from "../dist/full.js";
import { ClientError, createClient } from "../dist/client/index.js";

export const key = "session";

/** A storage that a test can look into. */
export function openStorage({ shared = false, late = false } = {}) {
  const items = new Map();
  const answer = (value) => (late ? new Promise((resolve) => setImmediate(resolve, value)) : value);
  return {
    shared,
    items,
    getItem: (name) => answer(items.get(name) ?? null),
    setItem: (name, value) => answer(void items.set(name, value)),
    removeItem: (name) => answer(void items.delete(name)),
    get session() {
      return items.has(key) ? JSON.parse(items.get(key)) : undefined;
    },
    /** Changes what a page would find there. */
    change(members) {
      items.set(key, JSON.stringify({ ...this.session, ...members }));
    },
  };
}

/** Returns a client that writes down its events, and is disposed of at the end of the test. */
export function clientOf(t, server, options = {}) {
  const client = createClient({ url: server.url, dialect: "simplejwt", storageKey: key, ...options });
  t.after(() => client.dispose());
  const events = [];
  for (const type of ["signedIn", "refreshed", "signedOut", "storageFailed"]) {
    client.on(type, ({ code, action, elsewhere }) => events.push([type, code ?? action, elsewhere && "elsewhere"].filter(Boolean).join(" ")));
  }
  return Object.assign(client, { events });
}

/** Signs in, and leaves in a storage what a page finds there after the token for calls has expired at the server. */
export async function expiredSession(t, server, { known = true, storage = openStorage(), ...options } = {}) {
  await clientOf(t, server, { storage, ...options }).login(server.user);
  const secret = await importKey(server.secret, "HS256");
  const claims = JSON.parse(Buffer.from(storage.session.access.split(".")[1], "base64url"));
  const now = Math.floor(Date.now() / 1000);
  const access = await encode({ ...claims, iat: now - 600, exp: now - 300 }, secret);
  storage.change(known ? { access, expiresAt: 1000, refreshAt: 500 } : { access, expiresAt: undefined, refreshAt: undefined });
  server.forget();
  return storage;
}

/** Checks that the work fails with the code, and that nothing secret is in the error. */
export async function failsWith(work, code, secrets = []) {
  let thrown;
  await assert.rejects(work, (error) => {
    thrown = error;
    return true;
  });
  assert.ok(thrown instanceof ClientError, inspect(thrown));
  assert.equal(thrown.code, code, inspect(thrown));
  assert.ok(thrown.message.length > 0);
  for (const secret of secrets) assert.ok(!inspect(thrown, { depth: null }).includes(secret), "a secret is in the error");
  return thrown;
}

/** Waits for an event of the client. */
export function happens(client, type) {
  return new Promise((resolve) => {
    const stop = client.on(type, (event) => {
      stop();
      resolve(event);
    });
  });
}

