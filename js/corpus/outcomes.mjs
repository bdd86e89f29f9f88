// What the cases of core/corpus come to in the host that runs this, through the package's public functions. It uses nothing but the
// package and what all JavaScript hosts have.

import { signatureIsGood } from "../dist/jeton.js";

/** @typedef {typeof import("../dist/index.js")} Jeton */
/** @typedef {{ name: string, kind: "key" | "token" | "signature", keys: string, algorithms?: string[], policy?: object, now?: number, token?: string, input?: string, signature?: string }} Case */
/** @typedef {{ outcome?: string, skipped?: string, fault?: string }} Outcome What failed first, or "accepted"; or why the host was not asked. A fault is a disagreement of the host with itself. */

const accepted = "accepted";

/** The options of verify that the module's ABI calls otherwise. */
const optionNames = { type: "typ", maxAge: "maxTokenAge", leeway: "clockTolerance" };

/**
 * Runs cases one after another.
 *
 * @param {Jeton} jeton the package, by the entry of one build
 * @param {{ full: boolean }} build
 * @param {Case[]} cases
 * @returns {Promise<Outcome[]>}
 */
export async function outcomes(jeton, build, cases) {
  const results = [];
  for (const one of cases) results.push(await outcomeOf(jeton, build, one));
  return results;
}

async function outcomeOf(jeton, build, one) {
  const keys = JSON.parse(one.keys);
  const isSet = keys.keys !== undefined;
  if (!isSet && one.algorithms?.length > 1) return { skipped: "importKey takes one algorithm" };
  if (one.kind === "signature" && keys.kty === "oct") return { skipped: "no export takes a bare HMAC" };
  const imported = await attempt(() =>
    isSet ? jeton.importKeySet(keys, one.algorithms ? { algorithms: one.algorithms } : {}) : jeton.importKey(keys, one.algorithms?.[0]),
  );
  if (imported.code) return { outcome: imported.code };
  const key = imported.value;
  try {
    switch (one.kind) {
      case "key":
        return { outcome: accepted };
      case "signature":
        return { outcome: await outcomeOfSignature(key, one) };
      default:
        return await outcomeOfToken(jeton, build, key, one);
    }
  } finally {
    key.free();
  }
}

async function outcomeOfSignature(key, { input, signature }) {
  const { value, code } = await attempt(() => signatureIsGood(key, 0, bytes(input), bytes(signature)));
  return code ?? (value === true ? accepted : "signature_invalid");
}

async function outcomeOfToken({ verify, verifySync, decode }, { full }, key, { token = "", policy = {}, now = 0 }) {
  const named = Object.fromEntries(Object.entries(policy).map(([name, value]) => [optionNames[name] ?? name, value]));
  const options = { ...named, currentDate: new Date(now * 1000) };
  const read = await attempt(() => decode(token));
  const asked = await attempt(() => verify(token, key, options));
  const atOnce = await attempt(async () => verifySync(token, key, options));
  const outcome = asked.code ?? accepted;
  const sync = atOnce.code ?? accepted;
  const mayLeave = !full && !key.symmetric; // to the host, which answers only asynchronously
  const faults = [];
  if (sync !== outcome && !(mayLeave && sync === "host_required")) faults.push(`verifySync says ${sync}`);
  const tooLong = read.code === "token_too_large"; // for decode, whose limit nothing raises
  if (outcome === accepted && !tooLong && JSON.stringify(read.value) !== JSON.stringify(asked.value)) faults.push("decode reads something else than verify");
  return faults.length > 0 ? { outcome, fault: faults.join(", ") } : { outcome };
}

/** Returns what an action returned, or the code of its error. An error that is none of the package's counts as a code of its own. */
async function attempt(action) {
  try {
    return { value: await action() };
  } catch (error) {
    return { code: error?.name === "JetonError" ? error.code : `threw ${error}` };
  }
}

function bytes(base64url = "") {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
