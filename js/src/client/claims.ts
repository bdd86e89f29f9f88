import { parse, utf8 } from "../json.js";

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns the payload of a token, unchecked: enough to know when it expires and to greet the user, never to decide what the user may
 * do. A token in another form has no claims.
 */
export function claimsOf(token: string | undefined): Members | undefined {
  const payload = token?.split(".")[1];
  if (payload === undefined) return undefined;
  try {
    return object(parse(Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0))));
  } catch {
    return undefined;
  }
}

/** Returns JSON text as an object without a prototype, or undefined when it is none. */
export function read(text: string): Members | undefined {
  try {
    return object(parse(utf8(text)));
  } catch {
    return undefined;
  }
}

/** Returns a claim that is a time, in milliseconds since 1970. */
export function time(claims: Members | undefined, name: "exp" | "iat"): number | undefined {
  const seconds = claims?.[name];
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function object(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}
