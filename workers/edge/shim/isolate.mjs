// The Worker's fetch: one instance of the module for the isolate, started by the first request, and one run of it for each request.

import { readBody } from "./body.mjs";
import { FrameWriter } from "./frame.mjs";
import { perform } from "./operations.mjs";
import { Reactor, ReactorFailed, ReactorRefused } from "./reactor.mjs";

/** How long a request may be on its way, in milliseconds, before another one takes it for abandoned. */
const LONGEST_REQUEST = 120_000;

/** The module's refusals that say that the service cannot be had now. The others are bugs, or settings that cannot work. */
const UNAVAILABLE = new Set(["signing_key_missing", "tasks_spent"]);

const internalError = () => Response.json({ detail: "Internal server error." }, { status: 500 });
const unavailable = () =>
  Response.json({ detail: "Service temporarily unavailable, try again later." }, { status: 503, headers: { "Retry-After": "5" } });

/** Whether a module's state is that of one already started. Only such a one can be instantiated where there is no randomness yet. */
const isSnapshot = (module) => !WebAssembly.Module.exports(module).some(({ name }) => name === "_initialize");

/** Passes on a line that the module logs. What is no information, such as the runtime's last words, is an error. */
const log = (line) => (line.startsWith("level=INFO") ? console.log(line) : console.error(line));

/** All state of one isolate. */
export class Isolate {
  #module;
  #spare; // an instance that is made but not configured
  #reactor; // undefined before the first request, and after a failure until the next one
  #refusal; // why the configuration was refused
  #started = new Map(); // when each request on its way was started, by its ID

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    this.#module = module;
    if (isSnapshot(module)) this.#spare = new Reactor(module, log);
  }

  /** The running instance, if there is one. */
  get reactor() {
    return this.#reactor;
  }

  /** Answers a request. Never rejects. */
  async fetch(request, env, context) {
    let body;
    try {
      body = await readBody(request);
    } catch {
      return new Response("Bad Request", { status: 400 }); // the client went away, or broke the framing
    }
    try {
      const reactor = this.#configured(env);
      this.#sweep(reactor);
      const message = reactor.start(requestFrame(request, body, reactor.fields));
      if (!message.operation) return response(message);
      const run = this.#run(reactor, message, request, env);
      // A client that goes away must not leave the run parked for good: it goes on to its end, or until its signal.
      context.waitUntil(run.catch(() => {}));
      return await run;
    } catch (error) {
      return this.#answerFailure(error);
    }
  }

  /** Goes on with a request that needs the host, from its first operation to its response. */
  async #run(reactor, message, request, env) {
    const { id } = message;
    this.#started.set(id, Date.now());
    let gone = false;
    const abandon = () => {
      gone = true;
      if (!reactor.failed) reactor.cancel(id);
    };
    // The signal fires when the client goes away (compatibility flag enable_request_signal).
    request.signal?.addEventListener("abort", abandon, { once: true });
    try {
      while (message.operation) {
        const answer = await perform(message.operation, env);
        if (gone) return internalError(); // nobody reads it
        message = reactor.step(id, answer);
      }
      return response(message);
    } finally {
      request.signal?.removeEventListener("abort", abandon);
      if (message.operation && !gone) abandon(); // the answer was refused, for example as too long
      if (this.#reactor === reactor) this.#started.delete(id);
    }
  }

  /** The instance, made and configured if there is none. */
  #configured(env) {
    if (this.#reactor?.failed) this.#drop();
    if (this.#refusal) throw this.#refusal;
    if (this.#reactor) return this.#reactor;
    const reactor = this.#spare ?? new Reactor(this.#module, log);
    this.#spare = undefined;
    try {
      reactor.configure(configurationFrame(env));
    } catch (error) {
      if (error instanceof ReactorRefused) this.#refusal = error;
      throw error;
    }
    this.#reactor = reactor;
    return reactor;
  }

  #drop() {
    this.#reactor = undefined;
    this.#started.clear();
  }

  /** Cancels requests that nobody can be waiting for any more. */
  #sweep(reactor) {
    const oldest = Date.now() - LONGEST_REQUEST;
    for (const [id, started] of this.#started) {
      if (started > oldest) return; // a Map keeps the order in which its entries came
      this.#started.delete(id);
      reactor.cancel(id);
    }
  }

  /** Logs an error, and returns the answer to the request it ended. */
  #answerFailure(error) {
    if (error instanceof ReactorRefused) {
      console.error(`jeton: ${error.message}`);
      return UNAVAILABLE.has(error.code) ? unavailable() : internalError();
    }
    const failure = error instanceof ReactorFailed && error.cause ? error.cause : error;
    console.error(`jeton: a request failed: ${failure?.stack ?? failure?.name}`);
    return internalError();
  }
}

/** Bindings that hold text, or settings that wrangler has parsed already. */
function bindingText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function configurationFrame(env) {
  return new FrameWriter()
    .text(bindingText(env.JETON_SIGNING_KEY))
    .text(bindingText(env.SECRET_KEY))
    .text(bindingText(env.JETON_CONFIG)).frame;
}

/** Room for what a request has beside its body, in bytes. A frame that needs more grows. */
const EXPECTED_HEAD = 2048;

/** What the module reads of a request. Of header fields that is little, and to ask for all of a request's costs more than to ask for it. */
function requestFrame(request, body, fields) {
  const url = new URL(request.url);
  const headers = [];
  for (const name of fields) {
    const value = request.headers.get(name);
    if (value !== null) headers.push([name, value]);
  }
  const frame = new FrameWriter(body.length + EXPECTED_HEAD)
    .text(request.method)
    .text(url.pathname)
    .text(url.search.slice(1))
    .text(request.headers.get("CF-Connecting-IP") ?? "")
    .uint32(headers.length);
  for (const [name, value] of headers) frame.text(name).headerValue(value);
  return frame.bytes(body).frame;
}

function response({ status, headers, body }) {
  return new Response(body.length === 0 ? null : body, { status, headers: headersInit(headers) });
}

/** Header fields in the form that the platform takes soonest: an object, unless a name comes twice. */
function headersInit(fields) {
  const object = Object.fromEntries(fields);
  return Object.keys(object).length === fields.length ? object : fields;
}
