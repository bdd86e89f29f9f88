import { base64url } from "../json.js";
import { claimsOf, read, time } from "./claims.js";
import type { Exchange } from "./endpoints.js";
import type { Settings } from "./options.js";

/** A session at one moment. Every refresh makes a new one with the same id and the next version. Times are in milliseconds since 1970. */
export interface Session {
  /** The same from login to logout, in every tab. */
  readonly id: string;
  /** Of two sessions, in whatever tabs, the one with the greater version is the later. */
  readonly version: number;
  readonly access?: string;
  readonly refresh?: string;
  /** How far the server's clock is ahead of this machine's. */
  readonly ahead: number;
  /** When the token for calls expires and when to renew it, by this machine's clock. */
  readonly expiresAt?: number;
  readonly refreshAt?: number;
}

/** Returns the session that a login brought. */
export function begun(exchange: Exchange, settings: Settings, known: Session | undefined): Session {
  const id = base64url(crypto.getRandomValues(new Uint8Array(12)));
  const issuedAt = time(claimsOf(exchange.access), "iat"); // the clock that counts; a token just made was issued just now
  const ahead = (issuedAt ?? exchange.answeredAt ?? exchange.sentAt) - exchange.sentAt;
  return made(id, Math.max(Date.now(), (known?.version ?? 0) + 1), exchange, ahead, settings);
}

/**
 * Returns the session that a refresh brought. Its iat says nothing about clocks: simplejwt before 5.5.1 copies it from an older token.
 * One version is one step, so that no number of refreshes overtakes a login that came later.
 */
export function renewed(session: Session, exchange: Exchange, settings: Settings): Session {
  const ahead = exchange.answeredAt === undefined ? session.ahead : exchange.answeredAt - exchange.sentAt;
  return made(session.id, session.version + 1, exchange, ahead, settings);
}

function made(id: string, version: number, exchange: Exchange, ahead: number, { refreshMargin, accessLifetime }: Settings): Session {
  const { access, refresh, sentAt } = exchange;
  const expiration = time(claimsOf(access), "exp");
  const life = expiration === undefined ? accessLifetime : expiration - ahead - sentAt;
  return {
    id,
    version,
    ahead,
    ...(access === undefined ? {} : { access }),
    ...(refresh === undefined ? {} : { refresh }),
    // A token that seems to have expired before it came shows that the clocks cannot be trusted: then only a 401 renews it.
    ...(life === undefined || life <= 0 ? {} : { expiresAt: sentAt + life, refreshAt: sentAt + Math.max(life - refreshMargin, life / 2) }),
  };
}

/** Reports whether the session is over by its own times: what renews it has expired. */
export function isOver({ refresh, ahead }: Session): boolean {
  const expiration = time(claimsOf(refresh), "exp");
  return expiration !== undefined && expiration - ahead <= Date.now();
}

/** Returns the session as text for storages and other tabs. */
export function written(session: Session): string {
  return JSON.stringify(session);
}

/** Returns the session in a text, or undefined when it holds none: anything may stand in a storage. */
export function readSession(text: unknown): Session | undefined {
  const members = typeof text === "string" ? read(text) : undefined;
  if (members === undefined) return undefined;
  const { id, version, access, refresh, ahead, expiresAt, refreshAt } = members;
  const isTime = (value: unknown) => value === undefined || (typeof value === "number" && Number.isFinite(value));
  const isToken = (value: unknown) => value === undefined || (typeof value === "string" && /^[\x21-\x7e]+$/.test(value));
  if (typeof id !== "string" || typeof version !== "number" || typeof ahead !== "number") return undefined;
  if (![expiresAt, refreshAt].every(isTime) || ![access, refresh].every(isToken)) return undefined;
  return members as unknown as Session;
}
