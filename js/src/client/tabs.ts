import { disposed } from "./failure.js";
import { openChannel } from "./host.js";
import { readSession, written, type Session } from "./session.js";
import { signedOutReasons, type SignedOutCode } from "./state.js";

/** What one tab tells the others. */
export type Notice = { readonly session: Session } | { readonly ended: string; readonly code: SignedOutCode; readonly detail: string | undefined };

const graceMilliseconds = 300;

/**
 * The other tabs that share the session: only one at a time refreshes it, and what happens is told to all. Where the host has no Web
 * Locks or no BroadcastChannel, or nothing is shared, each tab is on its own, and only the storage joins them.
 */
export class Tabs {
  readonly #name: string;
  readonly #channel: BroadcastChannel | undefined;
  readonly #locks: LockManager | undefined;
  readonly #gone: AbortSignal;
  readonly #waiting = new Set<() => void>();
  readonly #stopListening: () => void = () => {};

  /**
   * @param name the same in all tabs of one session
   * @param gone when the client is disposed of
   * @param hear called with what other tabs tell
   * @param look called when the storage may have changed without a notice
   */
  constructor(name: string, shared: boolean, gone: AbortSignal, hear: (notice: Notice) => void, look: () => void) {
    this.#name = name;
    this.#gone = gone;
    if (!shared) return;
    this.#locks = globalThis.navigator?.locks;
    const changed = (event: StorageEvent) => {
      if (event.key === name || event.key === null) look();
    };
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) look(); // a page that comes back has heard nothing meanwhile
    };
    this.#channel = openChannel(name);
    if (this.#channel !== undefined) {
      this.#channel.onmessage = ({ data }: MessageEvent) => {
        const notice = understood(data);
        if (notice) hear(notice);
        for (const wake of [...this.#waiting]) wake();
      };
    } else {
      globalThis.addEventListener?.("storage", changed);
    }
    globalThis.addEventListener?.("pageshow", shown);
    this.#stopListening = () => {
      globalThis.removeEventListener?.("storage", changed);
      globalThis.removeEventListener?.("pageshow", shown);
    };
  }

  /** Does the work while no other tab does such work. It is told whether another tab was at it before. */
  async exclusively(work: (another: boolean) => Promise<void>): Promise<void> {
    const locks = this.#locks;
    if (locks === undefined) return work(false);
    let tried = false;
    try {
      await locks.request(this.#name, { ifAvailable: true }, async (lock) => {
        if (lock === null) return;
        tried = true;
        await work(false);
      });
      if (tried) return;
      await locks.request(this.#name, { signal: this.#gone }, async () => {
        tried = true;
        await work(true);
      });
    } catch (error) {
      if (tried) throw error;
      if (this.#gone.aborted) throw disposed();
      await work(false); // a page that may have no locks, such as a sandboxed one
    }
  }

  /** Waits a moment for a notice that is still on its way: browsers carry locks, messages and storage on separate roads. */
  noticed(enough: () => boolean): Promise<void> {
    if (this.#channel === undefined || enough()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (late: boolean) => {
        if (!late && !enough()) return;
        clearTimeout(timer);
        this.#waiting.delete(heard);
        resolve();
      };
      const heard = () => wake(false);
      const timer = setTimeout(() => wake(true), graceMilliseconds);
      this.#waiting.add(heard);
    });
  }

  tell(notice: Notice): void {
    if (this.#gone.aborted) return;
    this.#channel?.postMessage("session" in notice ? { session: written(notice.session) } : notice);
  }

  close(): void {
    this.#stopListening();
    this.#channel?.close();
  }
}

/** Reads a notice: any script of the origin can write to the channel, so also an older version of this one. */
function understood(data: unknown): Notice | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { session, ended, code, detail } = data as Record<string, unknown>;
  const told = readSession(session);
  if (told) return { session: told };
  if (typeof ended !== "string" || typeof code !== "string" || !Object.hasOwn(signedOutReasons, code)) return undefined;
  return { ended, code: code as SignedOutCode, detail: typeof detail === "string" ? detail : undefined };
}
