// Interleaved rounds: all contestants of a row take their turns in each round, begun by another one each time, so that noise hits all
// alike. A figure is the median over the rounds.

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/**
 * Measures the contestants of a row and returns for each the median time of one operation, in microseconds.
 *
 * @param contestants functions that do the work a number of times
 * @param settings.rounds how many rounds
 * @param settings.turn how long a turn takes, in milliseconds
 * @param settings.overhead what a turn takes beside its work, in milliseconds
 */
export async function measure(contestants, { rounds, turn, overhead = 0 }) {
  const names = Object.keys(contestants);
  const times = {};
  for (const name of names) times[name] = await timesFor(contestants[name], turn + overhead);
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length];
      const elapsed = await clocked(contestants[name], times[name]);
      found[name].push((Math.max(elapsed - overhead, 0) / times[name]) * 1000);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(found[name])]));
}

/** Finds how often a contestant does its work in one turn, and warms it up on the way. */
async function timesFor(contestant, turn) {
  let times = 64;
  for (;;) {
    const elapsed = await clocked(contestant, times);
    if (elapsed >= turn / 2) return Math.max(64, Math.round((times * turn) / elapsed));
    times *= 2;
  }
}

async function clocked(contestant, times) {
  const start = performance.now();
  await contestant(times);
  return performance.now() - start;
}
