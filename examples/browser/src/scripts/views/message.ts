import type { Words } from "../words.js";
import { announceAs, element, find } from "./dom.js";

/** A place for one message. It is a live region, and its place is kept when it is empty. */
export class Message {
  readonly #place: HTMLElement;
  readonly #resting: Words | undefined;

  /** @param resting what it says when there is nothing else to say */
  constructor(selector: string, resting?: Words) {
    this.#place = find(HTMLElement, selector);
    this.#resting = resting;
    this.rest();
  }

  show({ tone, title, advice }: Words): void {
    announceAs(this.#place, tone);
    this.#place.dataset["tone"] = tone;
    this.#place.replaceChildren(
      element("span", "message-mark"),
      element("p", "message-title", title),
      ...(advice ? [element("p", "message-advice", advice)] : []),
    );
    this.#place.firstElementChild?.setAttribute("aria-hidden", "true");
  }

  rest(): void {
    if (this.#resting) return this.show(this.#resting);
    delete this.#place.dataset["tone"];
    this.#place.replaceChildren();
  }
}
