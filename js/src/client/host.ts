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

/** Opens a channel to the other tabs, where there is one that does not keep the process alive: Deno's does, and Deno has no tabs. */
export function openChannel(name: string): BroadcastChannel | undefined {
  if (typeof BroadcastChannel !== "function" || "Deno" in globalThis) return undefined;
  return letEnd(new BroadcastChannel(name));
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
