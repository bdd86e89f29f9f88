import { decode, JetonError, type Claims, type ErrorCode, type Failure, type TokenContents } from "jeton";
import { lifetimeOf, meaningOf } from "./claims.js";
import { explanations, type CheckErrorCode } from "./explanations.js";
import { canJudgeClaims, claimsJudge, headerFailures, standIns } from "./judge.js";
import { bytesMeant, encodingFault } from "./pasted.js";
import { clockInWords } from "./times.js";
import type { Words } from "./words.js";

/** One thing to say about a part of a token. */
export interface Finding extends Words {
  /** The error code of the package, when it is a fault. */
  readonly code?: ErrorCode;
  /** The header member or claim concerned, if it is one. */
  readonly claim?: string | undefined;
}

export const partNames = ["header", "payload", "signature"] as const;
export type PartName = (typeof partNames)[number];

/** One part of a token: what can be shown of it, and what there is to say. */
export interface Part {
  /** The part as it stands in the token. */
  readonly text: string;
  /** The JSON object in it, when the module could read it. */
  readonly members?: object | undefined;
  /** Its bytes, as far as they can be read. */
  readonly bytes?: Uint8Array | undefined;
  readonly findings: readonly Finding[];
}

/** A token taken apart. */
export interface Dissection extends Readonly<Record<PartName, Part>> {
  /** What is wrong with the token as a whole. */
  readonly whole: readonly Finding[];
  /** What follows a third dot. */
  readonly rest: string;
  readonly claims?: Claims | undefined;
  /** Tells anew what there is to say about the claims: time passes. */
  judgeClaims(): Promise<readonly Finding[]>;
}

/**
 * Takes a token apart. Each part is judged by the module on its own, beside stand-ins for the others, so that a fault in one hides
 * nothing in the rest, and is told where it is.
 */
export async function dissect(token: string): Promise<Dissection> {
  const [header = "", payload = "", signature = "", ...others] = token.split(".");
  const rest = others.map((text) => `.${text}`).join("");
  const nothing = { rest, judgeClaims: async () => [] };
  const parts = { header: unread(header), payload: unread(payload), signature: unread(signature) };
  const module = await read(standIns.header, standIns.payload, standIns.signature);
  if (module.failure) return { ...nothing, ...parts, whole: [findingOf(module.failure)] };
  const count = token.split(".").length;
  const whole = await wholeFindings(token, count);
  const first = await headerPart(header);
  // Encrypted: the other parts are not what they are in a signed token.
  if (count === 5) return { ...nothing, header: first, payload: { text: payload, findings: [] }, signature: { text: signature, findings: [] }, whole };
  const { part, claims } = await payloadPart(payload);
  const judge = claims && canJudgeClaims ? await claimsJudge(payload) : undefined;
  const judgeClaims = async () => (claims ? claimFindings(claims, await judge?.()) : part.findings);
  return {
    header: first,
    payload: { ...part, findings: await judgeClaims() },
    signature: await signaturePart(signature, count < 3, (first.members as { alg?: unknown } | undefined)?.alg),
    whole,
    rest,
    claims,
    judgeClaims,
  };
}

const readCharacters = 16_384; // a part that is longer is too large for the module, and the beginning shows what it is

/** A part that nothing is said about. */
function unread(text: string): Part {
  return { text, bytes: bytesMeant(text.slice(0, readCharacters)), findings: [] };
}

const tooLarge: ReadonlySet<ErrorCode> = new Set(["token_too_large", "length_invalid"]);

async function wholeFindings(token: string, count: number): Promise<Finding[]> {
  const { failure } = await read(...token.split("."));
  if (failure && tooLarge.has(failure.code)) return [findingOf(failure)];
  if (count === 3) return []; // everything else is a fault of one part
  const { title } = explanations.token_malformed;
  const advice: Record<number, string> = {
    1: "There is no dot in it. A token is three pieces of text joined by two dots.",
    2: "Its last part is missing. Even a token without a signature ends with a dot. Copy it again, whole.",
    5: "It has five parts: that is an encrypted token (JWE). Only whoever has the key it is for can open it.",
  };
  return [{ tone: "bad", title, advice: advice[count] ?? `It has ${count} parts, and a token has three. Copy it again, by itself.`, code: "token_malformed" }];
}

async function headerPart(text: string): Promise<Part> {
  if (text === "") return missing(text);
  const { contents, failure } = await read(text, standIns.payload, standIns.signature);
  if (!contents) return { ...unread(text), findings: faults(failure, text) };
  const members = contents.protectedHeader;
  const failures = await headerFailures(text);
  const good: Finding = { tone: "good", title: "The header is sound", advice: `${meaningOf("alg", members.alg)} (${members.alg}).` };
  return { ...unread(text), members, findings: failures.length > 0 ? failures.map(findingOf) : [good] };
}

async function payloadPart(text: string): Promise<{ part: Part; claims?: Claims }> {
  if (text === "") return { part: missing(text) };
  const { contents, failure } = await read(standIns.header, text, standIns.signature);
  if (!contents) return { part: { ...unread(text), findings: faults(failure, text) } };
  return { part: { ...unread(text), members: contents.payload, findings: [] }, claims: contents.payload };
}

/** How many bytes a signature of the algorithm has. Those of RSA are as long as the key. */
const signatureBytes: Record<string, number> = {
  HS256: 32, HS384: 48, HS512: 64, ES256: 64, ES384: 96, ES512: 132, EdDSA: 64, Ed25519: 64,
};

async function signaturePart(text: string, absent: boolean, algorithm: unknown): Promise<Part> {
  if (absent) return missing(text);
  const { failure } = await read(standIns.header, standIns.payload, text);
  if (failure) return { ...unread(text), findings: faults(failure, text) };
  const part = unread(text);
  const count = part.bytes?.length ?? 0;
  const wrong = (title: string, advice: string): Part => ({ ...part, findings: [{ tone: "bad", title, advice, code: "signature_invalid" }] });
  if (count === 0) return wrong("Nothing is signed", "There is not one byte of a signature: anyone could have written this token.");
  const name = String(algorithm);
  const wanted = Object.hasOwn(signatureBytes, name) ? signatureBytes[name] : undefined;
  if (wanted !== undefined && wanted !== count) {
    return wrong("The signature has the wrong length", `${name} makes ${wanted} bytes, and these are ${count}. It was cut, or is in another format.`);
  }
  const length = wanted === undefined ? `${count} bytes` : `${count} bytes, as ${name} makes them`;
  return { ...part, findings: [{ tone: "info", title: "Not checked", advice: `${length}. Whether they are right only the key can tell: check the token.` }] };
}

function missing(text: string): Part {
  return { text, findings: [{ tone: "bad", title: "This part is missing", advice: "There must be something between the dots.", code: "token_malformed" }] };
}

/** Says what there is to say about the claims, the end first. Without a judgement only the times are looked at. */
function claimFindings(claims: Claims, failures?: readonly Failure[]): Finding[] {
  const { label, left } = lifetimeOf(claims);
  if (!failures) {
    const advice = "Whether the claims hold cannot be told: browsers give WebCrypto only to pages that came over TLS.";
    return [{ tone: "info", title: `${label}. ${left}`, advice }];
  }
  const found = failures.map(findingOf).sort((a, b) => Number(b.claim === "exp") - Number(a.claim === "exp"));
  if (found[0]?.claim === "exp") return found;
  return [{ tone: "good", title: "It has not expired", advice: `By its own word, it is good until ${clockInWords(Number(claims.exp))}.` }, ...found];
}

interface Reading {
  readonly contents?: TokenContents;
  readonly failure?: Failure;
}

async function read(...parts: string[]): Promise<Reading> {
  try {
    return { contents: await decode(parts.join(".")) };
  } catch (error) {
    if (error instanceof JetonError && error.failures[0]) return { failure: error.failures[0] };
    throw error;
  }
}

/** The faults of one part. That the token is too large is said once, about the whole of it. */
function faults(failure: Failure | undefined, text: string): Finding[] {
  if (!failure || tooLarge.has(failure.code)) return [];
  const finding = findingOf(failure);
  return [failure.code === "encoding_invalid" ? { ...finding, advice: encodingFault(text) } : finding];
}

/** Returns a failure in words: the page's for its code, and the package's own reason if it gives one. */
export function findingOf({ code, claim, message }: Failure): Finding {
  const { title, advice } = explanations[code as CheckErrorCode];
  const reason = /: (.+)$/u.exec(message)?.[1];
  return { tone: "bad", title: `${title}${claim ? ` (${claim})` : ""}${reason ? `: ${reason}` : ""}`, advice, code, claim };
}
