import { JetonError } from "./errors.js";
import { ready, readyNow, type Instance } from "./module.js";
import { contents, type TokenContents } from "./token.js";

/**
 * Reads a token without checking anything but its form: anyone may have written what it says. For showing and debugging.
 *
 * @throws JetonError token_too_large, token_malformed, encoding_invalid, header_malformed, payload_malformed, limit_exceeded
 */
export async function decode<Own extends object = Record<string, unknown>>(token: string): Promise<TokenContents<Own>> {
  return read(await ready(), token);
}

/** Reads a token like decode, at once. init() must have finished before. */
export function decodeSync<Own extends object = Record<string, unknown>>(token: string): TokenContents<Own> {
  return read(readyNow(), token);
}

function read<Own extends object>(instance: Instance, token: string): TokenContents<Own> {
  if (typeof token !== "string") throw new JetonError("token_malformed", "the token is not a string");
  return contents(instance.answer(instance.send("jeton_decode", undefined, token)));
}
