import type { Lifetime } from "../claims.js";
import { find, setText } from "./dom.js";

/** The head of a card about a token: a coin whose rim runs out, what is left in words, and the state in a chip. */
export class TokenHead {
  /** @param card shows the state in its colours; its .token-head-place becomes the head */
  constructor(private readonly card: HTMLElement, title: HTMLHeadingElement, letter: string) {
    const head = find(HTMLTemplateElement, "#token-head").content.cloneNode(true);
    find(Element, ".token-head-place", card).replaceWith(head);
    title.className = "token-title";
    this.#find(".token-time").prepend(title);
    this.#find(".coin-letter").textContent = letter;
  }

  /** Shows how the token's time stands. */
  show({ state, label, left, span, share }: Lifetime): void {
    this.#show(state, label, left, span, share);
  }

  /** Shows something else in its place; nothing is left of a time that cannot be told. */
  say(state: string, label: string, left: string, span: string): void {
    this.#show(state, label, left, span, 0);
  }

  #show(state: string, label: string, left: string, span: string, share: number): void {
    this.card.dataset["state"] = state;
    setText(this.#find(".chip"), label);
    setText(this.#find(".token-left"), left);
    setText(this.#find(".token-span"), span);
    this.#find(".coin-left").setAttribute("stroke-dasharray", `${Math.round(share * 1000) / 10} 100`);
  }

  #find(selector: string): Element {
    return find(Element, selector, this.card);
  }
}
