import { JetonError, verify, type Algorithm } from "jeton";
import * as api from "./api.js";
import { explanations, type CheckErrorCode } from "./explanations.js";
import { optionsFor, type Expectations } from "./expectations.js";
import { isPEM, keyFrom } from "./material.js";
import { wordsForError, wordsForRefusal } from "./refusals.js";
import { dateInWords } from "./times.js";
import type { Words } from "./words.js";

/** A sentence beside the verdict. */
export interface Remark {
  readonly text: string;
  readonly code?: string;
}

/** What a check came to. */
export interface Verdict extends Words {
  /** Everything else that there is to say, with the code of each further failure. */
  readonly more: readonly Remark[];
  /** Who checked, and how. */
  readonly by: string;
  /** The error code, for whoever looks it up. */
  readonly code?: string;
}

/** Lets the server check a token. */
export async function checkByServer(token: string, signal: AbortSignal): Promise<Verdict> {
  const by = "Checked by the server, at /api/token/verify/";
  try {
    const answer = await api.verify(token, signal);
    if (answer.status === 200 && answer.body !== undefined) {
      return { tone: "good", title: "The server accepts this token", advice: "Its key signed the token, and the times hold.", more: [], by };
    }
    const detail = api.textOf(answer, "detail");
    const code = api.textOf(answer, "code");
    const more = detail === undefined ? [] : [{ text: `In the server’s words: “${detail}”` }];
    return { ...wordsForRefusal("verify", answer), more, by, ...(code === undefined ? {} : { code }) };
  } catch (error) {
    return { ...wordsForError("verify", error), more: [], by };
  }
}

/** What a token is checked with in this page. */
export interface Brought {
  /** What was pasted as a key. */
  readonly key: string;
  /** The algorithm of a key that does not name its own. */
  readonly algorithm: Algorithm;
  readonly expectations: Expectations;
}

/** Checks a token in this page, with a key that was pasted. The key is wiped afterwards. */
export async function checkInPage(token: string, { key: pasted, algorithm, expectations }: Brought): Promise<Verdict> {
  if (isPEM(pasted)) return refusedPEM;
  try {
    const key = await keyFrom(pasted, algorithm);
    try {
      const { protectedHeader } = await verify(token, key, optionsFor(expectations));
      return {
        tone: "good",
        title: "The signature is good, and the times hold",
        advice: "Whoever has the key signed exactly this token.",
        more: [...expected(expectations), ...spaceAround(pasted)],
        by: `Checked in this page with ${protectedHeader.alg}; nothing was sent`,
      };
    } finally {
      key.free();
    }
  } catch (error) {
    const words = wordsForCode(error);
    const wrongKey = words.code === "signature_invalid";
    return { ...words, more: [...words.more, ...(wrongKey ? spaceAround(pasted) : [])], by: "Checked in this page; nothing was sent" };
  }
}

/** Returns in words what the module found wrong. Anything else that was thrown is a bug here and thrown on. */
export function wordsForCode(error: unknown): Words & { readonly code: string; readonly more: readonly Remark[] } {
  if (!(error instanceof JetonError)) throw error;
  const { title, advice } = explanations[error.code as CheckErrorCode];
  const more = error.failures.slice(1).map((failure) => {
    const { title } = explanations[failure.code as CheckErrorCode];
    return { text: failure.claim ? `${title} (${failure.claim})` : title, code: failure.code };
  });
  return { tone: "bad", title: error.claim ? `${title} (${error.claim})` : title, advice, code: error.code, more };
}

const refusedPEM: Verdict = {
  tone: "bad",
  title: "That is a PEM, and the page takes JWKs",
  advice: "Convert the public key first. In Node: createPublicKey(pem).export({ format: \"jwk\" }), from node:crypto. A private key belongs in no page.",
  more: [],
  by: "Not checked; nothing was sent",
  code: "key_malformed",
};

/** Says which expectations were met, for a verdict that is good. */
function expected({ issuer, audience, typ, leeway, clock }: Expectations): Remark[] {
  const met = [issuer && "issuer", audience && "audience", typ && "typ"].filter((name) => name !== "");
  const words = (names: readonly string[]) => names.join(", ").replace(/, ([^,]+)$/u, " and $1");
  return [
    ...(met.length > 0 ? [{ text: `As expected: ${words(met)}` }] : []),
    ...(leeway === "" || Number(leeway) === 0 ? [] : [{ text: `With a leeway of ${leeway} s` }]),
    ...(clock === "" ? [] : [{ text: `As of ${dateInWords(Date.parse(clock) / 1000)}, not of now` }]),
  ];
}

/** White space counts in a secret, and is easily pasted along. */
function spaceAround(pasted: string): Remark[] {
  return /^\s|\s$/.test(pasted) && !/^\s*\{/.test(pasted) ? [{ text: "The secret begins or ends with white space, which counts." }] : [];
}
