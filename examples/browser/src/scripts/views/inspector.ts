import { lifetimeOf } from "../claims.js";
import { dissect, partNames, type Dissection, type Finding, type Part, type PartName } from "../dissection.js";
import { tokenIn } from "../pasted.js";
import { Announcer } from "./announcer.js";
import { element, find } from "./dom.js";
import { clearErrorOnInput, setFieldError } from "./field.js";
import { listMembers, tickMembers } from "./members.js";
import { TokenHead } from "./token-head.js";

const shownCharacters = 2000; // of each part; the module reads tokens of 8 KiB at most
const shownBytes = 512;

/** Takes any token apart while it is typed or pasted, and says at each part what is wrong with it. Nothing leaves the page. */
export class Inspector {
  readonly #pasted = find(HTMLTextAreaElement, "#pasted");
  readonly #head = new TokenHead(find(HTMLElement, "#inspector"), element("h3", "", "Pasted token"), "P");
  readonly #announcer = new Announcer(find(HTMLElement, "#inspector-said"));
  readonly #listeners: (() => void)[] = [];
  #shown: Dissection | undefined;

  constructor() {
    clearErrorOnInput(this.#pasted);
    this.#pasted.addEventListener("input", () => this.#changed());
    find(HTMLButtonElement, "#clear").addEventListener("click", () => {
      this.clear();
      this.#pasted.focus();
    });
    this.clear();
  }

  /** The token that was pasted, or "". */
  get token(): string {
    return tokenIn(this.#pasted.value);
  }

  /** Calls the listener when another token stands there. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Refuses to go on without a token: says so where one goes, and reports whether there is one. */
  demand(): boolean {
    const there = this.token !== "";
    setFieldError(this.#pasted, there ? "" : "Paste a token.");
    if (!there) this.#pasted.focus();
    return there;
  }

  /** Forgets what was pasted. */
  clear(): void {
    this.#pasted.value = "";
    setFieldError(this.#pasted, "");
    this.#changed();
    this.#announcer.silence();
  }

  /** Brings what depends on the time up to date. */
  tick(): void {
    const shown = this.#shown;
    if (!shown?.claims) return;
    this.#head.show(lifetimeOf(shown.claims));
    tickMembers(this.#table("payload"), shown.claims);
    void shown.judgeClaims().then((findings) => {
      if (shown !== this.#shown || codes(findings) === codes(shown.payload.findings)) return; // nothing to read out or lay out anew
      this.#show({ ...shown, payload: { ...shown.payload, findings } });
    });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
    void this.#dissect(this.token);
  }

  async #dissect(token: string): Promise<void> {
    if (token === "") return this.#rest();
    const dissection = await dissect(token);
    if (token === this.token) this.#show(dissection); // or else it was typed on meanwhile
  }

  #rest(): void {
    this.#shown = undefined;
    find(HTMLElement, "#parts").hidden = true;
    this.#head.say("empty", "Empty", "No token yet", "What it says appears here while you type or paste.");
    this.#announcer.silence();
  }

  #show(dissection: Dissection): void {
    this.#shown = dissection;
    find(HTMLElement, "#parts").hidden = false;
    find(Element, "#parts-encoded .rest").textContent = cut(dissection.rest);
    listFindings(find(HTMLElement, "#whole-findings"), dissection.whole);
    for (const name of partNames) this.#showPart(name, dissection[name]);
    this.#announcer.say(this.#summary(dissection));
  }

  #showPart(name: PartName, part: Part): void {
    find(Element, `#parts-encoded .${name}`).textContent = cut(part.text);
    listFindings(find(HTMLElement, `#${name}-findings`), part.findings);
    const raw = find(HTMLElement, `#${name}-raw`);
    raw.hidden = part.members !== undefined || !part.bytes?.length;
    raw.textContent = raw.hidden || !part.bytes ? "" : name === "signature" ? hexadecimal(part.bytes) : cut(new TextDecoder().decode(part.bytes));
    if (name === "signature") return;
    const faulty = new Set(part.findings.flatMap(({ tone, claim }) => (tone === "bad" && claim ? [claim] : [])));
    listMembers(this.#table(name), part.members ?? {}, faulty);
    this.#table(name).hidden = part.members === undefined;
  }

  /** Shows in the head, and returns, what the token comes to. */
  #summary({ whole, claims, ...parts }: Dissection): string {
    const faults = [...whole, ...partNames.flatMap((name) => parts[name].findings)].filter(({ tone }) => tone === "bad");
    const count = faults.length === 0 ? "No fault found" : faults.length === 1 ? "One fault" : `${faults.length} faults`;
    const words = [faults.length > 0 ? `${count}:` : `${count}.`, ...faults.map(({ title }) => `${title}.`)].join(" ");
    if (!claims) {
      this.#head.say("unclear", "Not readable", count, "Each is explained below, at the part that is wrong.");
      return words;
    }
    const lifetime = lifetimeOf(claims);
    this.#head.show(lifetime);
    return `The token is taken apart. ${lifetime.label}. ${lifetime.left}. ${words}`;
  }

  #table(name: "header" | "payload"): HTMLTableElement {
    return find(HTMLTableElement, `#${name}-members`);
  }
}

function codes(findings: readonly Finding[]): string {
  return findings.map(({ code, claim }) => `${code} ${claim}`).join();
}

function listFindings(list: HTMLElement, findings: readonly Finding[]): void {
  const items = findings.map(({ tone, title, advice, code }) => {
    const item = element(
      "li",
      "finding",
      element("span", "message-mark"),
      element("p", "finding-title", title),
      element("p", "finding-advice", advice ?? "", ...(code ? [" ", element("code", "", code)] : [])),
    );
    item.dataset["tone"] = tone;
    item.firstElementChild?.setAttribute("aria-hidden", "true");
    return item;
  });
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
}

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/** Returns bytes as pairs of digits, four bytes to a group. */
function hexadecimal(bytes: Uint8Array): string {
  const digits = Array.from(bytes.subarray(0, shownBytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return (digits.match(/.{1,8}/gu) ?? []).join(" ") + (bytes.length > shownBytes ? " …" : "");
}
