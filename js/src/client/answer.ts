import { read } from "./claims.js";
import { ClientError, serverWords, type ServerWords } from "./failure.js";

/** What a token endpoint answered. */
export interface Answer {
  readonly pathname: string;
  readonly status: number;
  /** The members of the JSON object, none when it was no such thing. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly words: ServerWords;
  /** When the request was sent, and when the server says that it answered, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number | undefined;
}

/** Reads an answer whole. No secret that was sent gets into the words that errors carry. */
export async function readAnswer(response: Response, { pathname }: URL, sentAt: number, secrets: readonly string[]): Promise<Answer> {
  const { status, headers } = response;
  const body = read(await response.text());
  const answeredAt = Date.parse(headers.get("date") ?? "");
  const retryAfter = Number.parseInt(headers.get("retry-after") ?? "", 10);
  const words = serverWords(status, body, secrets);
  return {
    pathname,
    status,
    body: body ?? {},
    words: retryAfter >= 0 ? { ...words, retryAfter } : words,
    sentAt,
    answeredAt: Number.isFinite(answeredAt) ? answeredAt : undefined,
  };
}

/** Reports whether the server did what it was asked for: servers differ in which of 200, 201, 204 and 205 they say. */
export function succeeded({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Returns what to throw for an answer that neither succeeded nor refused. */
export function failureOf({ pathname, status, words }: Answer): ClientError {
  if (status >= 500) return new ClientError("server_failed", `the server failed with status ${status}`, words);
  if (status === 429) return new ClientError("rate_limited", "too many attempts: try again later", words);
  if (status < 400) return new ClientError("redirect_refused", `${pathname} redirects elsewhere: check the path and its final slash`, words);
  return new ClientError("answer_invalid", `${pathname} is no token endpoint, or not of this dialect: status ${status}`, words);
}

/** Returns a token of the answer. What could not stand in a header is no token. */
export function tokenIn({ body }: Answer, member: string): string | undefined {
  const value = body[member];
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}
