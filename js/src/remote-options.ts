import type { Algorithm } from "./algorithms.js";
import { JetonError } from "./errors.js";
import { checkNames, seconds, type Duration } from "./options.js";

/** How a key set behind a URL is fetched, and what it may hold. Durations are in seconds or text such as "10m", never in milliseconds. */
export interface RemoteKeySetOptions {
  /**
   * The algorithms that keys may be for; keys for others are left out. An RSA key without "alg" counts for each of them that fits it,
   * and is left out when this option is. HMAC is refused: a secret has no place in a published set, and a public key is no secret.
   */
  algorithms?: readonly Algorithm[];
  /** The longest time until a set is fetched anew: 1 hour by default, 12 hours at most. Below it the answer's Cache-Control decides. */
  cacheMaxAge?: Duration;
  /** The shortest time until a set is fetched anew: 1 minute by default, 1 second at least. */
  cacheMinAge?: Duration;
  /** The least time between a fetch and one for an unknown key ID: 30 seconds by default, 1 second at least, 1 hour at most. */
  cooldownDuration?: Duration;
  /** The time for one fetch, to the last byte of the body: 5 seconds by default, 1 minute at most. */
  timeoutDuration?: Duration;
  /** The largest body, in bytes: 1 MiB less 1 KiB by default, which is also the most. */
  maxBytes?: number;
  /** The most keys of a set, those left out included: 100 by default, 1,000 at most. */
  maxKeys?: number;
  /** Accept a URL with http. Whoever can change what passes by on the network then chooses the keys: it is for loopback addresses. */
  allowHTTP?: boolean;
  /** Further headers of the request. */
  headers?: Readonly<Record<string, string>>;
  /** What makes the request, in place of the host's fetch. It is told to follow no redirect; one that does so vouches for where it ends. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * On Workers: what keeps a refresh alive when its request has been answered, `waitUntil` from "cloudflare:workers". Without it, the
   * request that finds the set too old waits for the new one.
   */
  waitUntil?: (refresh: Promise<void>) => void;
  /** What tells the time, in place of the host's clock. */
  currentDate?: () => Date;
}

/** The options with their defaults, checked. Durations are in seconds. */
export interface RemoteSettings {
  readonly url: string;
  readonly algorithms: readonly Algorithm[] | undefined;
  readonly maxAge: number;
  readonly minAge: number;
  readonly cooldown: number;
  readonly timeout: number;
  readonly maxBytes: number;
  readonly maxKeys: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly waitUntil: ((refresh: Promise<void>) => void) | undefined;
  readonly now: () => number;
}

/** What the module takes at once, less room for the request around the set. */
const largestSet = (1 << 20) - (1 << 10);

const hour = 3600;

const known = [
  "algorithms", "cacheMaxAge", "cacheMinAge", "cooldownDuration", "timeoutDuration", "maxBytes", "maxKeys", "allowHTTP", "headers", "fetch",
  "waitUntil", "currentDate",
];

/**
 * Returns the settings for the options. The upper bounds of durations also catch values meant as milliseconds.
 *
 * @throws JetonError options_invalid, policy_invalid
 */
export function remoteSettings(url: string | URL, options: RemoteKeySetOptions): RemoteSettings {
  checkNames(options, known);
  const minAge = between(options, "cacheMinAge", 60, 1, 12 * hour);
  const currentDate = aFunction(options, "currentDate");
  return {
    url: checkedURL(url, options.allowHTTP === true),
    algorithms: checkedAlgorithms(options.algorithms),
    maxAge: between(options, "cacheMaxAge", Math.max(hour, minAge), minAge, 12 * hour),
    minAge,
    cooldown: between(options, "cooldownDuration", 30, 1, hour),
    timeout: between(options, "timeoutDuration", 5, 0.001, 60),
    maxBytes: between(options, "maxBytes", largestSet, 1, largestSet),
    maxKeys: between(options, "maxKeys", 100, 1, 1000),
    headers: { Accept: "application/jwk-set+json, application/json", ...options.headers },
    fetch: aFunction(options, "fetch") ?? ((input, init) => fetch(input, init)),
    waitUntil: aFunction(options, "waitUntil"),
    now: () => (currentDate?.() ?? new Date()).getTime() / 1000,
  };
}

function between(options: RemoteKeySetOptions, name: keyof RemoteKeySetOptions, byDefault: number, least: number, most: number): number {
  const value = options[name];
  if (value === undefined) return byDefault;
  const number = seconds(value as Duration);
  if (number >= least && number <= most) return number;
  throw new JetonError("policy_invalid", `the option "${name}" does not lie between ${least} and ${most}${name.startsWith("max") ? "" : " seconds"}`);
}

function aFunction<Name extends "fetch" | "waitUntil" | "currentDate">(options: RemoteKeySetOptions, name: Name): RemoteKeySetOptions[Name] {
  const value = options[name];
  if (value === undefined || typeof value === "function") return value;
  throw new JetonError("options_invalid", `the option "${name}" is not a function`);
}

function checkedURL(location: string | URL, allowHTTP: boolean): string {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  const secure = url?.protocol === "https:" || (allowHTTP && url?.protocol === "http:");
  if (url && secure && url.username === "" && url.password === "") return url.href;
  throw new JetonError("policy_invalid", "the key set needs an absolute https URL without user information");
}

function checkedAlgorithms(algorithms: readonly Algorithm[] | undefined): readonly Algorithm[] | undefined {
  if (algorithms === undefined) return undefined;
  if (!Array.isArray(algorithms)) throw new JetonError("options_invalid", 'the option "algorithms" is not a list');
  if (algorithms.length === 0) throw new JetonError("policy_invalid", "no algorithm is accepted");
  if (algorithms.some((algorithm) => String(algorithm).startsWith("HS"))) {
    throw new JetonError("policy_invalid", "an HMAC algorithm has no keys in a published set");
  }
  return [...algorithms];
}
