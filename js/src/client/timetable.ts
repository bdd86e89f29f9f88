import { letEnd } from "./host.js";
import type { Session } from "./session.js";

const longest = 2 ** 31 - 1; // milliseconds that a timer can wait
const soonest = 1_000;
const rest = 60_000;

/** Renews a session in time, by a timer that keeps no process alive. */
export class Timetable {
  readonly #on: boolean;
  readonly #renew: (session: Session) => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(on: boolean, renew: (session: Session) => Promise<void>) {
    this.#on = on;
    this.#renew = renew;
  }

  /** Sees to this session from now on, and to no earlier one. */
  set(session: Session | undefined): void {
    this.stop();
    if (this.#on && session?.refreshAt !== undefined) this.#wait(session, session.refreshAt);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(session: Session, until: number): void {
    const due = () => (Date.now() < until ? this.#wait(session, until) : void this.#run(session, timer));
    const timer = setTimeout(due, Math.min(Math.max(until - Date.now(), 0), longest));
    this.#timer = letEnd(timer);
  }

  async #run(session: Session, timer: unknown): Promise<void> {
    try {
      await this.#renew(session);
    } catch {
      // Whoever the session matters to hears of its end by an event. A server that is away is asked again, while there is time more often.
      if (this.#timer !== timer) return;
      const left = (session.expiresAt ?? 0) - Date.now();
      this.#wait(session, Date.now() + (left > 0 ? Math.max(left / 3, soonest) : rest));
    }
  }
}
