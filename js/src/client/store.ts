import { readSession, written, type Session } from "./session.js";
import type { Settings } from "./options.js";
import type { ClientEvents } from "./state.js";

type Action = ClientEvents["storageFailed"]["action"];
const failed = Symbol("failed");

/** The session in the storage. A storage that fails is reported, and otherwise as good as none: a session is not lost with it. */
export class Store {
  readonly #settings: Settings;
  readonly #report: (action: Action) => void;

  constructor(settings: Settings, report: (action: Action) => void) {
    this.#settings = settings;
    this.#report = report;
  }

  /** Whether other tabs use the same storage. */
  get shared(): boolean {
    return this.#settings.storage.shared === true;
  }

  /**
   * Returns the stored session: null when there is none, "unknown" when the storage failed. It is returned at once when the storage
   * does so, so that a page knows from the start who is signed in.
   */
  read(): Session | null | "unknown" | Promise<Session | null | "unknown"> {
    const { storage, storageKey } = this.#settings;
    const text = this.#try("read", () => storage.getItem(storageKey));
    return isPromise(text) ? text.then((text) => this.#understood(text)) : this.#understood(text);
  }

  async write(session: Session): Promise<boolean> {
    const { storage, storageKey } = this.#settings;
    return (await this.#try("write", () => storage.setItem(storageKey, written(session)))) !== failed;
  }

  async remove(): Promise<void> {
    const { storage, storageKey } = this.#settings;
    await this.#try("remove", () => storage.removeItem(storageKey));
  }

  #understood(text: unknown): Session | null | "unknown" {
    if (text === failed) return "unknown";
    const session = readSession(text);
    const usable = session !== undefined && (session.access === undefined) === this.#settings.cookies;
    return usable ? session : null;
  }

  #try(action: Action, act: () => unknown): unknown {
    const fail = () => {
      this.#report(action);
      return failed;
    };
    try {
      const result = act();
      return isPromise(result) ? Promise.resolve(result).catch(fail) : result;
    } catch {
      return fail();
    }
  }
}

/** Reports whether the value comes later: libraries have promises of their own. */
function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
