import type { Instance } from "./module.js";
import { policyJSON, type VerifyOptions } from "./options.js";

/** A verifier inside the module: a policy over one key. */
interface Verifier {
  readonly handle: number;
  readonly policy: string;
  /** The options that last asked for it, or undefined when those cannot be told from others at little cost. */
  options: VerifyOptions | undefined;
}

/** How many verifiers a key keeps, the last made ones. */
const most = 16;

/** The verifiers of one key inside one instance, found by the options of a call without making its policy again. */
export class Verifiers {
  readonly #instance: Instance;
  readonly #key: number;
  readonly #made: Verifier[] = [];

  constructor(instance: Instance, key: number) {
    this.#instance = instance;
    this.#key = key;
  }

  /**
   * Returns the handle of the verifier for these options, making it when there is none.
   *
   * @throws JetonError options_invalid, policy_invalid
   */
  for(options: VerifyOptions): number {
    for (const verifier of this.#made) {
      if (verifier.options && equal(verifier.options, options, true)) return verifier.handle;
    }
    // The policy is made of a copy: options that answer differently each time could else be remembered for what they did not say.
    let copied: VerifyOptions | undefined;
    try {
      copied = copy(options, true) as VerifyOptions;
    } catch {
      // They hold more than plain data, and are not remembered.
    }
    const policy = policyJSON(copied ?? options);
    const verifier = this.#made.find((made) => made.policy === policy) ?? this.#make(policy);
    verifier.options = copied;
    return verifier.handle;
  }

  /** Frees them all; there will be no others. */
  free(): void {
    for (const { handle } of this.#made) this.#instance.call("jeton_verifier_free", handle);
  }

  #make(policy: string): Verifier {
    if (this.#made.length === most) this.#instance.call("jeton_verifier_free", (this.#made.shift() as Verifier).handle);
    const verifier = { handle: this.#instance.send("jeton_verifier_new", this.#key, policy), policy, options: undefined };
    this.#made.push(verifier);
    return verifier;
  }
}

type Plain = Readonly<Record<string, unknown>>;

/** The option that may differ from call to call: it is no part of the policy. */
const time = "currentDate";

/** Copies plain data, so that nobody can change it; the time aside, in the outermost object. Throws where there is more than that. */
function copy(value: unknown, outermost = false): unknown {
  if (["string", "number", "boolean"].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map((element) => copy(element));
  if (!isPlain(value)) throw new TypeError();
  return Object.fromEntries(Object.keys(value).map((name) => [name, outermost && name === time ? value[name] : copy(value[name])]));
}

/** Reports whether a value says the same as a copy; the time aside, in the outermost object. */
function equal(copied: unknown, value: unknown, outermost = false): boolean {
  if (typeof copied !== "object") return copied === value;
  if (Array.isArray(copied) ? !Array.isArray(value) : !isPlain(value)) return false;
  const names = Object.keys(copied as Plain);
  const others = Object.keys(value as Plain);
  if (others.length !== names.length) return false;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (others[i] !== name) return false;
    if (!(outermost && name === time) && !equal((copied as Plain)[name], (value as Plain)[name])) return false;
  }
  return true;
}

/** Reports whether a value is an object as { } makes it. One of a class could have more to say than its own members. */
function isPlain(value: unknown): value is Plain {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
