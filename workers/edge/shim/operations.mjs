// What the module asks the Worker to do: D1 statements, PBKDF2, signatures, rate limits, key sets. Each runs inside the fetch of the request it is for.

import { readBody } from "./body.mjs";
import { FrameWriter } from "./frame.mjs";
import { importKey, signatureParameters } from "./keys.mjs";

/** The largest iteration count that is computed here. Cloudflare refuses a larger one; the local runtime does not. */
export const MAXIMUM_ITERATIONS = 100_000;

const MAXIMUM_DERIVED = 64; // bytes
const PBKDF2_HASHES = ["SHA-256", "SHA-1"];

const STATUS_DONE = 0;
const STATUS_FAILED = 1;

const OPERATIONS = new Map([
  [1, query],
  [2, exec],
  [3, pbkdf2],
  [4, sign],
  [5, verify],
  [6, batch],
  [7, limit],
  [8, keySet],
]);

/** Why an operation failed, in words that may be logged. */
class OperationFailed extends Error {
  name = "OperationFailed";
}

/**
 * Performs an operation and returns the frame that answers it. Never throws: a failure is an answer too.
 *
 * @param {import("./frame.mjs").FrameReader} operation
 * @param {{DB?: D1Database, [limiter: `JETON_THROTTLE_${string}`]: RateLimit}} env
 */
export async function perform(operation, env) {
  const answer = new FrameWriter().uint8(STATUS_DONE);
  try {
    const work = OPERATIONS.get(operation.uint8());
    if (!work) throw new OperationFailed("the operation is unknown");
    await work(operation, answer, env);
    return answer.frame;
  } catch (error) {
    return new FrameWriter().uint8(STATUS_FAILED).text(reason(error)).frame;
  }
}

const LONGEST_REASON = 300;

/** What a database says that a batch would leave with a row whose reference is gone. D1 has it in the middle of its text. */
const REFERENCE_GONE = "FOREIGN KEY constraint failed";

/** What may be logged of an error: an own one's or D1's text, which name tables and columns; of any other only its class. */
function reason(error) {
  const message = String(error?.message);
  if (error instanceof OperationFailed || message.startsWith("D1_ERROR")) return message.slice(0, LONGEST_REASON);
  return message.includes(REFERENCE_GONE) ? REFERENCE_GONE : `an error of class ${error?.name}`;
}

async function query(operation, answer, env) {
  writeRows(answer, await statement(operation, env).raw());
}

function writeRows(answer, rows) {
  answer.uint32(rows.length).uint32(rows[0]?.length ?? 0);
  for (const row of rows) for (const value of row) answer.cell(value);
}

async function exec(operation, answer, env) {
  const result = await statement(operation, env).run();
  answer.int64(result.meta.changes);
}

/** Several statements as one transaction. D1 gives their rows as objects, whose columns stand in the statement's order. */
async function batch(operation, answer, env) {
  const statements = [];
  for (let count = operation.uint32(); count > 0; count--) statements.push(statement(operation, env));
  for (const { meta, results } of await env.DB.batch(statements)) {
    answer.int64(meta.changes);
    writeRows(answer, results.map(Object.values));
  }
}

function statement(operation, env) {
  const sql = operation.text();
  const parameters = [];
  for (let count = operation.uint32(); count > 0; count--) parameters.push(operation.cell());
  if (!env.DB) throw new OperationFailed("the Worker has no D1 binding named DB");
  return env.DB.prepare(sql).bind(...parameters);
}

async function pbkdf2(operation, answer) {
  const hash = operation.text();
  const password = operation.bytes();
  const salt = operation.bytes();
  const iterations = operation.uint32();
  const length = operation.uint32();
  if (iterations < 1 || iterations > MAXIMUM_ITERATIONS) throw new OperationFailed(`PBKDF2 takes 1 to ${MAXIMUM_ITERATIONS} iterations here`);
  if (!PBKDF2_HASHES.includes(hash)) throw new OperationFailed("PBKDF2 takes SHA-256 and SHA-1 here");
  if (length < 1 || length > MAXIMUM_DERIVED) throw new OperationFailed(`PBKDF2 gives 1 to ${MAXIMUM_DERIVED} bytes here`);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  password.fill(0);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, key, 8 * length);
  answer.bytes(new Uint8Array(bits));
}

async function sign(operation, answer) {
  const algorithm = operation.text();
  const key = await importKey(algorithm, operation.text(), "sign");
  const signature = await crypto.subtle.sign(signatureParameters(algorithm), key, operation.bytes());
  answer.bytes(new Uint8Array(signature));
}

async function verify(operation, answer) {
  const algorithm = operation.text();
  const key = await importKey(algorithm, operation.text(), "verify");
  const signingInput = operation.bytes();
  const good = await crypto.subtle.verify(signatureParameters(algorithm), key, operation.bytes(), signingInput);
  answer.uint8(good === true ? 1 : 0);
}

const UNBOUND = 0;
const ALLOWED = 1;
const REFUSED = 2;

async function limit(operation, answer, env) {
  const binding = env[`JETON_THROTTLE_${operation.text().toUpperCase()}`];
  if (!binding) {
    answer.uint8(UNBOUND);
    return;
  }
  const { success } = await binding.limit({ key: operation.text() });
  answer.uint8(success ? ALLOWED : REFUSED);
}

const MAXIMUM_KEY_SET = 256 * 1024; // bytes
const KEY_SET_TIMEOUT = 5000; // milliseconds
const KEY_SET_SECONDS = 300;

/** What is published at a URL. Redirects are not followed: nothing but the settings says where keys come from. */
async function keySet(operation, answer) {
  const response = await fetch(operation.text(), {
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(KEY_SET_TIMEOUT),
    cf: { cacheTtl: KEY_SET_SECONDS, cacheEverything: true },
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new OperationFailed(`the key set is answered with ${response.status}`);
  }
  const body = await readBody(response, MAXIMUM_KEY_SET);
  if (body.length > MAXIMUM_KEY_SET) throw new OperationFailed("the key set is too large");
  answer.bytes(body);
}
