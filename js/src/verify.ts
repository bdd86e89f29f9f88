import { hasWebCrypto, webCryptoScheme } from "./algorithms.js";
import { JetonError } from "./errors.js";
import { utf8 } from "./json.js";
import { verifyBySource, type KeySource } from "./key-source.js";
import { Key } from "./keys.js";
import { ready, readyNow, type Instance } from "./module.js";
import { currentSeconds, type VerifyOptions } from "./options.js";
import { contents, numberAt, type TokenContents } from "./token.js";

/**
 * Checks a token and returns what it says. Asymmetric signatures go to WebCrypto where it is there, which is why this is asynchronous;
 * HMAC is done in the module.
 *
 * @param keys a key or key set that was imported, or a set behind a URL from remoteKeySet
 * @throws JetonError with the code of what failed first; a bad signature wins over everything a claim could say
 *
 * @example
 * const { payload } = await verify(token, key, { issuer: "https://issuer.example", audience: "api" });
 */
export async function verify<Own extends object = Record<string, unknown>>(
  token: string,
  keys: KeySource,
  options: VerifyOptions = {},
): Promise<TokenContents<Own>> {
  const instance = await ready();
  return verifyBySource(keys, token, options, async (key) => {
    const call = prepare(instance, token, key, options);
    if (key.heldByHost || (!key.symmetric && hasWebCrypto())) return verifyWithHost(call);
    return verifyInside(call);
  });
}

/**
 * Checks a token like verify, at once and inside the module. init() must have finished before.
 *
 * @throws JetonError as verify does; not_ready before init(), host_required for an asymmetric key (the module of jeton/full has these
 * inside) or one that came as a CryptoKey
 */
export function verifySync<Own extends object = Record<string, unknown>>(
  token: string,
  key: Key,
  options: VerifyOptions = {},
): TokenContents<Own> {
  return verifyInside(prepare(readyNow(), token, key, options));
}

/** One verification: everything its caller brought, out of the caller's reach. */
interface Call {
  readonly instance: Instance;
  readonly key: Key;
  readonly verifier: number;
  readonly token: string;
  readonly now: number;
}

function prepare(instance: Instance, token: string, key: Key, options: VerifyOptions): Call {
  if (typeof token !== "string") throw new JetonError("token_malformed", "the token is not a string");
  if (!(key instanceof Key)) throw new JetonError("options_invalid", "import the key with importKey or importKeySet first");
  return { instance, key, verifier: key.place(instance).verifiers.for(options), token, now: currentSeconds(options) };
}

function verifyInside<Own extends object>({ instance, verifier, token, now }: Call): TokenContents<Own> {
  return contents(instance.answer(instance.send("jeton_verify", verifier, token, now)));
}

/** Lets WebCrypto look at the signature, between the two halves of the verification. */
async function verifyWithHost<Own extends object>(call: Call): Promise<TokenContents<Own>> {
  const { instance, verifier, token, now } = call;
  const begun = instance.output(instance.send("jeton_verify_begin", verifier, token, now));
  const pending = numberAt(begun, 0);
  let good: boolean;
  try {
    good = await signatureIsGood(call.key, numberAt(begun, 4), utf8(token.slice(0, numberAt(begun, 8))), begun.subarray(12));
  } catch (error) {
    instance.call("jeton_verify_cancel", pending);
    // A host that lacks the algorithm is no reason to refuse the token, as long as the module has the key itself.
    if (!call.key.heldByHost) return verifyInside(call);
    if (error instanceof JetonError) throw error;
    throw new JetonError("key_unusable", "WebCrypto does not verify with this key: check its usages");
  }
  return contents(instance.answer(instance.call("jeton_verify_finish", pending, good === true ? 1 : 0)));
}

/** @internal Asks WebCrypto about a bare signature, under the key at an index of the set. */
export async function signatureIsGood(key: Key, index: number, signingInput: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const { signature: parameters, signatureBytes } = webCryptoScheme(key.algorithmAt(index));
  const verifyingKey = await key.verifyingKey(index);
  if (signature.length !== (signatureBytes ?? signature.length)) return false; // workerd would throw, as if the key were at fault
  return crypto.subtle.verify(parameters, verifyingKey, signature as BufferSource, signingInput as BufferSource);
}
