import { JetonError, type ClientErrorCode } from "../errors.js";

/** What Django says about each field that it did not like, such as `{ password: ["This field is required."] }`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What the server said beside its status. */
export interface ServerWords {
  /** The status of the answer. */
  readonly status?: number | undefined;
  /** The server's own sentence, in the server's language. */
  readonly detail?: string | undefined;
  /** The server's sentences by field; those about the whole form are under `non_field_errors`. */
  readonly fields?: FieldErrors | undefined;
  /** For how many seconds the server asked to be left alone. */
  readonly retryAfter?: number | undefined;
}

/**
 * The error of everything in `jeton/client`: a JetonError with what the server said. It never carries a token or a password.
 *
 * @example
 * try { await client.login({ username, password }) } catch (error) {
 *   if (!(error instanceof ClientError) || error.code !== "login_refused") throw error;
 *   show(error.fields?.password ?? error.detail ?? error.message);
 * }
 */
export class ClientError extends JetonError implements ServerWords {
  override readonly name: string = "ClientError";
  declare readonly code: ClientErrorCode;
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly fields: FieldErrors | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ClientErrorCode, message: string, words: ServerWords = {}) {
    super(code, message);
    this.status = words.status;
    this.detail = words.detail;
    this.fields = words.fields;
    this.retryAfter = words.retryAfter;
  }
}

/** The error of a client that was disposed of. */
export function disposed(): ClientError {
  return new ClientError("client_disposed", "the client was disposed of");
}

/**
 * Reads the body of a refusal. A sentence that repeats a secret that was sent is left out: errors end in logs.
 */
export function serverWords(status: number, body: unknown, secrets: readonly string[]): ServerWords {
  const harmless = (text: unknown): text is string => typeof text === "string" && !secrets.some((secret) => repeats(text, secret));
  const words: { -readonly [Name in keyof ServerWords]: ServerWords[Name] } = { status };
  if (typeof body !== "object" || body === null || Array.isArray(body)) return words;
  const fields: Record<string, readonly string[]> = Object.create(null);
  for (const [name, value] of Object.entries(body)) {
    if (name === "detail" && harmless(value)) words.detail = value;
    if (Array.isArray(value) && harmless(name) && value.some(harmless)) fields[name] = value.filter(harmless);
  }
  if (Object.keys(fields).length > 0) words.fields = fields;
  return words;
}

/** Reports whether the text has the secret in it: a short one as a word of its own, or no sentence could be passed on. */
function repeats(text: string, secret: string): boolean {
  const isPartOfWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    if (secret.length >= 8 || (!isPartOfWord(text[at - 1]) && !isPartOfWord(text[at + secret.length]))) return true;
  }
  return false;
}
