import { ClientError } from "jeton/client";
import { wordsForError } from "../refusals.js";
import type { Session } from "../session.js";
import type { Words } from "../words.js";
import { isBusy, whileBusy } from "./busy.js";
import { find } from "./dom.js";
import { clearErrorOnInput, filledIn, setFieldError } from "./field.js";
import { Message } from "./message.js";

/** The form that is there while nobody is signed in. */
export class SignIn {
  readonly #section = find(HTMLElement, "#welcome");
  readonly #form = find(HTMLFormElement, "#sign-in-form");
  readonly #username = find(HTMLInputElement, "#username");
  readonly #password = find(HTMLInputElement, "#password");
  readonly #button = find(HTMLButtonElement, "#sign-in");
  readonly #show = find(HTMLButtonElement, "#show-password");
  readonly #message = new Message("#sign-in-message", {
    tone: "info",
    title: "Nobody is signed in",
    advice: "The server printed the demo user’s name and password when it started.",
  });

  constructor(private readonly session: Session) {
    clearErrorOnInput(this.#username, this.#password);
    this.#show.addEventListener("click", () => this.#showPassword(this.#password.type === "password"));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  hide(): void {
    this.#section.hidden = true;
  }

  /** Shows the form again, with a word on why. */
  open(words: Words): void {
    this.#section.hidden = false;
    this.#message.show(words);
    this.#username.focus();
  }

  #submit(): void {
    if (isBusy(this.#button)) return;
    if (!filledIn([this.#username, "Type your username."], [this.#password, "Type your password."])) return;
    void whileBusy(this.#button, this.#message, () => this.#signIn());
  }

  async #signIn(): Promise<void> {
    this.#message.show({ tone: "info", title: "Signing in", advice: "The server checks the password, slowly on purpose." });
    const [username, password] = [this.#username.value, this.#password.value];
    try {
      await this.session.client.login({ username, password });
      this.#form.reset();
      this.#showPassword(false);
    } catch (error) {
      this.#message.show(wordsForError("sign-in", error));
      if (error instanceof ClientError && error.status === 401) this.#askAgain();
    }
  }

  #askAgain(): void {
    setFieldError(this.#password, "Not accepted with this username.");
    this.#password.focus();
    this.#password.select();
  }

  #showPassword(shown: boolean): void {
    this.#password.type = shown ? "text" : "password";
    this.#show.setAttribute("aria-pressed", String(shown));
    this.#show.textContent = shown ? "Hide" : "Show";
  }
}
