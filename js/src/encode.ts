import { webCryptoScheme } from "./algorithms.js";
import { JetonError } from "./errors.js";
import { text, utf8 } from "./json.js";
import { Key } from "./keys.js";
import { ready, readyNow, type Instance } from "./module.js";
import { checkNames, currentSeconds, seconds, type Duration, type Profile } from "./options.js";
import { numberAt, type Claims } from "./token.js";

/** How a token is made. */
export interface EncodeOptions {
  /** The "typ" of the header: that of the profile by default, or "JWT". */
  typ?: string;
  /** The kind of token to make. Claims that verify would refuse for this profile are refused with claims_invalid. */
  profile?: Profile;
  /** Sets "exp" to this long after now. */
  expiresIn?: Duration;
  /** Sets "iat" to now. */
  issuedAt?: boolean;
  /** What counts as now. */
  currentDate?: Date;
}

/**
 * Makes a token. HMAC is done in the module; WebCrypto signs for asymmetric keys, and for those that came as a CryptoKey.
 *
 * @throws JetonError claims_invalid, key_unusable (it cannot sign), token_too_large
 *
 * @example
 * const token = await encode({ sub: "alice" }, key, { expiresIn: "5m" });
 */
export async function encode<Own extends object = Record<string, unknown>>(claims: Claims<Own>, key: Key, options: EncodeOptions = {}): Promise<string> {
  const instance = await ready();
  const call = prepare(instance, claims, key, options);
  return key.signingKey ? encodeWithHost(call, key.signingKey) : encodeInside(call);
}

/**
 * Makes a token like encode, at once and inside the module. init() must have finished before.
 *
 * @throws JetonError as encode does; not_ready before init(), host_required for a key whose signatures WebCrypto makes
 */
export function encodeSync<Own extends object = Record<string, unknown>>(claims: Claims<Own>, key: Key, options: EncodeOptions = {}): string {
  return encodeInside(prepare(readyNow(), claims, key, options));
}

interface Call {
  readonly instance: Instance;
  readonly key: Key;
  readonly handle: number;
  readonly head: Uint8Array;
  readonly payload: string;
}

function prepare(instance: Instance, claims: object, key: Key, options: EncodeOptions): Call {
  if (!(key instanceof Key)) throw new JetonError("options_invalid", "import the key with importKey first");
  checkNames(options, ["typ", "profile", "expiresIn", "issuedAt", "currentDate"]);
  return { instance, key, handle: key.place(instance).handle, head: headOf(options), payload: payloadJSON(claims, options) };
}

function encodeInside({ instance, handle, head, payload }: Call): string {
  return text(instance.answer(instance.send("jeton_encode", handle, payload, undefined, head)));
}

async function encodeWithHost({ instance, key, handle, head, payload }: Call, cryptoKey: CryptoKey): Promise<string> {
  const begun = instance.output(instance.send("jeton_encode_begin", handle, payload, undefined, head));
  const pending = numberAt(begun, 0);
  let signature: ArrayBuffer;
  try {
    signature = await crypto.subtle.sign(webCryptoScheme(key.algorithm).signature, cryptoKey, begun.subarray(4) as BufferSource);
  } catch {
    instance.call("jeton_encode_cancel", pending);
    throw new JetonError("key_unusable", "WebCrypto does not sign with this key: check its usages");
  }
  return text(instance.answer(instance.send("jeton_encode_finish", pending, new Uint8Array(signature))));
}

function payloadJSON(claims: object, options: EncodeOptions): string {
  // A Map or a Date would come out as an empty object.
  if (Object.prototype.toString.call(claims) !== "[object Object]") {
    throw new JetonError("claims_invalid", "the claims are not an object");
  }
  const now = Math.floor(currentSeconds(options));
  const expiry = options.expiresIn === undefined ? undefined : now + Math.floor(seconds(options.expiresIn));
  try {
    const payload: Record<string, unknown> = { ...claims };
    if (options.issuedAt) payload["iat"] = now;
    if (expiry !== undefined) payload["exp"] = expiry;
    return JSON.stringify(payload);
  } catch {
    throw new JetonError("claims_invalid", "the claims cannot be written as JSON");
  }
}

/** The head for no options, which is nearly every one. */
const emptyHead = Uint8Array.of(2, 0, 0, 0, 0x7b, 0x7d); // {}

/** Returns the module's options, behind their length, as they stand in front of the payload. */
function headOf({ typ, profile }: EncodeOptions): Uint8Array {
  if (typ === undefined && profile === undefined) return emptyHead;
  const json = utf8(JSON.stringify({ type: typ, profile }));
  const head = new Uint8Array(4 + json.length);
  new DataView(head.buffer).setUint32(0, json.length, true);
  head.set(json, 4);
  return head;
}
