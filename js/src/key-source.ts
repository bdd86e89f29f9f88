import { decode } from "./decode.js";
import { JetonError } from "./errors.js";
import type { Key } from "./keys.js";
import type { VerifyOptions } from "./options.js";
import type { ProtectedHeader } from "./token.js";

/** Where verify finds the key for a token: a key, a key set, or a key set behind a URL from remoteKeySet. */
export type KeySource = Key | ChangingKeys;

/** A key set that changes while it is used. */
export abstract class ChangingKeys {
  /** @internal Returns the set in which keys are to be looked for now. */
  abstract current(): Promise<Key>;

  /** @internal Returns another set than one that lacks the key for a token with this header, or undefined when there is none. */
  abstract insteadOf(set: Key, header: ProtectedHeader): Promise<Key | undefined>;
}

/**
 * Verifies a token with the key or set of a source, and once more when the set did not have the token's key but one that came after it
 * might.
 */
export async function verifyBySource<T>(source: KeySource, token: string, options: VerifyOptions, verifyWith: (key: Key) => Promise<T>): Promise<T> {
  if (!(source instanceof ChangingKeys)) return verifyWith(source);
  const set = await source.current();
  try {
    return await verifyWith(set);
  } catch (error) {
    if (!isAboutTheSet(error)) throw error;
    const header = await headerOf(token);
    const other = header && mayBeAccepted(header, options) ? await source.insteadOf(set, header) : undefined;
    if (!other) throw error;
    return verifyWith(other);
  }
}

/** Reports whether a set was refused for what is not in it: the token's key, or every key that the options accept. */
function isAboutTheSet(error: unknown): boolean {
  return error instanceof JetonError && (error.code === "key_not_found" || error.code === "policy_invalid");
}

/** Reads the header alone: the claims are of no interest here. */
async function headerOf(token: string): Promise<ProtectedHeader | undefined> {
  try {
    return (await decode(`${token.slice(0, token.indexOf("."))}.e30.`)).protectedHeader;
  } catch {
    return undefined; // what verify found is the better answer
  }
}

/** Reports whether another set could help: it could not if the token names no key, or if the options refuse the one it names. */
function mayBeAccepted({ kid }: ProtectedHeader, { keyAlgorithms }: VerifyOptions): boolean {
  return typeof kid === "string" && kid !== "" && (keyAlgorithms === undefined || Object.hasOwn(keyAlgorithms, kid));
}
