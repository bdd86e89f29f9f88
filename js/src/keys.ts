import { algorithmOf, webCryptoScheme, type Algorithm } from "./algorithms.js";
import { importPublic, importSigning } from "./host-keys.js";
import { JetonError } from "./errors.js";
import { base64url, parse, utf8 } from "./json.js";
import { ready, readyNow, type Instance } from "./module.js";
import { checkNames } from "./options.js";
import { Verifiers } from "./verifiers.js";

/** A JSON Web Key (RFC 7517). */
export interface JWK {
  readonly kty: string;
  readonly alg?: string;
  readonly kid?: string;
  readonly [member: string]: unknown;
}

/** A JWK Set (RFC 7517 section 5). */
export interface JWKSet {
  readonly keys: readonly JWK[];
}

/** What the module tells of a key. */
export interface KeyDescription {
  readonly alg: Algorithm;
  readonly kid?: string;
  readonly host: boolean;
  readonly sign: boolean;
  readonly public?: JWK;
}

/** A key inside one instance of the module, and the verifiers on it. */
interface Placed {
  readonly instance: Instance;
  readonly handle: number;
  readonly verifiers: Verifiers;
}

/** Frees what a Key held when it was forgotten without free(). */
const forgotten = new FinalizationRegistry<{ placed: Placed | undefined }>((slot) => release(slot));

function release(slot: { placed: Placed | undefined }): void {
  const { placed } = slot;
  slot.placed = undefined;
  if (!placed || placed.instance.spent) return;
  placed.verifiers.free();
  placed.instance.call("jeton_key_free", placed.handle);
}

/**
 * A key or key set that was imported: by importKey or importKeySet. A secret lives in the module's memory until free() wipes it; an
 * asymmetric key with the host's WebCrypto, unless the module is the full one.
 */
export class Key {
  readonly #request: Uint8Array;
  readonly #slot: { placed: Placed | undefined } = { placed: undefined };
  readonly #cryptoKeys = new Map<number, CryptoKey>();
  #signingKey: CryptoKey | undefined;
  #freed = false;
  readonly #descriptions: readonly KeyDescription[];
  readonly #heldByHost: boolean;
  readonly #symmetric: boolean;

  /** @internal */
  constructor(request: Uint8Array, instance: Instance, cryptoKey?: CryptoKey) {
    this.#request = request;
    if (cryptoKey) {
      this.#cryptoKeys.set(0, cryptoKey);
      this.#signingKey = cryptoKey;
    }
    const { handle } = this.place(instance);
    this.#descriptions = parse<{ keys: KeyDescription[] }>(instance.answer(instance.call("jeton_key_describe", handle))).keys;
    this.#heldByHost = this.#descriptions.some(({ host }) => host);
    this.#symmetric = this.#descriptions.every(({ alg }) => alg.startsWith("HS"));
    forgotten.register(this, this.#slot, this);
  }

  /** The algorithm of the key, or of the first key of a set. */
  get algorithm(): Algorithm {
    return this.#first.alg;
  }

  /** The key ID, if there is one; of the first key of a set. */
  get keyID(): string | undefined {
    return this.#first.kid;
  }

  /** Whether only the host computes with the key: its signatures are made and checked by WebCrypto, asynchronously. */
  get heldByHost(): boolean {
    return this.#heldByHost;
  }

  /** @internal The CryptoKey that signs, when WebCrypto does. */
  get signingKey(): CryptoKey | undefined {
    return this.#signingKey;
  }

  /** Whether every signature is an HMAC, which the module does itself. */
  get symmetric(): boolean {
    return this.#symmetric;
  }

  get #first(): KeyDescription {
    return this.#descriptions[0] as KeyDescription;
  }

  /** Wipes the key from the module's memory. It cannot be used afterwards. Calling it twice does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#request.fill(0);
    this.#cryptoKeys.clear();
    this.#signingKey = undefined;
    forgotten.unregister(this);
    release(this.#slot);
  }

  /** @internal Imports the key into the instance, unless it is there. */
  place(instance: Instance): Placed {
    if (this.#freed) throw new JetonError("key_freed", "the key was freed");
    const { placed } = this.#slot;
    if (placed?.instance === instance) return placed;
    const handle = instance.send("jeton_key_import", undefined, this.#request);
    return (this.#slot.placed = { instance, handle, verifiers: new Verifiers(instance, handle) });
  }

  /** @internal Returns the key at an index of the set as a CryptoKey for verifying. */
  async verifyingKey(index: number): Promise<CryptoKey> {
    const known = this.#cryptoKeys.get(index);
    if (known) return known;
    const imported = await importPublic(this.#descriptions[index]);
    if (!this.#freed) this.#cryptoKeys.set(index, imported);
    return imported;
  }

  /**
   * @internal Hands to WebCrypto what the module leaves to it: before this, nobody has found out whether a point lies on its curve.
   * When the host refuses, the key is freed.
   */
  async confirm(jwks: readonly JWK[]): Promise<this> {
    try {
      for (const [index, description] of this.#descriptions.entries()) {
        if (description.host && !this.#cryptoKeys.has(index)) await this.verifyingKey(index);
      }
      const [only, another] = this.#descriptions;
      if (only?.host && only.sign && !another && !this.#signingKey) {
        this.#signingKey = await importSigning(only, jwks, await this.verifyingKey(0));
      }
    } catch (error) {
      this.free();
      throw error;
    }
    return this;
  }

  /** @internal Returns the algorithm of the key at an index of the set. */
  algorithmAt(index: number): Algorithm {
    return (this.#descriptions[index] as KeyDescription).alg;
  }
}

/**
 * Imports one key.
 *
 * @param material a JWK, a CryptoKey (which stays with the host, extractable or not), or a secret as bytes or as text, which is taken as UTF-8
 * @param algorithm the algorithm the key is for: required for a secret, and for an RSA JWK that does not name one
 * @throws JetonError key_malformed, key_too_weak, key_unsupported, key_unusable, key_algorithm_missing
 *
 * @example
 * const key = await importKey(secret, "HS256");
 */
export async function importKey(material: JWK | JsonWebKey | CryptoKey | Uint8Array | string, algorithm?: Algorithm): Promise<Key> {
  const instance = await ready();
  const given = readable(material, algorithm);
  if (isCryptoKey(given)) return importCryptoKey(given, algorithm, instance);
  return new Key(request(given, algorithm && [algorithm]), instance).confirm([given as JWK]);
}

/**
 * Imports a JWK Set. Keys for other purposes are left out; a malformed or weak one makes the whole set refused.
 *
 * @param set the set, parsed
 * @param options.algorithms the accepted algorithms; keys for others are left out
 * @throws JetonError key_set_malformed, key_duplicate, key_malformed, key_too_weak
 */
export async function importKeySet(set: JWKSet, options: { algorithms?: readonly Algorithm[] } = {}): Promise<Key> {
  const instance = await ready();
  checkNames(options, ["algorithms"]);
  if (options.algorithms?.length === 0) throw new JetonError("policy_invalid", "no algorithm is accepted");
  if (typeof set !== "object" || set === null || !Array.isArray(set.keys)) {
    throw new JetonError("key_set_malformed", "not a JWK Set");
  }
  return new Key(request(set, options.algorithms), instance).confirm(set.keys);
}

/**
 * Imports a key like importKey, at once. init() must have finished before.
 *
 * @throws JetonError as importKey does; not_ready before init(), host_required for a CryptoKey and, outside jeton/full, for an
 * asymmetric key: WebCrypto takes its time
 */
export function importKeySync(material: JWK | JsonWebKey | Uint8Array | string, algorithm?: Algorithm): Key {
  const instance = readyNow();
  const given = readable(material, algorithm);
  if (isCryptoKey(given)) throw new JetonError("host_required", "a CryptoKey is imported with importKey");
  const key = new Key(request(given, algorithm && [algorithm]), instance);
  if (!key.heldByHost) return key;
  key.free();
  throw new JetonError("host_required", "an asymmetric key is imported with importKey, or at once with jeton/full");
}

function request(key: unknown, algorithms?: readonly Algorithm[]): Uint8Array {
  return utf8(JSON.stringify({ key, algorithms }));
}

/** Returns the material of a key with a secret made a JWK. */
function readable(material: JWK | JsonWebKey | CryptoKey | Uint8Array | string, algorithm: Algorithm | undefined): JWK | JsonWebKey | CryptoKey {
  if (typeof material === "string" || material instanceof Uint8Array) return secretJWK(material, algorithm);
  if (typeof material !== "object" || material === null || "keys" in material) {
    throw new JetonError("key_malformed", "not a JWK, a CryptoKey or a secret");
  }
  return material;
}

function secretJWK(secret: Uint8Array | string, algorithm: Algorithm | undefined): JWK {
  if (!algorithm) throw new JetonError("key_algorithm_missing", "name the algorithm of the secret: HS256, HS384 or HS512");
  // Half a surrogate pair has no UTF-8: every such secret would turn into the same replacement characters.
  if (typeof secret === "string" && /\p{Surrogate}/u.test(secret)) throw new JetonError("key_malformed", "the secret is not valid Unicode");
  const bytes = typeof secret === "string" ? utf8(secret) : secret;
  if (isPEM(bytes)) throw new JetonError("key_malformed", "a PEM is no secret: convert it to a JWK");
  return { kty: "oct", k: base64url(bytes), alg: algorithm };
}

/** A public key taken as an HMAC secret lets everyone sign: the oldest attack on JWT. */
function isPEM(bytes: Uint8Array): boolean {
  return /^\s*-----BEGIN /.test(new TextDecoder().decode(bytes.subarray(0, 256)));
}

/** Reports whether material is a CryptoKey. A JWK is told first: merely to name that class makes Node load all of WebCrypto. */
function isCryptoKey(material: object): material is CryptoKey {
  return !("kty" in material) && typeof CryptoKey !== "undefined" && material instanceof CryptoKey;
}

function importCryptoKey(key: CryptoKey, algorithm: Algorithm | undefined, instance: Instance): Key {
  const own = algorithmOf(key);
  if (!own) throw new JetonError("key_unsupported", "a CryptoKey of this kind signs no tokens");
  if (algorithm && algorithm !== own && !(own === "EdDSA" && algorithm === "Ed25519")) {
    throw new JetonError("algorithm_mismatch", `the CryptoKey is for ${own}`);
  }
  const { modulusLength, length } = key.algorithm as { modulusLength?: number; length?: number };
  if ((modulusLength ?? 2048) < 2048 || (own.startsWith("HS") && (length ?? 0) < Number(own.slice(2)))) {
    throw new JetonError("key_too_weak", "the CryptoKey is too short for its algorithm");
  }
  return new Key(utf8(JSON.stringify({ host: { alg: algorithm ?? own } })), instance, key);
}
