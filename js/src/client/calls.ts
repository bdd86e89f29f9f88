import { JetonError } from "../errors.js";
import type { Endpoints } from "./endpoints.js";
import { ClientError } from "./failure.js";
import { pageAddress, unlessAborted } from "./host.js";
import type { Keeper } from "./keeper.js";
import type { Settings } from "./options.js";
import type { Session } from "./session.js";

type Input = string | URL | Request;

const redirectsAtMost = 10;

/** Makes calls with the session's token: renews it before and, once, after a 401, and never lets it go to another origin. */
export class Calls {
  readonly #settings: Settings;
  readonly #endpoints: Endpoints;
  readonly #keeper: Keeper;

  constructor(settings: Settings, endpoints: Endpoints, keeper: Keeper) {
    this.#settings = settings;
    this.#endpoints = endpoints;
    this.#keeper = keeper;
  }

  async fetch(input: Input, init: RequestInit = {}): Promise<Response> {
    const call = new Call(input, init, this.#settings.url);
    const session = await unlessAborted(this.#keeper.current(), call.signal);
    const response = await this.#send(call, session);
    if (response.status !== 401 || session === undefined) return response;
    const fresh = await this.#later(call, session);
    if (fresh === undefined) return response;
    if (!call.repeatable) {
      const message = "the server answered 401 and the body was a stream, which is spent; there is a new token now: call again with a new body";
      throw new ClientError("retry_impossible", message, { status: 401 });
    }
    await response.body?.cancel().catch(() => {});
    return this.#send(call, fresh);
  }

  /** Returns a later session of the same login. A call of one user is never repeated in the name of another. */
  async #later(call: Call, session: Session): Promise<Session | undefined> {
    if (this.#keeper.session === undefined) return undefined;
    await unlessAborted(this.#keeper.renew(session), call.signal);
    const fresh = this.#keeper.session;
    return fresh?.id === session.id ? fresh : undefined;
  }

  async #send(call: Call, session: Session | undefined): Promise<Response> {
    const headers = session === undefined ? {} : this.#endpoints.authorization(session);
    const guards: RequestInit = this.#settings.cookies ? { credentials: "include" } : {};
    const { origin } = this.#settings.url;
    // In a page of the same origin the browser itself refuses to leave it, redirects included. Elsewhere redirects come here first.
    if (originOfPage() === origin) return this.#request(...call.attempt(headers, { ...guards, mode: "same-origin" }));
    if (call.redirect !== "follow") return this.#request(...call.attempt(headers, guards));
    guards.redirect = "manual";
    let from = call.target;
    let response = await this.#request(...call.attempt(headers, guards));
    for (let count = 0; isRedirect(response); count++) {
      const location = response.headers.get("location");
      await response.body?.cancel().catch(() => {});
      const to = location === null ? undefined : addressOf(location, from);
      if (to?.origin !== origin || count === redirectsAtMost || !["GET", "HEAD"].includes(call.method)) {
        const message = `${from.pathname} redirects, and that cannot be seen to be safe to follow: call the final address itself`;
        throw new ClientError("redirect_refused", message);
      }
      from = to;
      response = await this.#request(...call.attempt(headers, guards, to));
    }
    return response;
  }

  async #request(input: string | Request, init: RequestInit): Promise<Response> {
    try {
      return await this.#settings.fetch(input, init);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // an abort is the caller's own
      const message = "the server cannot be reached, or the browser does not allow it (CORS, CSP, a redirect to another origin)";
      throw new ClientError("network_failed", message);
    }
  }
}

/** One call of fetch, to be sent once or twice. */
class Call {
  readonly target: URL;
  readonly #request: Request | undefined;
  readonly #init: RequestInit;

  constructor(input: Input, init: RequestInit, base: URL) {
    this.#request = typeof input === "object" && "url" in input ? input : undefined;
    this.#init = init;
    const target = addressOf(this.#request?.url ?? String(input), base);
    if (target === undefined) throw new JetonError("options_invalid", "what to fetch is no address");
    if (target.origin !== base.origin) {
      throw new ClientError("origin_refused", `this client calls ${base.origin} only: use the plain fetch for other origins`);
    }
    this.target = target;
  }

  get method(): string {
    return (this.#init.method ?? this.#request?.method ?? "GET").toUpperCase();
  }

  get redirect(): RequestRedirect {
    return this.#init.redirect ?? this.#request?.redirect ?? "follow";
  }

  get signal(): AbortSignal | null | undefined {
    return this.#init.signal ?? this.#request?.signal;
  }

  /** Whether the body can be sent again. That of a Request is copied; a stream is spent, and copying it would hold all of it in memory. */
  get repeatable(): boolean {
    const body: unknown = this.#init.body;
    return typeof body !== "object" || body === null || !("getReader" in body || Symbol.asyncIterator in body);
  }

  /** Returns the arguments of fetch for one attempt, or for where a redirect leads. */
  attempt(headers: Readonly<Record<string, string>>, guards: RequestInit, target?: URL): [input: string | Request, init: RequestInit] {
    const all = new Headers(this.#init.headers ?? this.#request?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    const init = { ...this.#init, ...guards, headers: all };
    if (target === undefined) return [this.#request?.clone() ?? this.target.href, init];
    return [target.href, { ...init, method: this.method, signal: this.signal ?? null }];
  }
}

function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || [301, 302, 303, 307, 308].includes(status);
}

function addressOf(address: string, base: URL): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}

function originOfPage(): string | undefined {
  const address = pageAddress();
  return address === undefined ? undefined : new URL(address).origin;
}
