import { Calls } from "./calls.js";
import { Endpoints } from "./endpoints.js";
import { Listeners } from "./events.js";
import { ClientError } from "./failure.js";
import { Keeper } from "./keeper.js";
import { settingsOf, type ClientOptions, type Settings } from "./options.js";
import type { ClientEvents, SessionState } from "./state.js";

/** What a user signs in with. Members beside these two, such as a one-time code, are sent along. */
export interface Credentials {
  /** Sent under the name of the option usernameField. */
  readonly username: string;
  readonly password: string;
  readonly [member: string]: unknown;
}

/** What became of a logout. The session has ended here in any case. */
export interface LogoutResult {
  /** Whether the server took the tokens back; never without `paths.logout`. Tokens that were not taken back live until they expire. */
  readonly revoked: boolean;
  /** Why it did not, when it was asked. */
  readonly error?: ClientError;
}

/**
 * A session with a token server. All methods may be called at any time, any number at once. `fetch` may be handed to libraries that
 * take a fetch function.
 */
export class Client<Own extends object = Record<string, unknown>> {
  readonly #settings: Settings;
  readonly #disposal = new AbortController();
  readonly #listeners = new Listeners();
  readonly #endpoints: Endpoints;
  readonly #keeper: Keeper;
  readonly #calls: Calls;
  #attempt = 0;

  /** Use createClient. */
  constructor(options: ClientOptions) {
    this.#settings = settingsOf(options);
    this.#endpoints = new Endpoints(this.#settings, this.#disposal.signal);
    this.#keeper = new Keeper(this.#settings, this.#endpoints, this.#listeners, this.#disposal.signal);
    this.#calls = new Calls(this.#settings, this.#endpoints, this.#keeper);
  }

  /** Who is signed in now. With an asynchronous storage it is known after `ready()`. */
  get state(): SessionState<Own> {
    return this.#keeper.state as SessionState<Own>;
  }

  /** Returns the state once the storage has been read. */
  async ready(): Promise<SessionState<Own>> {
    await this.#keeper.ready();
    return this.state;
  }

  /**
   * Calls the listener at every event of that type, until the returned function is called.
   *
   * @example
   * const stop = client.on("signedOut", ({ code, reason }) => code !== "logged_out" && showSignIn(reason));
   */
  on<Type extends keyof ClientEvents>(type: Type, listener: (event: ClientEvents<Own>[Type]) => void): () => void {
    return this.#listeners.on(type, listener as (event: ClientEvents[Type]) => void);
  }

  /**
   * Signs in. When several are under way, or a logout comes in between, the last one counts.
   *
   * @throws ClientError login_refused with `detail` or `fields`; login_superseded, network_failed, server_failed, rate_limited,
   * answer_invalid, redirect_refused, client_disposed
   *
   * @example
   * const { claims } = await client.login({ username: "alice", password });
   */
  async login(credentials: Credentials): Promise<SessionState<Own>> {
    const attempt = ++this.#attempt;
    await this.#keeper.ready();
    const { username, ...others } = credentials;
    const exchange = await this.#endpoints.login({ [this.#settings.usernameField]: username, ...others });
    if (attempt !== this.#attempt) throw new ClientError("login_superseded", "a later login or logout came in between");
    await this.#keeper.begin(exchange);
    return this.state;
  }

  /**
   * Renews the session now. With cookies it also finds out whether there is one: a page may begin with it.
   *
   * @throws ClientError session_expired or refresh_refused, which end the session; not_signed_in; and those of login, which do not
   *
   * @example
   * const { expiresAt } = await client.refresh();
   */
  async refresh(): Promise<SessionState<Own>> {
    await this.#keeper.ready();
    const { session } = this.#keeper;
    if (session !== undefined) await this.#keeper.renew(session);
    else if (this.#settings.cookies) await this.#keeper.probe();
    else throw new ClientError("not_signed_in", "nobody is signed in");
    return this.state;
  }

  /**
   * Signs out, at once, in this tab and the others; then hands the tokens to the server if `paths.logout` says where. It does not fail:
   * what the server made of it is in the result.
   *
   * @example
   * await client.logout();
   */
  async logout(): Promise<LogoutResult> {
    this.#attempt++;
    await this.#keeper.ready();
    const session = await this.#keeper.end();
    if (session === undefined && !this.#settings.cookies) return { revoked: false };
    try {
      return { revoked: await this.#endpoints.logout(session ?? {}) };
    } catch (error) {
      if (error instanceof ClientError) return { revoked: false, error };
      throw error;
    }
  }

  /**
   * Asks the server whether it takes the token for calls. A false ends no session: refresh() may still renew it.
   *
   * @throws ClientError not_signed_in, and those of login but for login_refused
   *
   * @example
   * if (!(await client.verify())) await client.refresh();
   */
  async verify(): Promise<boolean> {
    await this.#keeper.ready();
    const { session } = this.#keeper;
    if (session === undefined) throw new ClientError("not_signed_in", "nobody is signed in");
    return this.#endpoints.verify(session);
  }

  /**
   * Makes a call like the global fetch, with the token of the session. A relative address is relative to the option url; another
   * origin is refused. A token about to expire is renewed first. After a 401 the session is renewed and the call sent once more, so
   * a 401 that is returned is the server's last word. Without a session the call goes without a token.
   *
   * @throws ClientError origin_refused and redirect_refused, before a token could get elsewhere; session_expired, refresh_refused or
   * not_signed_in when the session ended; network_failed, server_failed, rate_limited when it could not be renewed; retry_impossible
   * @throws the signal's reason when the call was aborted
   *
   * @example
   * const me = await (await client.fetch("/api/me/")).json();
   */
  readonly fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => this.#calls.fetch(input, init);

  /**
   * Lets go of timers, channels and listeners, and ends the requests of login and refresh. The session stays in its storage. What is
   * called afterwards fails with client_disposed.
   *
   * @example
   * client.dispose();
   */
  dispose(): void {
    this.#disposal.abort();
    this.#keeper.dispose();
  }
}

/**
 * Returns a client for the token server at `url`. It takes up the session that its storage holds.
 *
 * @throws JetonError options_invalid
 *
 * @example
 * const client = createClient({ url: "https://api.example", dialect: "simplejwt" });
 * await client.login({ username: "alice", password });
 * const response = await client.fetch("/api/me/");
 */
export function createClient<Own extends object = Record<string, unknown>>(options: ClientOptions): Client<Own> {
  return new Client<Own>(options);
}
