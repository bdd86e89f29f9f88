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

const patience = 30_000; // milliseconds; a login makes the server work on purpose

interface Request {
  readonly body?: object;
  readonly access?: string;
  readonly signal?: AbortSignal;
}

async function ask(method: "GET" | "POST", path: string, { body, access, signal }: Request): Promise<Answer> {
  const tooSlow = AbortSignal.timeout(patience);
  try {
    const response = await fetch(path, {
      method,
      headers: {
        Accept: "application/json",
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(access === undefined ? {} : { Authorization: `Bearer ${access}` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: signal ? AbortSignal.any([signal, tooSlow]) : tooSlow,
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
    });
    return { status: response.status, body: parsed(await response.text()) };
  } catch {
    if (signal?.aborted) throw new NoAnswer("left");
    if (tooSlow.aborted) throw new NoAnswer("too-slow");
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

/** Asks for both tokens. */
export function obtain(username: string, password: string): Promise<Answer> {
  return ask("POST", "/api/token/", { body: { username, password } });
}

/** Asks for a new access token. */
export function refresh(token: string, signal: AbortSignal): Promise<Answer> {
  return ask("POST", "/api/token/refresh/", { body: { refresh: token }, signal });
}

/** Asks whether a token is good. */
export function verify(token: string, signal: AbortSignal): Promise<Answer> {
  return ask("POST", "/api/token/verify/", { body: { token }, signal });
}

/** Asks who the access token is for. */
export function me(access: string, signal: AbortSignal): Promise<Answer> {
  return ask("GET", "/api/me/", { access, signal });
}

/** Returns a member of the body when it is text. */
export function textOf({ body }: Answer, member: string): string | undefined {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, member)) return undefined;
  const value = (body as Record<string, unknown>)[member];
  return typeof value === "string" && value !== "" ? value : undefined;
}
