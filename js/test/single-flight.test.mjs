// Work shared by requests on Workers, where only what it has left behind can be shared.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { SingleFlight } from "../dist/single-flight.js";

Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Cloudflare-Workers" }, configurable: true });

test("work that was lost is begun anew once, also for those who notice when that has ended", async () => {
  const flight = new SingleFlight(0.05);
  let begun = 0;
  void flight.run(() => new Promise(() => begun++)); // never ends: its request is gone
  const waiting = [];
  for (let i = 0; i < 5; i++) {
    waiting.push(flight.run(async () => void begun++)); // ends at once, before the next one looks
    await pause(3);
  }
  await Promise.all(waiting);
  assert.equal(begun, 2);
});
