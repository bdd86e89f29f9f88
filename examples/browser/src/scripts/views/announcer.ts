import { setText } from "./dom.js";

const pause = 1200; // milliseconds without a change

/** Tells screen readers what has changed, once the changing has paused: whoever types is not talked into. */
export class Announcer {
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param region a polite live region that is there from the start */
  constructor(private readonly region: HTMLElement) {}

  say(words: string): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => setText(this.region, words), pause);
  }

  /** Takes back what has not been said, and what was. */
  silence(): void {
    clearTimeout(this.#waiting);
    setText(this.region, "");
  }
}
