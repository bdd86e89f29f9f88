import { createClient, type SignedOutCode } from "jeton/client";

/** The two tokens of a signed-in user. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

type Listener = (tokens: Tokens | undefined, ended: SignedOutCode | undefined) => void;

/**
 * The session, kept by the package's client: in memory and nowhere else, renewed when that is due, and over for good when it is over,
 * whatever answers still come in.
 *
 * The client lets nobody see its tokens, and an application needs none of what is here. This page shows them, so it reads along where
 * they arrive.
 */
export class Session {
  readonly client = createClient({ url: "/", dialect: "simplejwt", fetch: (input, init) => this.#fetch(input, init) });
  readonly #listeners: Listener[] = [];
  #arrived: Partial<Tokens> = {};
  #tokens: Tokens | undefined;
  #abort = new AbortController();

  constructor() {
    this.client.on("signedIn", () => this.#change(undefined));
    this.client.on("refreshed", () => this.#change(undefined));
    this.client.on("signedOut", ({ code }) => {
      this.#arrived = {};
      this.#change(code);
      this.#abort.abort();
      this.#abort = new AbortController();
    });
  }

  get tokens(): Tokens | undefined {
    return this.#tokens;
  }

  /** Ends whatever is under way in this session. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Calls the listener with the tokens after every change, and at the end with the reason for it. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  #change(ended: SignedOutCode | undefined): void {
    const { access, refresh } = this.#arrived;
    this.#tokens = access !== undefined && refresh !== undefined ? { access, refresh } : undefined;
    for (const listener of this.#listeners) listener(this.#tokens, ended);
  }

  async #fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const response = await fetch(input, { ...init, credentials: "omit", cache: "no-store" });
    const { pathname } = new URL(response.url || String(input));
    if (response.ok && pathname.startsWith("/api/token/")) {
      const tokens: unknown = await response.clone().json().catch(() => undefined);
      if (typeof tokens === "object" && tokens !== null) this.#arrived = { ...this.#arrived, ...tokens };
    }
    return response;
  }
}
