import { decode, type Algorithm } from "jeton";
import { checkByServer, checkInPage, type Verdict } from "../checks.js";
import { lifetimeOf } from "../claims.js";
import { choosableAlgorithms } from "../material.js";
import type { Session } from "../session.js";
import { isBusy, whileBusy } from "./busy.js";
import { announceAs, element, find } from "./dom.js";
import { clearErrorOnInput, filledIn, setFieldError } from "./field.js";

/** Checks a token, by the server or in this page, and says what came of it. */
export class CheckPanel {
  readonly #form = find(HTMLFormElement, "#check-form");
  readonly #other = find(HTMLTextAreaElement, "#other");
  readonly #key = find(HTMLTextAreaElement, "#key");
  readonly #algorithm = find(HTMLSelectElement, "#algorithm");
  readonly #button = find(HTMLButtonElement, "#check");
  readonly #verdict = find(HTMLElement, "#verdict");

  constructor(private readonly session: Session) {
    this.#algorithm.append(...choosableAlgorithms.map((name) => new Option(name)));
    clearErrorOnInput(this.#other, this.#key);
    this.#form.addEventListener("change", () => this.#adapt());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.clear();
  }

  /** Forgets what was pasted and what came of it. */
  clear(): void {
    this.#form.reset();
    setFieldError(this.#other, "");
    setFieldError(this.#key, "");
    this.#adapt();
    this.#rest();
  }

  #adapt(): void {
    find(HTMLElement, "#other-field").hidden = this.#choice("which") !== "other";
    find(HTMLElement, "#key-fields").hidden = this.#choice("who") !== "page";
  }

  #submit(): void {
    if (isBusy(this.#button)) return;
    const { tokens } = this.session;
    const [which, who] = [this.#choice("which"), this.#choice("who")];
    const needed: [HTMLTextAreaElement, string][] = [];
    if (which === "other") needed.push([this.#other, "Paste a token."]);
    if (who === "page") needed.push([this.#key, "Paste a secret, a JWK or a JWK Set."]);
    if (!tokens || !filledIn(...needed)) return;
    const token = which === "other" ? this.#other.value.trim() : tokens[which === "refresh" ? "refresh" : "access"];
    const check = who === "page"
      ? () => checkInPage(token, this.#key.value, this.#algorithm.value as Algorithm)
      : () => checkByServer(token, this.session.signal);
    void whileBusy(this.#button, undefined, async () => {
      const verdict = await check();
      const times = await timesOf(token);
      if (this.session.tokens) this.#show(verdict, times); // or else signed out meanwhile
    });
  }

  #show({ tone, title, advice, more, by, code }: Verdict, times: string): void {
    announceAs(this.#verdict, tone);
    this.#verdict.dataset["tone"] = tone;
    this.#verdict.replaceChildren(
      element("p", "verdict-title", title),
      ...(advice ? [element("p", "", advice)] : []),
      ...(more.length > 0 ? [element("ul", "", ...more.map((text) => element("li", "", text)))] : []),
      element("p", "verdict-times", times),
      element("p", "soft", by, ...(code ? ["; code ", element("code", "", code)] : [])),
    );
    this.#verdict.scrollIntoView({ block: "nearest" });
  }

  #rest(): void {
    announceAs(this.#verdict, "info");
    delete this.#verdict.dataset["tone"];
    this.#verdict.replaceChildren(
      element("p", "verdict-title", "Not checked yet"),
      element("p", "soft", "Choose a token and who checks it. The result and what to do about it stand here."),
    );
  }

  #choice(name: string): string {
    return String(new FormData(this.#form).get(name));
  }
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
