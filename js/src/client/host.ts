/** What the hosts differ in: browsers, Node, Deno, Bun and workers. */

interface Timer {
  unref?: () => void;
}

/** Lets Node, Bun and Deno end although the timer has not run yet. */
export function letEnd<T>(timer: T): T {
  if (typeof timer === "object") (timer as Timer).unref?.();
  else (globalThis as { Deno?: { unrefTimer?: (timer: unknown) => void } }).Deno?.unrefTimer?.(timer);
  return timer;
}

/** Returns the address of the page or worker script, where there is one. */
export function pageAddress(): string | undefined {
  return globalThis.location?.href;
}

/** Returns what the promise brings, or fails as soon as the signal says so; the work itself goes on for those who share it. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
