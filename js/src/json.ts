const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Writes as much of text as fits as UTF-8, and returns how much of it that was. */
export function utf8Into(text: string, space: Uint8Array): number {
  return encoder.encodeInto(text, space).read;
}

/** Returns UTF-8 as text. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Parses JSON into objects without a prototype: a member named "__proto__" or "constructor" is data like any other, and a lookup never
 * finds what the token did not say.
 */
export function parse<T>(json: string | Uint8Array): T {
  const value: unknown = JSON.parse(typeof json === "string" ? json : text(json));
  removePrototypes(value);
  return value as T;
}

function removePrototypes(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) removePrototypes(element);
    return;
  }
  // First the prototype: then "in" finds the object's own members alone, and "__proto__" is one of them.
  Object.setPrototypeOf(value, null);
  for (const name in value) removePrototypes((value as Record<string, unknown>)[name]);
}

/** Returns bytes in base64url without padding. */
export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
