import { failureOf, readAnswer, succeeded, tokenIn, type Answer } from "./answer.js";
import type { Dialect } from "./dialects.js";
import { ClientError, disposed } from "./failure.js";
import { letEnd } from "./host.js";
import type { Settings } from "./options.js";

/** What login or refresh brought. In cookie mode there may be no token in it. */
export interface Exchange {
  readonly access: string | undefined;
  readonly refresh: string | undefined;
  /** When the request was sent, and when the server says that it answered, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number | undefined;
}

/** The tokens that a request is made with. */
export interface Tokens {
  readonly access?: string | undefined;
  readonly refresh?: string | undefined;
}

/** The token endpoints of the server. */
export class Endpoints {
  readonly #settings: Settings;
  readonly #dialect: Dialect;
  readonly #gone: AbortSignal;

  /** Ends every request when the signal says that the client is gone. */
  constructor(settings: Settings, gone: AbortSignal) {
    this.#settings = settings;
    this.#dialect = settings.dialect;
    this.#gone = gone;
  }

  /** @throws ClientError login_refused, and whatever can fail on the way */
  async login(fields: Readonly<Record<string, unknown>>): Promise<Exchange> {
    const { usernameField, addresses } = this.#settings;
    const secrets = Object.entries(fields).map(([name, value]) => (name === usernameField ? undefined : value));
    const answer = await this.#post(addresses.login, fields, secrets);
    check(answer, [400, 401, 403], "login_refused", "the server does not accept these credentials");
    return this.#exchange(answer, undefined);
  }

  /** @throws ClientError refresh_refused, and whatever can fail on the way */
  async refresh(tokens: Tokens): Promise<Exchange> {
    const { addresses, cookies } = this.#settings;
    const answer = await this.#post(addresses.refresh, this.#refreshBody(tokens), [tokens.refresh]);
    const refusals = cookies ? [400, 401] : this.#dialect.refreshRefusals; // a cookie that is gone is a missing field to Django
    check(answer, refusals, "refresh_refused", "the server does not renew this session any more");
    return this.#exchange(answer, tokens.refresh);
  }

  /** Asks whether the token for calls is good. */
  async verify({ access }: Tokens): Promise<boolean> {
    const answer = await this.#post(this.#settings.addresses.verify, access === undefined ? {} : { token: access }, [access]);
    if (answer.status === 400 || answer.status === 401) return false;
    check(answer);
    return true;
  }

  /** Hands the tokens in, and reports whether there is an endpoint for that. */
  async logout(tokens: Tokens): Promise<boolean> {
    const { addresses } = this.#settings;
    if (addresses.logout === undefined) return false;
    const headers = this.#dialect.logoutAuthorized ? this.authorization(tokens) : {};
    const answer = await this.#post(addresses.logout, this.#refreshBody(tokens), [tokens.access, tokens.refresh], headers);
    if (answer.status !== 401) check(answer); // 401: the tokens were worth nothing any more
    return true;
  }

  /** Returns the header that a call carries the token in. */
  authorization({ access }: Tokens): Record<string, string> {
    const { headerName, headerPrefix } = this.#settings;
    return access === undefined ? {} : { [headerName]: headerPrefix === "" ? access : `${headerPrefix} ${access}` };
  }

  #refreshBody({ refresh }: Tokens): Record<string, string> {
    return refresh === undefined ? {} : { [this.#dialect.refreshMember]: refresh };
  }

  #exchange(answer: Answer, known: string | undefined): Exchange {
    const access = tokenIn(answer, this.#dialect.accessMember);
    const refresh = tokenIn(answer, this.#dialect.refreshMember) ?? known; // a server that rotates sends a new one
    const { sentAt, answeredAt } = answer;
    if (this.#settings.cookies) return { access: undefined, refresh: undefined, sentAt, answeredAt };
    if (access === undefined || refresh === undefined) {
      throw new ClientError("answer_invalid", "the answer holds no tokens: is the dialect the right one?", answer.words);
    }
    return { access, refresh, sentAt, answeredAt };
  }

  async #post(address: URL, fields: object, secrets: readonly unknown[], headers: Record<string, string> = {}): Promise<Answer> {
    const { fetch, timeout, cookies } = this.#settings;
    if (this.#gone.aborted) throw disposed();
    const abort = new AbortController();
    const stop = () => abort.abort();
    const timer = letEnd(setTimeout(stop, timeout * 1000));
    this.#gone.addEventListener("abort", stop);
    const sentAt = Date.now();
    try {
      const response = await fetch(address.href, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", ...headers },
        body: JSON.stringify(fields),
        redirect: "manual", // a password or a token goes to this address or nowhere
        signal: abort.signal,
        ...(cookies ? { credentials: "include" } : {}),
      });
      return await readAnswer(response, address, sentAt, secrets.filter((secret) => typeof secret === "string" && secret !== "") as string[]);
    } catch {
      if (this.#gone.aborted) throw disposed();
      if (abort.signal.aborted) throw new ClientError("network_failed", `the server did not answer within ${timeout} seconds`);
      throw new ClientError("network_failed", "the server cannot be reached, or the browser does not allow it (CORS, CSP)");
    } finally {
      clearTimeout(timer);
      this.#gone.removeEventListener("abort", stop);
    }
  }
}

/** Throws for an answer that did not succeed: the given code when its status is among the refusals. */
function check(answer: Answer, refusals: readonly number[] = [], code: "login_refused" | "refresh_refused" = "refresh_refused", message = ""): void {
  if (succeeded(answer)) return;
  throw refusals.includes(answer.status) ? new ClientError(code, message, answer.words) : failureOf(answer);
}
