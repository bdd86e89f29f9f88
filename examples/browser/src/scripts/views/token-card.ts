import { decode, type TokenContents } from "jeton";
import { wordsForCode } from "../checks.js";
import { lifetimeOf } from "../claims.js";
import { element, find, setText } from "./dom.js";
import { listMembers, tickMembers } from "./members.js";
import { TokenHead } from "./token-head.js";

/** Shows one token of the session: what is left of its time, its text, and what it says. */
export class TokenCard {
  readonly element: HTMLElement;
  readonly #head: TokenHead;
  #token = "";
  #contents: TokenContents | undefined;

  constructor(title: string, kind: "access" | "refresh") {
    const copy = find(HTMLTemplateElement, "#token-card").content.cloneNode(true) as DocumentFragment;
    this.element = find(HTMLElement, ".token", copy);
    this.element.id = `${kind}-card`;
    this.element.dataset["kind"] = kind;
    const heading = element("h2", "", title);
    heading.id = `${kind}-title`;
    this.#head = new TokenHead(this.element, heading, title.slice(0, 1));
    this.element.setAttribute("aria-labelledby", `${kind}-title`);
    for (const part of ["header", "claims"] as const) {
      find(Element, `.${part}-title`, this.element).id = `${kind}-${part}`;
      this.#table(part).setAttribute("aria-labelledby", `${kind}-title ${kind}-${part}`);
    }
    const button = find(HTMLButtonElement, ".copy", this.element);
    button.setAttribute("aria-label", `Copy the ${kind} token`);
    button.addEventListener("click", () => void this.#copy(button));
  }

  /** Shows a token; "" takes everything of the last one away. */
  async show(token: string): Promise<void> {
    if (token === this.#token) return;
    this.#token = token;
    this.#contents = undefined;
    const parts = token.split(".");
    for (const [index, name] of ["header", "payload", "signature"].entries()) {
      find(Element, `.encoded .${name}`, this.element).textContent = parts[index] ?? "";
    }
    listMembers(this.#table("header"), {});
    listMembers(this.#table("claims"), {});
    if (token === "") return;
    try {
      const contents = await decode(token);
      if (token !== this.#token) return; // another token came meanwhile
      this.#contents = contents;
      listMembers(this.#table("header"), contents.protectedHeader);
      listMembers(this.#table("claims"), contents.payload);
      this.tick();
    } catch (error) {
      const { title, advice } = wordsForCode(error);
      this.#head.say("unclear", "Not decoded", title, advice ?? "");
    }
  }

  /** Brings what depends on the time up to date. */
  tick(): void {
    if (!this.#contents) return;
    this.#head.show(lifetimeOf(this.#contents.payload));
    tickMembers(this.#table("claims"), this.#contents.payload);
  }

  #table(part: "header" | "claims"): HTMLTableElement {
    return find(HTMLTableElement, `.${part}-members`, this.element);
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const copied = await navigator.clipboard.writeText(this.#token).then(() => true, () => false);
    setText(button, copied ? "Copied" : "Not allowed");
    setTimeout(() => setText(button, "Copy"), 2000);
  }
}
