import { JetonError, verify, type Algorithm } from "jeton";
import * as api from "./api.js";
import { explanations, type CheckErrorCode } from "./explanations.js";
import { keyFrom } from "./material.js";
import { wordsForRefusal, wordsForSilence } from "./refusals.js";
import type { Words } from "./words.js";

/** What a check came to. */
export interface Verdict extends Words {
  /** Everything else that is wrong, each in a sentence. */
  readonly more: readonly string[];
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
    const more = detail === undefined ? [] : [`In the server’s words: “${detail}”`];
    return { ...wordsForRefusal("verify", answer), more, by, ...(code === undefined ? {} : { code }) };
  } catch (error) {
    return { ...wordsForSilence(error), more: [], by };
  }
}

/** Checks a token in this page, with a key that was pasted. The key is wiped afterwards. */
export async function checkInPage(token: string, pasted: string, algorithm: Algorithm): Promise<Verdict> {
  try {
    const key = await keyFrom(pasted, algorithm);
    try {
      const { protectedHeader } = await verify(token, key);
      return {
        tone: "good",
        title: "The signature is good, and the times hold",
        advice: "Whoever has the key signed exactly this token.",
        more: spaceAround(pasted),
        by: `Checked in this page with ${protectedHeader.alg}; nothing was sent`,
      };
    } finally {
      key.free();
    }
  } catch (error) {
    return { ...wordsForCode(error), by: "Checked in this page; nothing was sent", ...hint(error, pasted) };
  }
}

/** Returns in words what the module found wrong. Anything else that was thrown is a bug here and thrown on. */
export function wordsForCode(error: unknown): Words & { code: string; more: string[] } {
  if (!(error instanceof JetonError)) throw error;
  const { title, advice } = explanations[error.code as CheckErrorCode];
  const more = error.failures.slice(1).map((failure) => `${explanations[failure.code as CheckErrorCode].title}${failure.claim ? ` (${failure.claim})` : ""}.`);
  return { tone: "bad", title: error.claim ? `${title} (${error.claim})` : title, advice, code: error.code, more };
}

/** White space counts in a secret, and is easily pasted along. */
function spaceAround(pasted: string): string[] {
  return /^\s|\s$/.test(pasted) && !/^\s*\{/.test(pasted) ? ["The secret begins or ends with white space, which counts."] : [];
}

function hint(error: unknown, pasted: string): { more?: string[] } {
  const wrongKey = error instanceof JetonError && error.code === "signature_invalid";
  return wrongKey && spaceAround(pasted).length > 0 ? { more: spaceAround(pasted) } : {};
}
