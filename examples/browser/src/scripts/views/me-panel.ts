import * as api from "../api.js";
import { wordsForError, wordsForRefusal } from "../refusals.js";
import type { Session } from "../session.js";
import { isBusy, whileBusy } from "./busy.js";
import { element, find } from "./dom.js";
import { Message } from "./message.js";

const labels: readonly [member: string, label: string][] = [
  ["username", "Username"],
  ["id", "User ID"],
  ["email", "Email"],
  ["first_name", "First name"],
  ["last_name", "Last name"],
];

/** Asks the protected endpoint who the user is, and shows the answer. */
export class MePanel {
  readonly #button = find(HTMLButtonElement, "#me");
  readonly #facts = find(HTMLElement, "#me-facts");
  readonly #message = new Message("#me-message", { tone: "info", title: "Not asked yet" });

  /** @param onName is told the username */
  constructor(private readonly session: Session, private readonly onName: (username: string) => void) {
    this.#button.addEventListener("click", () => this.ask());
    this.#list({ status: 0, body: undefined });
  }

  ask(): void {
    if (!isBusy(this.#button)) void whileBusy(this.#button, this.#message, () => this.#ask());
  }

  clear(): void {
    this.#list({ status: 0, body: undefined });
    this.#message.rest();
  }

  async #ask(): Promise<void> {
    try {
      const answer = await api.me(this.session);
      if (!this.session.tokens) return; // signed out meanwhile
      const username = api.textOf(answer, "username");
      if (answer.status !== 200 || username === undefined) return this.#message.show(wordsForRefusal("me", answer));
      this.#list(answer);
      this.onName(username);
      this.#message.show({ tone: "good", title: "The server knows you", advice: "It accepted the access token." });
    } catch (error) {
      if (this.session.tokens) this.#message.show(wordsForError("me", error));
    }
  }

  #list(answer: api.Answer): void {
    const facts = labels.map(([member, label]) => {
      const text = api.textOf(answer, member);
      return element("div", "fact", element("dt", "", label), element("dd", text === undefined ? "none" : "", text ?? "none"));
    });
    this.#facts.replaceChildren(...facts);
  }
}
