import type { Endpoints, Exchange } from "./endpoints.js";
import type { Listeners } from "./events.js";
import { ClientError, disposed } from "./failure.js";
import { begun, isOver, renewed, type Session } from "./session.js";
import type { Settings } from "./options.js";
import { signedOutReasons, stateOf, type SessionState, type SignedOutCode } from "./state.js";
import { Store } from "./store.js";
import { Tabs, type Notice } from "./tabs.js";
import { Timetable } from "./timetable.js";

const restMilliseconds = 5_000;

interface Ending {
  readonly code: SignedOutCode;
  readonly detail?: string | undefined;
  readonly elsewhere?: boolean;
}

/**
 * The session of this tab, its copy in the storage, and the other tabs' news of it. Whoever learns of a later session takes it over;
 * which of two is later is in their versions, so the order in which news arrive does not matter. A session that was ended stays ended.
 */
export class Keeper {
  readonly #settings: Settings;
  readonly #endpoints: Endpoints;
  readonly #listeners: Listeners;
  readonly #store: Store;
  readonly #tabs: Tabs;
  readonly #timetable: Timetable;
  readonly #gone: AbortSignal;
  readonly #ready: Promise<void>;

  #session: Session | undefined;
  #state: SessionState = stateOf(undefined);
  #endedId: string | undefined;
  #stored = false; // whether this session was seen in the storage
  #renewal: { readonly of: Session; readonly done: Promise<void> } | undefined;
  #restUntil = 0;

  constructor(settings: Settings, endpoints: Endpoints, listeners: Listeners, gone: AbortSignal) {
    this.#settings = settings;
    this.#endpoints = endpoints;
    this.#listeners = listeners;
    this.#gone = gone;
    this.#store = new Store(settings, (action) => listeners.emit("storageFailed", { action }));
    this.#timetable = new Timetable(settings.autoRefresh, (session) => this.renew(session));
    this.#tabs = new Tabs(settings.storageKey, this.#store.shared, gone, (notice) => this.#hear(notice), () => void this.#look());
    const found = this.#store.read();
    this.#ready = found instanceof Promise ? found.then((found) => this.#takeUp(found)) : Promise.resolve(this.#takeUp(found));
  }

  get state(): SessionState {
    return this.#state;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Returns once the storage has been read. */
  async ready(): Promise<void> {
    if (this.#gone.aborted) throw disposed();
    await this.#ready;
  }

  /** Starts a session with what a login brought. */
  async begin(exchange: Exchange): Promise<void> {
    await this.#keep(begun(exchange, this.#settings, this.#session));
  }

  /** Finds out whether the server's cookies still make a session, which script cannot see. */
  async probe(): Promise<void> {
    try {
      await this.begin(await this.#endpoints.refresh({}));
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "refresh_refused") throw error;
      throw new ClientError("not_signed_in", "the server knows no session of this browser", error);
    }
  }

  /** Returns the session to make a call with, renewed if that is due. */
  async current(): Promise<Session | undefined> {
    await this.ready();
    const session = this.#session;
    const now = Date.now();
    if (session?.refreshAt === undefined || now < session.refreshAt) return session;
    const usable = session.expiresAt !== undefined && now < session.expiresAt;
    if (usable && now < this.#restUntil) return session;
    try {
      await this.renew(session);
    } catch (error) {
      if (!usable || this.#session !== session) throw error;
      this.#restUntil = Date.now() + restMilliseconds; // the token is still good: a server that is down need not be asked at each call
    }
    return this.#session;
  }

  /**
   * Sees to it that a later session than the given one is there. Any number of callers, in any number of tabs, make one request.
   *
   * @throws ClientError when the session is over, or cannot be renewed just now
   */
  async renew(session: Session): Promise<void> {
    if (this.#session === session) {
      if (this.#renewal?.of !== session) {
        const done = this.#tabs.exclusively((another) => this.#renewAlone(session, another));
        this.#renewal = { of: session, done };
      }
      await this.#renewal.done.finally(() => {
        if (this.#renewal?.of === session) this.#renewal = undefined;
      });
    }
    if (this.#session === undefined) throw new ClientError("not_signed_in", "the session was ended meanwhile");
  }

  /** Ends the session here and in the other tabs, and returns it. What a refresh under way still brings is handed in, not kept. */
  async end(): Promise<Session | undefined> {
    const session = this.#session;
    if (session === undefined) return undefined;
    await this.#end(session, { code: "logged_out" });
    return session;
  }

  dispose(): void {
    this.#timetable.stop();
    this.#tabs.close();
    this.#listeners.clear();
  }

  async #renewAlone(session: Session, another: boolean): Promise<void> {
    if (another) await this.#tabs.noticed(() => this.#session !== session);
    if (this.#store.shared) await this.#look();
    if (this.#session !== session) return;
    let exchange: Exchange;
    try {
      exchange = await this.#endpoints.refresh(session);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "refresh_refused") throw error;
      if (this.#store.shared) await this.#look(); // without locks another tab may have been faster
      if (this.#session !== session) return;
      const code = isOver(session) ? "session_expired" : "refresh_refused";
      await this.#end(session, { code, detail: error.detail ?? error.fields?.["non_field_errors"]?.[0] });
      throw new ClientError(code, `${signedOutReasons[code]}: sign in again`, error);
    }
    const next = renewed(session, exchange, this.#settings);
    if (this.#session === session) await this.#keep(next);
    else if (this.#endedId === session.id) await this.#endpoints.logout(next).catch(() => {}); // what was signed out stays signed out
  }

  /** Makes a session of this tab's own everybody's. */
  async #keep(session: Session): Promise<void> {
    this.#adopt(session, false);
    this.#stored = await this.#store.write(session);
    if (this.#session === session) this.#tabs.tell({ session });
    else if (this.#endedId === session.id) await this.#forget(session.id); // ended while the storage was at work
  }

  #adopt(session: Session, elsewhere: boolean): void {
    const type = this.#session?.id === session.id ? "refreshed" : "signedIn";
    if (type === "signedIn") this.#stored = false;
    this.#restUntil = 0;
    this.#change(session);
    this.#listeners.emit(type, { state: this.#state, elsewhere });
  }

  async #end(session: Session, { code, detail, elsewhere = false }: Ending): Promise<void> {
    this.#endedId = session.id;
    this.#change(undefined);
    if (!elsewhere) this.#tabs.tell({ ended: session.id, code, detail });
    const forgotten = this.#forget(session.id);
    this.#listeners.emit("signedOut", { code, reason: signedOutReasons[code], detail, elsewhere });
    await forgotten;
  }

  /** Removes the session from the storage, and no other that may stand there by now. */
  async #forget(id: string): Promise<void> {
    const found = this.#store.read();
    const known = found instanceof Promise ? await found : found;
    if (known === "unknown" || known?.id === id) await this.#store.remove();
  }

  #change(session: Session | undefined): void {
    this.#session = session;
    this.#state = stateOf(session);
    this.#timetable.set(session);
  }

  /** Takes up what the page before left in the storage. Nothing can listen yet, so there is no event. */
  #takeUp(found: Session | null | "unknown"): void {
    if (found === null || found === "unknown" || this.#session !== undefined || this.#gone.aborted) return;
    this.#stored = true;
    this.#change(found);
  }

  /** Looks into the storage for what other tabs did. */
  async #look(): Promise<void> {
    const found = await this.#store.read();
    if (found === "unknown" || this.#gone.aborted) return;
    if (found !== null) return this.#meet(found, true);
    if (this.#session !== undefined && this.#stored) await this.#end(this.#session, { code: "storage_cleared", elsewhere: true });
  }

  #hear(notice: Notice): void {
    if ("session" in notice) {
      this.#meet(notice.session, false);
    } else if (this.#session?.id === notice.ended) {
      void this.#end(this.#session, { ...notice, elsewhere: true });
    } else {
      this.#endedId = notice.ended;
    }
  }

  /** Meets a session of another tab: takes it over when it is later, and sets the others right when it is not. */
  #meet(session: Session, stored: boolean): void {
    if ((session.access === undefined) !== this.#settings.cookies) return;
    if (session.id === this.#endedId) {
      void this.#forget(session.id);
      if (!stored) this.#tabs.tell({ ended: session.id, code: "logged_out", detail: undefined });
      return;
    }
    const own = this.#session;
    if (own === undefined || session.version > own.version) {
      this.#adopt(session, true);
    } else if (session.version < own.version && !stored) {
      void this.#store.write(own);
      this.#tabs.tell({ session: own });
    }
    if (stored && this.#session?.id === session.id) this.#stored = true;
  }
}
