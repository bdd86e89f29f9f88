// The first request that a fresh workerd answers, in milliseconds. Starting the process is not counted.

import { start } from "./workers.mjs";
import { median, post } from "./load.mjs";

const NAMES = ["noop", "edge", "hono", "jose", "syumai"];

/** Returns for each Worker the median over the rounds, which take the Workers in turns. */
export async function firstRequests(builds, { rounds, secret, progress }) {
  const found = Object.fromEntries(NAMES.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    progress(`first request, round ${round + 1} of ${rounds}`);
    for (let i = 0; i < NAMES.length; i++) {
      const name = NAMES[(round + i) % NAMES.length];
      const worker = await start(builds[name], { secret });
      try {
        const begun = performance.now();
        await post(worker.url, "/api/token/verify/", { token: "not a token" });
        found[name].push(performance.now() - begun);
      } finally {
        await worker.stop();
      }
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, times]) => [name, median(times)]));
}
