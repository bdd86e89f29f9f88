import { decode, type Algorithm } from "jeton";
import { checkByServer, checkInPage, type Remark, type Verdict } from "../checks.js";
import { lifetimeOf } from "../claims.js";
import type { Expectations } from "../expectations.js";
import { choosableAlgorithms } from "../material.js";
import type { Session, Tokens } from "../session.js";
import { isBusy, whileBusy } from "./busy.js";
import { announceAs, element, find } from "./dom.js";
import { clearErrorOnInput, filledIn, setFieldError, wellFormed } from "./field.js";
import type { Inspector } from "./inspector.js";

/** Checks a token, by the server or in this page, and says what came of it. */
export class CheckPanel {
  readonly #form = find(HTMLFormElement, "#check-form");
  readonly #key = find(HTMLTextAreaElement, "#key");
  readonly #algorithm = find(HTMLSelectElement, "#algorithm");
  readonly #leeway = find(HTMLInputElement, "#leeway");
  readonly #clock = find(HTMLInputElement, "#clock");
  readonly #button = find(HTMLButtonElement, "#check");
  readonly #verdict = find(HTMLElement, "#verdict");
  #asked = {}; // another object whenever what is asked for changes

  constructor(private readonly session: Session, private readonly inspector: Inspector) {
    this.#algorithm.append(...choosableAlgorithms.map((name) => new Option(name)));
    clearErrorOnInput(this.#key, this.#leeway, this.#clock);
    this.#form.addEventListener("input", () => this.#changed());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    inspector.onChange(() => this.#tokenPasted());
    this.clear();
  }

  /** Offers the tokens of the session, when there are any. */
  follow(tokens: Tokens | undefined): void {
    const field = find(HTMLElement, "#which-field");
    if (field.hidden === !tokens) return;
    field.hidden = !tokens;
    this.#choose(tokens && this.inspector.token === "" ? "access" : "pasted");
    this.#changed();
  }

  /** Forgets what was pasted and what came of it. */
  clear(): void {
    this.#form.reset();
    for (const control of [this.#key, this.#leeway, this.#clock]) setFieldError(control, "");
    this.#choose(this.session.tokens ? "access" : "pasted");
    this.#changed();
  }

  #tokenPasted(): void {
    if (this.inspector.token !== "") this.#choose("pasted");
    if (this.#choice("which") === "pasted") this.#changed();
  }

  /** A verdict is about what was asked for then. */
  #changed(): void {
    this.#asked = {};
    find(HTMLElement, "#key-fields").hidden = this.#choice("who") !== "page";
    this.#rest();
  }

  #submit(): void {
    if (isBusy(this.#button)) return;
    const [which, who] = [this.#choice("which"), this.#choice("who")];
    const token = which === "pasted" ? this.inspector.token : this.session.tokens?.[which === "refresh" ? "refresh" : "access"] ?? "";
    if (which === "pasted" && !this.inspector.demand()) return;
    if (who === "page" && !this.#completed()) return;
    const brought = { key: this.#key.value, algorithm: this.#algorithm.value as Algorithm, expectations: this.#expectations() };
    const asked = this.#asked;
    const { signal } = this.session;
    void whileBusy(this.#button, undefined, async () => {
      const verdict = await (who === "page" ? checkInPage(token, brought) : checkByServer(token, signal));
      const times = await timesOf(token);
      if (asked === this.#asked && !signal.aborted) this.#show(verdict, times); // or else signed out, or asked something else meanwhile
    });
  }

  #completed(): boolean {
    if (![this.#leeway, this.#clock].every(({ validity }) => validity.valid)) find(HTMLDetailsElement, "#expectations").open = true;
    const expectations = wellFormed([this.#leeway, "A whole number from 0 to 600."], [this.#clock, "A date with its time of day, or nothing."]);
    return filledIn([this.#key, "Paste a secret, a JWK or a JWK Set."]) && expectations; // the key stands first
  }

  #expectations(): Expectations {
    const text = (name: string) => find(HTMLInputElement, `#${name}`).value.trim();
    return { issuer: text("issuer"), audience: text("audience"), typ: text("typ"), leeway: text("leeway"), clock: text("clock") };
  }

  #show({ tone, title, advice, more, by, code }: Verdict, times: string): void {
    announceAs(this.#verdict, tone);
    this.#verdict.dataset["tone"] = tone;
    this.#verdict.replaceChildren(
      element("p", "verdict-title", title),
      ...(advice ? [element("p", "", advice)] : []),
      ...(more.length > 0 ? [element("ul", "", ...more.map(remark))] : []),
      element("p", "verdict-times", times),
      element("p", "soft verdict-by", by, ...(code ? ["; code ", element("code", "", code)] : [])),
    );
    this.#verdict.scrollIntoView({ block: "nearest" });
  }

  #rest(): void {
    announceAs(this.#verdict, "info");
    delete this.#verdict.dataset["tone"];
    this.#verdict.replaceChildren(
      element("p", "verdict-title", "Not checked yet"),
      element("p", "soft", "Choose who checks the token. The result and what to do about it stand here."),
    );
  }

  #choose(which: string): void {
    find(HTMLInputElement, `[name=which][value=${which}]`).checked = true;
  }

  #choice(name: string): string {
    return String(new FormData(this.#form).get(name));
  }
}

function remark({ text, code }: Remark): HTMLElement {
  return element("li", "", text, ...(code ? [" ", element("code", "", code)] : []));
}

/** Says what the token's own times say, which needs no key. */
async function timesOf(token: string): Promise<string> {
  try {
    const { label, left } = lifetimeOf((await decode(token)).payload);
    return `By its own times: ${label.toLowerCase()}. ${left}.`;
  } catch {
    return "Its times cannot be read.";
  }
}
