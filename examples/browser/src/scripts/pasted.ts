/** Returns the token in what was pasted: without the space around it, the word that precedes it in an HTTP header, and quotes. */
export function tokenIn(pasted: string): string {
  return pasted.trim().replace(/^(?:Authorization:\s*)?Bearer\s+/iu, "").replace(/^(["'])(.*)\1$/su, "$2");
}

/** Reads base64 of any kind, as far as it can be read, to show what was meant. The module has refused or accepted the text before. */
export function bytesMeant(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/[=\s]/gu, "")), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Returns what keeps a text from being base64url, in words, once the module has said that it is none. */
export function encodingFault(text: string): string {
  if (/\s/u.test(text)) return "There is white space or a line break in it. Copy the token again, in one piece.";
  if (text.includes("=")) return "There is “=” in it: base64url in a token goes without padding.";
  if (/[+/]/u.test(text)) return "There is “+” or “/” in it: that is plain base64, and a token takes base64url, with “-” and “_”.";
  if (/[^\w-]/u.test(text)) return "A character in it does not belong to base64url. Copy the token again.";
  if (text.length % 4 === 1) return "A character is missing or too many: it was cut, or something was added.";
  return "Its last character has bits that stand for nothing: it was changed, or cut and padded.";
}
