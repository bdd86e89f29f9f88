import { decode, type TokenContents } from "jeton";
import { wordsForCode } from "../checks.js";
import { distanceOf, lifetimeOf, meaningOf } from "../claims.js";
import { element, find, setText } from "./dom.js";

/** Shows one token: what is left of its time, its text, and what it says. */
export class TokenCard {
  readonly element: HTMLElement;
  #token = "";
  #contents: TokenContents | undefined;

  constructor(title: string, kind: "access" | "refresh") {
    const copy = find(HTMLTemplateElement, "#token-card").content.cloneNode(true) as DocumentFragment;
    this.element = find(HTMLElement, ".token", copy);
    this.element.id = `${kind}-card`;
    this.element.dataset["kind"] = kind;
    this.#find(".token-title").textContent = title;
    this.#find(".token-title").id = `${kind}-title`;
    this.element.setAttribute("aria-labelledby", `${kind}-title`);
    this.#find(".coin-letter").textContent = title.slice(0, 1);
    for (const part of ["header", "claims"]) {
      this.#find(`.${part}-title`).id = `${kind}-${part}`;
      this.#find(`.${part}-members`).setAttribute("aria-labelledby", `${kind}-title ${kind}-${part}`);
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
      this.#find(`.encoded .${name}`).textContent = parts[index] ?? "";
    }
    this.#list(".header-members", {});
    this.#list(".claims-members", {});
    if (token === "") return;
    try {
      const contents = await decode(token);
      if (token !== this.#token) return; // another token came meanwhile
      this.#contents = contents;
      this.#list(".header-members", contents.protectedHeader);
      this.#list(".claims-members", contents.payload);
      this.tick();
    } catch (error) {
      const { title, advice } = wordsForCode(error);
      this.#state("unclear", "Not decoded", title, advice ?? "");
    }
  }

  /** Brings what depends on the time up to date. */
  tick(): void {
    if (!this.#contents) return;
    const { state, label, left, span, share } = lifetimeOf(this.#contents.payload);
    this.#state(state, label, left, span);
    this.#find(".coin-left").setAttribute("stroke-dasharray", `${Math.round(share * 1000) / 10} 100`);
    for (const distance of this.element.querySelectorAll<HTMLElement>(".claims-members .distance")) {
      const name = distance.dataset["claim"] as string;
      setText(distance, distanceOf(name, this.#contents.payload[name]) ?? "");
    }
  }

  #state(state: string, label: string, left: string, span: string): void {
    this.element.dataset["state"] = state;
    setText(this.#find(".chip"), label);
    setText(this.#find(".token-left"), left);
    setText(this.#find(".token-span"), span);
  }

  #list(table: string, members: object): void {
    const rows = Object.entries(members).map(([name, value]) => {
      const meaning = element("td", "member-meaning", meaningOf(name, value));
      const away = distanceOf(name, value);
      if (away !== undefined) {
        const distance = element("span", "distance", away);
        distance.dataset["claim"] = name;
        meaning.append(distance);
      }
      const heading = element("th", "member-name", name);
      heading.scope = "row";
      return element("tr", "", heading, element("td", "member-value", element("code", "", JSON.stringify(value))), meaning);
    });
    find(HTMLTableSectionElement, `${table} tbody`, this.element).replaceChildren(...rows);
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const copied = await navigator.clipboard.writeText(this.#token).then(() => true, () => false);
    setText(button, copied ? "Copied" : "Not allowed");
    setTimeout(() => setText(button, "Copy"), 2000);
  }

  #find(selector: string): Element {
    return find(Element, selector, this.element);
  }
}
