import { JetonError } from "jeton/client";
import type { Session } from "./session.js";

/** What the server answered. */
export interface Answer {
  readonly status: number;
  /** The parsed JSON, or undefined when it is none. */
  readonly body: unknown;
}

/** Why there was no answer. */
export type Silence = "offline" | "unreachable" | "too-slow" | "left";

/** Thrown when there was no answer. */
export class NoAnswer extends Error {
  constructor(readonly why: Silence) {
    super(why);
  }
}

const patience = 30_000; // milliseconds

/** Lets a request end with the session, or when nobody would wait for it any more, and says which it was. */
async function answerOf(request: (signal: AbortSignal) => Promise<Response>, left: AbortSignal): Promise<Answer> {
  const tooSlow = AbortSignal.timeout(patience);
  try {
    const response = await request(AbortSignal.any([left, tooSlow]));
    return { status: response.status, body: parsed(await response.text()) };
  } catch (error) {
    if (left.aborted) throw new NoAnswer("left");
    if (tooSlow.aborted) throw new NoAnswer("too-slow");
    if (error instanceof JetonError) throw error;
    throw new NoAnswer(navigator.onLine ? "unreachable" : "offline");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks whether a token is good: any token, and not in the name of whoever is signed in. So this is a plain fetch. */
export function verify(token: string, left: AbortSignal): Promise<Answer> {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const body = JSON.stringify({ token });
  const guards = { credentials: "omit", cache: "no-store", redirect: "error" } as const;
  return answerOf((signal) => fetch("/api/token/verify/", { method: "POST", headers, body, signal, ...guards }), left);
}

/** Asks who is signed in. The client brings the access token, and renews it first when it is about to expire. */
export function me({ client, signal: left }: Session): Promise<Answer> {
  return answerOf((signal) => client.fetch("/api/me/", { headers: { Accept: "application/json" }, signal }), left);
}

/** Returns a member of the body when it is text. */
export function textOf({ body }: Answer, member: string): string | undefined {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, member)) return undefined;
  const value = (body as Record<string, unknown>)[member];
  return typeof value === "string" && value !== "" ? value : undefined;
}
