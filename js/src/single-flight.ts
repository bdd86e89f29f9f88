/** How often a request on Workers looks whether the work of another has ended, in milliseconds. */
const lookEvery = 20;

/**
 * Reports whether this is Cloudflare Workers, where a promise belongs to the request that made it: another request that waits for it
 * hangs, and when its own request ends early it never settles. Requests may share only what work has left behind.
 */
export function promisesBelongToRequests(): boolean {
  return typeof navigator !== "undefined" && navigator.userAgent === "Cloudflare-Workers";
}

/** One piece of work. */
interface Flight {
  readonly begun: number;
  ended: boolean;
  /** What others may wait for; missing on Workers. */
  promise?: Promise<void>;
}

/**
 * Work of which there is never more than one piece under way: whoever asks for it meanwhile waits for that one. On Workers those who
 * wait look for its end by timers of their own. When it does not come, because the request that began it was ended, the first to
 * notice begins anew.
 */
export class SingleFlight {
  readonly #limit: number;
  #flight: Flight | undefined;

  /** @param limit within how many seconds a piece of work ends by itself */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether there is work under way. */
  get underWay(): boolean {
    return this.#flight !== undefined && !this.#isLost(this.#flight);
  }

  /** Waits for the work under way, or begins it. The work must not fail. */
  async run(work: () => Promise<void>): Promise<void> {
    const flight = this.#flight;
    if (!flight || this.#isLost(flight)) return this.#begin(work);
    if (flight.promise) return flight.promise;
    while (!flight.ended) {
      if (this.#isLost(flight)) {
        // Whoever noticed first has begun anew, and may have ended already: then there is nothing left to do.
        return this.#flight ? this.run(work) : undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
  }

  #begin(work: () => Promise<void>): Promise<void> {
    const flight: Flight = { begun: Date.now(), ended: false };
    this.#flight = flight;
    const promise = work().finally(() => {
      flight.ended = true;
      if (this.#flight === flight) this.#flight = undefined;
    });
    if (!promisesBelongToRequests()) flight.promise = promise;
    return promise;
  }

  #isLost({ begun, promise }: Flight): boolean {
    if (promise) return false;
    // Each request has a clock of its own, which stands while it computes: one may be a little behind the one that began.
    return Math.abs(Date.now() - begun) > this.#limit * 1000;
  }
}
