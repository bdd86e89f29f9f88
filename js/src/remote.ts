import { JetonError } from "./errors.js";
import { ChangingKeys } from "./key-source.js";
import type { Key } from "./keys.js";
import { fetchKeySet, type FetchedSet } from "./remote-fetch.js";
import { remoteSettings, type RemoteKeySetOptions, type RemoteSettings } from "./remote-options.js";
import { promisesBelongToRequests, SingleFlight } from "./single-flight.js";
import type { ProtectedHeader } from "./token.js";

/** For how many seconds a set is kept whose answer does not say it. */
const defaultLifetime = 15 * 60;

/** The first pause after a fetch that failed while there was no set at hand, in seconds. It doubles up to the cool-down. */
const shortestPause = 1;

/** By how many seconds a clock may be behind without having been set back: on Workers, each request has one of its own. */
const clockDifference = 10;

/** How a key set behind a URL is doing, for a health check or a log. */
export interface RemoteKeySetStatus {
  /** When the set at hand was fetched; missing when there is none. */
  readonly fetchedAt?: Date;
  /** What was wrong with the last fetch, if anything. */
  readonly failure?: JetonError;
}

/**
 * A key set behind a URL, made by remoteKeySet. It is fetched when it is first needed and again when its time is over; meanwhile the set
 * at hand is used. An answer takes its place only when it is acceptable throughout: whatever else the source does, the last good set
 * stays. There is never more than one fetch at a time, and never one to an address that a token names.
 */
export class RemoteKeySet extends ChangingKeys {
  readonly #settings: RemoteSettings;
  readonly #flight: SingleFlight;
  #set: FetchedSet | undefined;
  #fetchedAt = 0;
  #begun: number | undefined; // when the last fetch began
  #ended: number | undefined; // when it had ended
  #pause = 0; // how long after that the next one is due
  #failures = 0; // fetches that failed since the last good one
  #failure: JetonError | undefined; // of the last fetch

  /** @internal */
  constructor(settings: RemoteSettings) {
    super();
    this.#settings = settings;
    this.#flight = new SingleFlight(settings.timeout + 1);
  }

  /** How the set is doing. */
  get status(): RemoteKeySetStatus {
    return {
      ...(this.#set ? { fetchedAt: new Date(this.#fetchedAt * 1000) } : {}),
      ...(this.#failure ? { failure: this.#failure } : {}),
    };
  }

  /**
   * Fetches the set now, or joins the fetch under way, whatever the cool-down says: for the start of a program, not for requests.
   *
   * @throws JetonError key_set_unavailable when there was no answer; key_set_malformed, key_duplicate, key_malformed, key_too_weak and
   * the like when there was one that is not acceptable. The last good set stays
   */
  async refresh(): Promise<void> {
    await this.#refreshed();
    if (this.#failure) throw this.#failure;
  }

  /** @internal */
  async current(): Promise<Key> {
    if (this.#isTooOld()) {
      if (this.#flight.underWay || this.#isDue()) await this.#refreshed();
    } else if (this.#isDue() && !this.#flight.underWay) {
      const refreshed = this.#refreshed();
      if (!this.#mayGoOn(refreshed)) await refreshed;
    }
    if (this.#set) return this.#set.key;
    const unavailable = new JetonError("key_set_unavailable", "there is no key set at hand: the source has given none that is acceptable");
    unavailable.cause = this.#failure;
    throw unavailable;
  }

  /** @internal */
  async insteadOf(set: Key, { alg }: ProtectedHeader): Promise<Key | undefined> {
    if (this.#set?.key === set && this.#couldHold(alg) && (this.#flight.underWay || this.#since(this.#begun) >= this.#settings.cooldown)) {
      await this.#refreshed();
    }
    return this.#set?.key === set ? undefined : this.#set?.key;
  }

  /** Whether a key for the algorithm could be in the set at all. */
  #couldHold(algorithm: string): boolean {
    const { algorithms } = this.#settings;
    const plain = (name: string) => (name === "Ed25519" ? "EdDSA" : name);
    return !algorithm.startsWith("HS") && (!algorithms || algorithms.some((accepted) => plain(accepted) === plain(algorithm)));
  }

  #isDue(): boolean {
    return this.#since(this.#ended) >= this.#pause;
  }

  /** Whether the set may not be used any more without having asked the source: after twice its time, or when there is none. */
  #isTooOld(): boolean {
    return !this.#set || this.#since(this.#fetchedAt) >= 2 * this.#lifetime(this.#set);
  }

  /** Lets a refresh go on in the background, and reports whether it can. */
  #mayGoOn(refreshed: Promise<void>): boolean {
    const { waitUntil } = this.#settings;
    waitUntil?.(refreshed);
    return waitUntil !== undefined || !promisesBelongToRequests();
  }

  #refreshed(): Promise<void> {
    return this.#flight.run(() => this.#refresh());
  }

  async #refresh(): Promise<void> {
    this.#begun = this.#settings.now();
    try {
      this.#set = await fetchKeySet(this.#settings, this.#set);
      this.#fetchedAt = this.#settings.now();
      this.#failure = undefined;
      this.#failures = 0;
    } catch (error) {
      this.#failure = error instanceof JetonError ? error : new JetonError("key_set_unavailable", "the source could not be asked");
      this.#failures++;
    }
    this.#ended = this.#settings.now();
    this.#pause = this.#nextPause();
  }

  /** A source that never gave a good set is asked again soon, because nothing can be verified until it does. */
  #nextPause(): number {
    const { minAge, cooldown } = this.#settings;
    if (!this.#failure && this.#set) return this.#lifetime(this.#set);
    if (this.#set) return minAge;
    return Math.min(shortestPause * 2 ** (this.#failures - 1), cooldown);
  }

  #lifetime({ lifetime }: FetchedSet): number {
    return Math.min(Math.max(lifetime ?? defaultLifetime, this.#settings.minAge), this.#settings.maxAge);
  }

  /** Returns the seconds since a time. A clock that was set back says nothing about it. */
  #since(time: number | undefined): number {
    const elapsed = this.#settings.now() - (time ?? -Infinity);
    return elapsed >= -clockDifference ? Math.max(elapsed, 0) : Infinity;
  }
}

/**
 * Makes a source of keys for verify out of the JWK Set behind a URL. Nothing is fetched until the first token, or refresh(), asks for it.
 *
 * Make it once, outside of request handlers. On Cloudflare Workers requests share the set but never a promise, since a fetch belongs to
 * the request that makes it.
 *
 * @param url an absolute https URL
 * @throws JetonError options_invalid, policy_invalid
 *
 * @example
 * const keys = remoteKeySet("https://issuer.example/.well-known/jwks.json", { algorithms: ["RS256"] });
 * const { payload } = await verify(token, keys, { issuer: "https://issuer.example", audience: "api" });
 */
export function remoteKeySet(url: string | URL, options: RemoteKeySetOptions = {}): RemoteKeySet {
  return new RemoteKeySet(remoteSettings(url, options));
}
