import { importKey, JetonError, verify, type Failure, type Key } from "jeton";

/**
 * A key that is made here, used here and known to nobody. With it the module judges what it otherwise would only look at once a signature
 * is good, so that the rules are those of the package and not a second set in this page.
 */
interface Throwaway {
  readonly key: Key;
  sign(signingInput: string): Promise<string>;
}

let throwaway: Promise<Throwaway> | undefined;

async function makeThrowaway(): Promise<Throwaway> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  return {
    key: await importKey(secret, "HS256"),
    async sign(signingInput) {
      const signingKey = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      return base64url(new Uint8Array(await crypto.subtle.sign("HMAC", signingKey, new TextEncoder().encode(signingInput))));
    },
  };
}

function theThrowaway(): Promise<Throwaway> {
  throwaway ??= makeThrowaway();
  throwaway.catch(() => (throwaway = undefined)); // the module may load the next time
  return throwaway;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Stand-ins for the parts that are not being judged: {"alg":"HS256"}, {} and three bytes. */
export const standIns = { header: "eyJhbGciOiJIUzI1NiJ9", payload: "e30", signature: "AAAA" } as const;

/** Whether the claims can be judged: browsers give WebCrypto only to pages that came over TLS or from this computer. */
export const canJudgeClaims = globalThis.crypto.subtle !== undefined;

/** Returns why no key at all could check a token with this header: its algorithm. Its form was looked at before. */
export async function headerFailures(header: string): Promise<readonly Failure[]> {
  const failures = await failuresOf(`${header}.${standIns.payload}.${standIns.signature}`);
  return failures.filter(({ code }) => code === "algorithm_unsupported"); // anything else is about the stand-ins
}

/** Returns a function that tells what is wrong with the claims at the time of each call, whoever signed them. */
export async function claimsJudge(payload: string): Promise<() => Promise<readonly Failure[]>> {
  const signingInput = `${standIns.header}.${payload}`;
  const token = `${signingInput}.${await (await theThrowaway()).sign(signingInput)}`;
  return () => failuresOf(token);
}

async function failuresOf(token: string): Promise<readonly Failure[]> {
  const { key } = await theThrowaway();
  try {
    await verify(token, key);
    return [];
  } catch (error) {
    if (error instanceof JetonError) return error.failures;
    throw error;
  }
}
