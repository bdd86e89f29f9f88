// Work shared by requests on Workers, where only what it has left behind can be shared.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { SingleFlight } from "../dist/jeton.js";

Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Cloudflare-Workers" }, configurable: true });

/** Lets time pass, a millisecond at a time, with all that becomes due in it. */
async function pass(milliseconds) {
  for (let i = 0; i < milliseconds; i++) {
    mock.timers.tick(1);
    await turn();
  }
}

test("work that was lost is begun anew once, also for those who notice when that has ended", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const flight = new SingleFlight(0.05);
  let begun = 0;
  void flight.run(() => new Promise(() => begun++)); // never ends: its request is gone
  const waiting = [];
  for (let i = 0; i < 5; i++) {
    waiting.push(flight.run(async () => void begun++)); // ends at once, before the next one looks
    await pass(3);
  }
  await pass(100);
  await Promise.all(waiting);
  assert.equal(begun, 2);
});
