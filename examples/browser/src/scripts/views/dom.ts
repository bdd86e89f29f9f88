import type { Words } from "../words.js";

/** Returns the element that the page must have. */
export function find<E extends Element>(type: abstract new (...values: never[]) => E, selector: string, root: ParentNode = document): E {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Makes an element. Content is text or elements, never markup: what a token says is shown, not obeyed. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Makes a live region interrupt for an error and wait its turn for anything else. Call it before the words change. */
export function announceAs(region: HTMLElement, tone: Words["tone"]): void {
  region.setAttribute("role", tone === "bad" ? "alert" : "status");
}

/** Changes text only when it is another, so that nothing is laid out or read out anew. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
