const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Returns UTF-8 as text. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Parses JSON into objects without a prototype: a member named "__proto__" or "constructor" is data like any other, and a lookup never
 * finds what the token did not say.
 */
export function parse<T>(bytes: Uint8Array): T {
  return withoutPrototype(JSON.parse(text(bytes))) as T;
}

function withoutPrototype(value: unknown): unknown {
  if (Array.isArray(value)) {
    value.forEach(withoutPrototype);
  } else if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(withoutPrototype);
    Object.setPrototypeOf(value, null);
  }
  return value;
}

/** Returns bytes in base64url without padding. */
export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
