/** The two tokens of a signed-in user. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/**
 * The tokens, in memory and nowhere else. Answers that come late are told apart by the tokens they were asked with: who signed out
 * meanwhile stays signed out.
 */
export class Session {
  #tokens: Tokens | undefined;
  #abort = new AbortController();
  readonly #listeners: ((tokens: Tokens | undefined) => void)[] = [];

  get tokens(): Tokens | undefined {
    return this.#tokens;
  }

  /** Ends whatever is under way for these tokens. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Calls the listener after every change. */
  onChange(listener: (tokens: Tokens | undefined) => void): void {
    this.#listeners.push(listener);
  }

  start(tokens: Tokens): void {
    this.#change(tokens);
  }

  /** Puts new tokens in the place of those they were made from, and reports whether these were still there. */
  renew(from: Tokens, tokens: Tokens): boolean {
    if (this.#tokens !== from) return false;
    this.#change(tokens);
    return true;
  }

  /** Forgets the tokens. */
  end(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#change(undefined);
  }

  #change(tokens: Tokens | undefined): void {
    this.#tokens = tokens;
    for (const listener of this.#listeners) listener(tokens);
  }
}
