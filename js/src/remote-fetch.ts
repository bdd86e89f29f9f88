import { JetonError } from "./errors.js";
import { text, utf8 } from "./json.js";
import { Key, type JWK } from "./keys.js";
import { ready } from "./module.js";
import type { RemoteSettings } from "./remote-options.js";
import { promisesBelongToRequests } from "./single-flight.js";

/** A set as it was fetched. */
export interface FetchedSet {
  readonly key: Key;
  readonly text: string;
  /** For how many seconds the answer may be kept: undefined when it does not say. */
  readonly lifetime: number | undefined;
}

/**
 * Asks the source once. A set that says what the last one said keeps its key, and with it all that was computed for it.
 *
 * @throws JetonError key_set_unavailable when there is no answer, or the code of what is wrong with it; nothing of what was sent is in it
 */
export async function fetchKeySet(settings: RemoteSettings, last: FetchedSet | undefined): Promise<FetchedSet> {
  // Not AbortSignal.timeout: its timer would outlive the fetch, and in Deno the program with it.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), settings.timeout * 1000);
  try {
    const response = await answered(abort.signal, settings.fetch(settings.url, requestInit(settings, abort.signal)));
    checkResponse(response, settings);
    const body = setText(await answered(abort.signal, readBody(response, settings.maxBytes)));
    const lifetime = lifetimeOf(response.headers.get("cache-control") ?? "");
    if (last?.text === body) return { ...last, lifetime };
    return { key: await importPublished(body, settings), text: body, lifetime };
  } finally {
    clearTimeout(timer);
  }
}

function requestInit({ headers }: RemoteSettings, signal: AbortSignal): RequestInit {
  // A redirect is an answer like another, and refused: a host that is asked for an error instead may not know how. Workers know none
  // of the others either.
  const everywhere: RequestInit = { headers, signal, redirect: "manual" };
  return promisesBelongToRequests() ? everywhere : { ...everywhere, cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer" };
}

/** Waits for the source, until the signal says that it took too long: a fetch that was handed in may not listen to it. */
async function answered<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([promise, tooLate]);
  } catch (error) {
    if (error instanceof JetonError) throw error;
    if (signal.aborted) throw new JetonError("key_set_unavailable", "the source did not answer in time");
    throw new JetonError("key_set_unavailable", "the source cannot be reached, or the browser does not allow it (CORS, CSP)");
  }
}

function checkResponse(response: Response, { maxBytes }: RemoteSettings): void {
  const redirected = response.type === "opaqueredirect" || [301, 302, 303, 307, 308].includes(response.status);
  if (response.status === 200 && !redirected && !(Number(response.headers.get("content-length")) > maxBytes)) return;
  response.body?.cancel().catch(() => {});
  if (redirected) throw new JetonError("key_set_unavailable", "the source answered with a redirect, which is not followed");
  if (response.status === 200) throw tooLarge();
  throw new JetonError("key_set_unavailable", `the source answered with status ${response.status}`);
}

/** Reads a body, of which no more than the limit is ever held, whatever it was compressed to. */
async function readBody(response: Response, limit: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    length += piece.value.length;
    if (length > limit) {
      reader?.cancel().catch(() => {});
      throw tooLarge();
    }
    pieces.push(piece.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    body.set(piece, offset);
    offset += piece.length;
  }
  return body;
}

function tooLarge(): JetonError {
  return new JetonError("key_set_malformed", "the key set is larger than the limit");
}

function setText(bytes: Uint8Array): string {
  try {
    return text(bytes);
  } catch {
    throw notASet();
  }
}

function notASet(): JetonError {
  return new JetonError("key_set_malformed", "the answer is not a JWK Set");
}

/** The members of a JWK that nobody but its owner may know (RFC 7518 section 6, RFC 9964). */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/**
 * Imports a published set. One private or secret key, for whatever purpose, and the whole set is refused: a source that publishes those
 * by mistake has lost them, and a secret in the hands of everyone verifies everything.
 */
async function importPublished(body: string, { algorithms, maxKeys }: RemoteSettings): Promise<Key> {
  const keys = keysIn(body);
  if (keys.length > maxKeys) throw new JetonError("key_set_malformed", "the key set has more keys than the limit");
  if (keys.some((key) => key.kty === "oct" || privateMembers.some((name) => Object.hasOwn(key, name)))) {
    throw new JetonError("key_set_malformed", "a private or secret key is in the published set");
  }
  const instance = await ready();
  // The module reads the text itself, because JSON.parse keeps silent about members that are there twice. It is one JSON value.
  const request = `{"key":${body}${algorithms ? `,"algorithms":${JSON.stringify(algorithms)}` : ""}}`;
  try {
    return await new Key(utf8(request), instance).confirm(keys);
  } catch (error) {
    // The limits on depth and members are those of the request that the set was put into.
    if (error instanceof JetonError && error.code === "limit_exceeded") throw notASet();
    throw error;
  }
}

function keysIn(body: string): readonly JWK[] {
  let set: { keys?: unknown } | null;
  try {
    set = JSON.parse(body) as { keys?: unknown } | null;
  } catch {
    throw notASet();
  }
  const keys = set?.keys;
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== "object" || key === null || Array.isArray(key))) throw notASet();
  return keys as JWK[];
}

/** Returns the max-age in seconds of a Cache-Control header (RFC 9111 section 5.2.2), 0 when nothing may be kept. */
function lifetimeOf(header: string): number | undefined {
  let lifetime: number | undefined;
  for (const directive of header.toLowerCase().split(",")) {
    const [, name, age] = /^\s*(no-cache|no-store|max-age)(?:="?(\d+)"?)?\s*$/.exec(directive) ?? [];
    if (name === "no-cache" || name === "no-store") return 0;
    if (name === "max-age" && age !== undefined) lifetime = Number(age);
  }
  return lifetime;
}
