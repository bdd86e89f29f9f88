import { wordsForError } from "../refusals.js";
import type { Session } from "../session.js";
import { clockInWords } from "../times.js";
import type { Words } from "../words.js";
import { whileBusy } from "./busy.js";
import { find, setText } from "./dom.js";
import { Message } from "./message.js";

/** The head of the page while somebody is signed in: who, the way to a new token, the way out. */
export class SessionBar {
  readonly #section = find(HTMLElement, "#session");
  readonly #title = find(HTMLElement, "#session-title");
  readonly #refresh = find(HTMLButtonElement, "#refresh");
  readonly #message = new Message("#session-message");

  constructor(private readonly session: Session, signOut: () => void) {
    this.#refresh.addEventListener("click", () => void whileBusy(this.#refresh, this.#message, () => this.#renew()));
    find(HTMLButtonElement, "#sign-out").addEventListener("click", signOut);
  }

  open(): void {
    this.#section.hidden = false;
    setText(this.#title, "Signed in");
    setText(find(HTMLElement, "#session-since"), `Since ${clockInWords(Date.now() / 1000)}`);
    this.#message.show({ tone: "good", title: "The server gave you two tokens", advice: "The access token opens the API, the refresh token renews it." });
    document.title = "Signed in · Jeton";
    this.#title.focus();
  }

  hide(): void {
    this.#section.hidden = true;
    document.title = "Sign in · Jeton";
  }

  /** Says who is signed in. */
  name(username: string): void {
    setText(this.#title, `Signed in as ${username}`);
  }

  say(words: Words): void {
    this.#message.show(words);
  }

  async #renew(): Promise<void> {
    const before = this.session.tokens;
    try {
      await this.session.client.refresh();
      const rotated = this.session.tokens?.refresh !== before?.refresh;
      this.say({
        tone: "good",
        title: rotated ? "You have two new tokens" : "You have a new access token",
        advice: rotated ? "The old refresh token is used up." : "The old one still works until it expires.",
      });
    } catch (error) {
      const words = wordsForError("refresh", error);
      if (this.session.tokens) this.say(words); // or else the session is over, which is said where one signs in
    }
  }
}
