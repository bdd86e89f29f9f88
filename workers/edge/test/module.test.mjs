// The module by itself, in Node: what its exports do with lengths, numbers and answers that a sound shim would never give them.

import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { FrameReader, FrameWriter } from "../shim/frame.mjs";
import { Isolate } from "../shim/isolate.mjs";
import { perform } from "../shim/operations.mjs";
import { Reactor, ReactorFailed } from "../shim/reactor.mjs";
import { InstanceEnded, wasiImports } from "../shim/wasi.mjs";
import { newSecret } from "./support/services.mjs";
import { token } from "./support/tokens.mjs";

const bytes = readFileSync(new URL("../dist/jeton-edge.wasm", import.meta.url));
const module = await WebAssembly.compile(bytes);

const secret = newSecret();
const settings = { PASSWORD_ITERATIONS: 1000, REST_FRAMEWORK: { DEFAULT_THROTTLE_RATES: { login_failed: null } } };
const configuration = () => new FrameWriter().text(secret).text("").text(JSON.stringify(settings)).frame;

function request({ method = "POST", path = "/api/token/", body = '{"username":"alice","password":"x"}' } = {}) {
  const text = new TextEncoder().encode(body);
  return new FrameWriter().text(method).text(path).text("").text("").uint32(1).text("content-type").text("application/json").bytes(text).frame;
}

function newReactor() {
  const reactor = new Reactor(module, () => {});
  reactor.configure(configuration());
  return reactor;
}

/** The exports of an instance without the shim before them. */
function newExports() {
  let exports;
  ({ exports } = new WebAssembly.Instance(module, wasiImports(module, () => exports.memory, () => {})));
  return exports;
}

/** Puts a frame into the module and returns its length. */
function put(exports, frame) {
  const input = exports.jeton_edge_reserve(frame.length);
  new Uint8Array(exports.memory.buffer, input, frame.length).set(frame);
  return frame.length;
}

function refusal(exports, result) {
  assert.ok(result < 0);
  return Buffer.from(exports.memory.buffer, exports.jeton_edge_output(), -result).toString();
}

describe("exports", () => {
  const exports = newExports();
  assert.equal(exports.jeton_edge_configure(put(exports, configuration())), 0);

  test("lengths that were not reserved are refused", () => {
    for (const length of [-1, -(2 ** 31), 2 ** 31 - 1, 11]) {
      exports.jeton_edge_reserve(10);
      assert.equal(refusal(exports, exports.jeton_edge_start(length)), "length_invalid");
      exports.jeton_edge_reserve(10);
      assert.equal(refusal(exports, exports.jeton_edge_step(1, length)), "length_invalid");
      exports.jeton_edge_reserve(10);
      assert.equal(refusal(exports, exports.jeton_edge_configure(length)), "length_invalid");
    }
  });

  test("no more than 1 MiB is reserved", () => {
    for (const length of [-1, 2 ** 20 + 1, 2 ** 31 - 1]) assert.equal(exports.jeton_edge_reserve(length), 0);
    assert.notEqual(exports.jeton_edge_reserve(2 ** 20), 0);
    assert.notEqual(exports.jeton_edge_reserve(0), 0);
  });

  test("what was reserved is read once", () => {
    put(exports, request());
    exports.jeton_edge_cancel(99);
    assert.equal(refusal(exports, exports.jeton_edge_start(request().length)), "length_invalid");
  });

  test("every frame cut short is refused", () => {
    const whole = request();
    for (let length = 0; length < whole.length; length++) {
      assert.equal(refusal(exports, exports.jeton_edge_start(put(exports, whole.slice(0, length)))), "frame_malformed");
    }
    assert.equal(refusal(exports, exports.jeton_edge_start(put(exports, Buffer.concat([whole, Buffer.alloc(1)])))), "frame_malformed");
    assert.equal(exports.jeton_edge_live(), 0);
  });

  test("lengths and counts within a frame that go beyond it are refused", () => {
    const lies = [0x7fffffff, 0x80000000, 0xffffffff];
    for (const lie of lies) {
      const method = new FrameWriter().uint32(lie).frame;
      assert.equal(refusal(exports, exports.jeton_edge_start(put(exports, method))), "frame_malformed");
      const headers = new FrameWriter().text("GET").text("/").text("").text("").uint32(lie).text("a").text("b").frame;
      assert.equal(refusal(exports, exports.jeton_edge_start(put(exports, headers))), "frame_malformed");
    }
  });

  test("tasks that are not there are refused", () => {
    for (const id of [0, -1, 1, 2 ** 31 - 1]) {
      assert.equal(refusal(exports, exports.jeton_edge_step(id, put(exports, new Uint8Array([0])))), "task_unknown");
      assert.equal(exports.jeton_edge_cancel(id), 0);
    }
  });

  test("the instance still works after all that", () => {
    const result = exports.jeton_edge_start(put(exports, request({ path: "/api/token/verify/", body: '{"token":"x"}' })));
    assert.ok(result > 0);
  });

  test("nothing of a caller is left for the next one", () => {
    const marker = newSecret();
    const result = exports.jeton_edge_start(put(exports, request({ path: "/api/token/verify/", body: JSON.stringify({ [marker]: 1 }) })));
    assert.ok(result > 0);
    const input = exports.jeton_edge_reserve(1024);
    assert.ok(Buffer.from(exports.memory.buffer, input, 1024).every((byte) => byte === 0));
  });

  test("a module that was not configured serves nothing", () => {
    const fresh = newExports();
    assert.equal(refusal(fresh, fresh.jeton_edge_start(put(fresh, request()))), "not_configured");
  });
});

describe("a task", () => {
  const unavailable = 503;

  test("answers that are malformed end it with 503", () => {
    const answers = {
      empty: new Uint8Array(),
      "an unknown status": new Uint8Array([9]),
      "rows that are not there": new FrameWriter().uint8(0).uint32(1).uint32(11).frame,
      "more rows than fit": new FrameWriter().uint8(0).uint32(0xffffffff).uint32(0xffffffff).frame,
      "rows without columns": new FrameWriter().uint8(0).uint32(0xffffffff).uint32(0).frame,
      "an unknown cell": new FrameWriter().uint8(0).uint32(1).uint32(1).uint8(9).frame,
      "a row too short": new FrameWriter().uint8(0).uint32(1).uint32(1).cell("1").frame,
      "a failure": new FrameWriter().uint8(1).text("out of order").frame,
      "a failure cut short": new Uint8Array([1, 200]),
      "more behind it": Buffer.concat([new FrameWriter().uint8(0).uint32(0).uint32(0).frame, Buffer.alloc(1)]),
    };
    const reactor = newReactor();
    for (const [name, answer] of Object.entries(answers)) {
      const { id, operation } = reactor.start(request());
      assert.ok(operation, name);
      assert.equal(reactor.step(id, answer).status, unavailable, name);
      assert.equal(reactor.live, 0);
    }
  });

  test("a hash of the wrong length from the host is no password", () => {
    const reactor = newReactor();
    for (const length of [0, 31, 33]) {
      const { id } = reactor.start(request());
      const { operation } = reactor.step(id, new FrameWriter().uint8(0).uint32(0).uint32(0).frame); // no such user
      assert.equal(operation.uint8(), 3);
      assert.equal(reactor.step(id, new FrameWriter().uint8(0).bytes(new Uint8Array(length)).frame).status, unavailable);
    }
  });

  test("ended tasks, cancelled or finished, take no more steps", () => {
    const reactor = newReactor();
    const { id } = reactor.start(request());
    assert.equal(reactor.live, 1);
    assert.equal(reactor.cancel(id), true);
    assert.equal(reactor.cancel(id), false);
    assert.equal(reactor.live, 0);
    assert.throws(() => reactor.step(id, new Uint8Array([0])), { code: "task_unknown" });
  });

  test("there are at most 1024 of them", () => {
    const reactor = newReactor();
    const ids = Array.from({ length: 1024 }, () => reactor.start(request()).id);
    assert.equal(new Set(ids).size, 1024);
    assert.throws(() => reactor.start(request()), { name: "ReactorRefused", code: "tasks_spent" });
    for (const id of ids) assert.equal(reactor.cancel(id), true);
    assert.ok(reactor.start(request()).operation);
  });

  test("cancelled tasks leave no memory behind", () => {
    const exports = newExports();
    assert.equal(exports.jeton_edge_configure(put(exports, configuration())), 0);
    const some = (n) => {
      for (let i = 0; i < n; i++) {
        assert.ok(exports.jeton_edge_start(put(exports, request())) > 0);
        const id = new DataView(exports.memory.buffer).getUint32(exports.jeton_edge_output() + 1, true);
        assert.equal(exports.jeton_edge_cancel(id), 1);
      }
    };
    // The collector takes a while to find its pace, and the memory grows until then. Four bytes left behind by each task would let it
    // grow in every batch.
    const grown = () => {
      const size = exports.memory.buffer.byteLength;
      some(20000);
      return exports.memory.buffer.byteLength - size;
    };
    let batches = 10;
    while (grown() > 0) assert.ok(--batches > 0, "the memory grows in every batch");
  });
});

describe("the shim", () => {
  test("an operation that the host does not know, or cannot do, is answered with a failure", async () => {
    const operations = {
      "an unknown one": new FrameWriter().uint8(99).frame,
      "an empty one": new Uint8Array(),
      "a statement without a database": new FrameWriter().uint8(1).text("SELECT 1").uint32(0).frame,
      "a batch without a database": new FrameWriter().uint8(6).uint32(1).text("SELECT 1").uint32(0).frame,
      "a batch of fewer statements than it says": new FrameWriter().uint8(6).uint32(2).text("SELECT 1").uint32(0).frame,
      "PBKDF2 above the cap": new FrameWriter().uint8(3).text("SHA-256").text("x").text("salt").uint32(100_001).uint32(32).frame,
      "PBKDF2 without iterations": new FrameWriter().uint8(3).text("SHA-256").text("x").text("salt").uint32(0).uint32(32).frame,
      "PBKDF2 with another hash": new FrameWriter().uint8(3).text("SHA-512").text("x").text("salt").uint32(1).uint32(32).frame,
      "PBKDF2 of many bytes": new FrameWriter().uint8(3).text("SHA-256").text("x").text("salt").uint32(1).uint32(65).frame,
      "an unknown algorithm": new FrameWriter().uint8(4).text("HS256").text("{}").text("input").frame,
      "a key that is none": new FrameWriter().uint8(5).text("ES256").text("{}").text("input").text("signature").frame,
    };
    for (const [name, operation] of Object.entries(operations)) {
      assert.equal(new FrameReader(await perform(new FrameReader(operation), {})).uint8(), 1, name);
    }
  });

  test("PBKDF2 at the cap is computed, with either hash", async () => {
    for (const [hash, digest, length] of [["SHA-256", "sha256", 32], ["SHA-1", "sha1", 20]]) {
      const operation = new FrameWriter().uint8(3).text(hash).text("x").text("salt").uint32(100_000).uint32(length).frame;
      const answer = new FrameReader(await perform(new FrameReader(operation), {}));
      assert.equal(answer.uint8(), 0);
      assert.deepEqual(Buffer.from(answer.bytes()), pbkdf2Sync("x", "salt", 100_000, length, digest));
    }
  });

  test("what an error of the platform says stays out of the answer", async () => {
    const DB = { prepare: () => ({ bind: () => ({ raw: async () => { throw new Error("the password is 123"); } }) }) };
    const operation = new FrameWriter().uint8(1).text("SELECT 1").uint32(0).frame;
    const answer = new FrameReader(await perform(new FrameReader(operation), { DB }));
    assert.equal(answer.uint8(), 1);
    assert.equal(answer.text(), "an error of class Error");
  });

  test("a frame keeps every byte as it grows", () => {
    for (let length = 1000; length < 1050; length++) {
      const reader = new FrameReader(new FrameWriter().text("x".repeat(length)).uint8(7).int64(-8).uint8(9).frame);
      assert.deepEqual([reader.text().length, reader.uint8()], [length, 7]);
      reader.uint32(), reader.uint32();
      assert.equal(reader.uint8(), 9);
    }
  });

  test("integers that no number holds are refused, not rounded", () => {
    const cell = (value) => new FrameReader(new FrameWriter().uint8(1).int64(value).frame).cell();
    assert.equal(cell(2n ** 53n - 1n), 2 ** 53 - 1);
    assert.throws(() => cell(2n ** 53n), RangeError);
  });

  test("a clock that gives no time spends the instance", () => {
    const reactor = newReactor();
    mock.method(Date, "now", () => NaN);
    try {
      assert.throws(() => reactor.start(request({ path: "/api/token/verify/", body: JSON.stringify({ token: token(secret) }) })), ReactorFailed);
    } finally {
      mock.restoreAll();
    }
    assert.equal(reactor.failed, true);
    assert.throws(() => reactor.start(request()), ReactorFailed);
  });

  test("an instance is made and configured without randomness, as at the top level of a Worker", () => {
    mock.method(crypto, "getRandomValues", () => {
      throw new Error("no randomness");
    });
    try {
      new Isolate(module);
      newReactor();
    } finally {
      mock.restoreAll();
    }
  });

  test("instances of the one snapshot have no random byte in common", () => {
    const id = () => {
      const reactor = newReactor();
      const body = JSON.stringify({ refresh: token(secret, { token_type: "refresh", user_id: "" }) });
      let message = reactor.start(request({ path: "/api/token/refresh/", body }));
      while (message.operation) message = reactor.step(message.id, new FrameWriter().uint8(0).uint32(0).uint32(0).frame);
      const { access } = JSON.parse(Buffer.from(message.body));
      return JSON.parse(Buffer.from(access.split(".")[1], "base64url")).jti;
    };
    const seen = new Set(Array.from({ length: 20 }, id));
    assert.equal(seen.size, 20);
  });

  test("a random source that fails spends the instance, and no token is made", () => {
    const reactor = newReactor();
    const body = JSON.stringify({ refresh: token(secret, { token_type: "refresh" }) });
    const { id } = reactor.start(request({ path: "/api/token/refresh/", body }));
    const notBlacklisted = 0;
    const row = [notBlacklisted, "1", "alice", "!", "", "", "", 1, 0, 0, "2026-01-01 00:00:00", null];
    const answer = new FrameWriter().uint8(0).uint32(1).uint32(row.length);
    for (const value of row) answer.cell(value);
    mock.method(crypto, "getRandomValues", () => {
      throw new Error("no randomness");
    });
    try {
      assert.throws(() => reactor.step(id, answer.frame), ReactorFailed);
    } finally {
      mock.restoreAll();
    }
    assert.equal(reactor.failed, true);
  });

  test("an answer too long for the module ends its request with 500, and only that", async () => {
    const isolate = new Isolate(module);
    const DB = { prepare: () => ({ bind: () => ({ raw: async () => [["x".repeat(2 ** 20)]] }) }) };
    const env = { DB, JETON_SIGNING_KEY: newSecret() };
    const post = (path, body) => new Request(`http://localhost${path}`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const log = mock.method(console, "error", () => {});
    try {
      assert.equal((await isolate.fetch(post("/api/token/", '{"username":"alice","password":"x"}'), env, { waitUntil() {} })).status, 500);
    } finally {
      log.mock.restore();
    }
    assert.equal(isolate.reactor.live, 0);
    assert.equal((await isolate.fetch(post("/api/token/verify/", "{}"), env, { waitUntil() {} })).status, 400);
  });

  test("requests whose context the platform ended are swept away by later ones", async () => {
    const isolate = new Isolate(module);
    const never = { prepare: () => ({ bind: () => ({ raw: () => new Promise(() => {}) }) }) };
    const env = { DB: never, JETON_SIGNING_KEY: newSecret() };
    const context = { waitUntil() {} };
    const send = (path, body) => isolate.fetch(new Request(`http://localhost${path}`, { method: "POST", body, headers: { "Content-Type": "application/json" } }), env, context);
    const stuck = () => send("/api/token/", '{"username":"alice","password":"x"}');
    stuck();
    stuck();
    await send("/api/token/verify/", "{}");
    assert.equal(isolate.reactor.live, 2);
    const later = Date.now() + 121_000;
    mock.method(Date, "now", () => later);
    try {
      assert.equal((await send("/api/token/verify/", "{}")).status, 400);
      assert.equal(isolate.reactor.live, 0);
    } finally {
      mock.restoreAll();
    }
  });
});

describe("a sleep", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const view = new DataView(memory.buffer);
  const [subscriptions, events, written, clock] = [0, 256, 512, 520];
  const { poll_oneoff: poll, clock_time_get: clockTime } = wasiImports(module, () => memory, () => {}).wasi_snapshot_preview1;
  const time = (id) => (clockTime(id, 0n, clock), view.getBigUint64(clock, true));

  test("takes no time but on the monotonic clock", () => {
    const [wall, monotonic] = [time(0), time(1)];
    view.setBigUint64(subscriptions, 7n, true);
    view.setBigUint64(subscriptions + 24, 3_600_000_000_000n, true);
    assert.equal(poll(subscriptions, events, 1, written), 0);
    assert.equal(view.getUint32(written, true), 1);
    assert.equal(view.getBigUint64(events, true), 7n);
    assert.ok(time(1) - monotonic >= 3_600_000_000_000n);
    assert.ok(time(0) - wall < 60_000_000_000n);
  });

  test("without end, or for something that is no time, spends the instance", () => {
    mock.method(Date, "now", () => 1_000_000);
    try {
      assert.throws(() => {
        for (let i = 0; i < 2000; i++) poll(subscriptions, events, 1, written);
      }, InstanceEnded);
    } finally {
      mock.restoreAll();
    }
    view.setUint8(subscriptions + 8, 1);
    assert.throws(() => poll(subscriptions, events, 1, written), InstanceEnded);
    assert.throws(() => poll(subscriptions, events, 0, written), InstanceEnded);
  });
});

test("the module fits a Worker of the free plan: 3 MB compressed", () => {
  assert.ok(gzipSync(bytes, { level: 9 }).length < 3_000_000);
});
