// One instance of the module, as functions over frames.

import { FrameReader } from "./frame.mjs";
import { wasiImports } from "./wasi.mjs";

const ABI_VERSION = 1;

const NOTHING = new Uint8Array();

const FRAME_RESPONSE = 0;
const FRAME_OPERATION = 1;

/** The instance is spent: it trapped, now or before. */
export class ReactorFailed extends Error {
  name = "ReactorFailed";
}

/** The module refused a call. `code` is one of those in README.md. */
export class ReactorRefused extends Error {
  name = "ReactorRefused";

  constructor(message) {
    super(message);
    this.code = message.split(":", 1)[0];
  }
}

/**
 * A started instance. Its calls are synchronous and never overlap. The first one that throws spends it: every later call throws
 * ReactorFailed.
 */
export class Reactor {
  #exports;
  #failed = false;
  #fields = [];

  /**
   * @param {WebAssembly.Module} module
   * @param {(line: string) => void} log takes each line that the module logs
   */
  constructor(module, log) {
    const imports = wasiImports(module, () => this.#exports.memory, log);
    const { exports } = new WebAssembly.Instance(module, imports);
    this.#exports = exports;
    exports._initialize?.(); // a snapshot was started when it was built
    if (exports.jeton_edge_abi() !== ABI_VERSION) throw new ReactorFailed("the module is of another version than the shim");
  }

  /** Whether the instance is spent. */
  get failed() {
    return this.#failed;
  }

  /** How many requests are on their way. */
  get live() {
    return this.#guard(() => this.#exports.jeton_edge_live());
  }

  /** Hands over the configuration. Throws ReactorRefused when it cannot work. */
  configure(frame) {
    this.#call(frame, (length) => this.#exports.jeton_edge_configure(length));
    const names = new FrameReader(this.#call(NOTHING, () => this.#exports.jeton_edge_fields()));
    for (let count = names.uint32(); count > 0; count--) this.#fields.push(names.text());
  }

  /** The names of the header fields that the module reads, once it is configured. */
  get fields() {
    return this.#fields;
  }

  /** Begins a request. Returns its operation or response: see `readMessage`. */
  start(frame) {
    return readMessage(this.#call(frame, (length) => this.#exports.jeton_edge_start(length)));
  }

  /** Goes on with a request, with the answer to its operation. */
  step(id, frame) {
    return readMessage(this.#call(frame, (length) => this.#exports.jeton_edge_step(id, length)));
  }

  /** Ends a request whose client went away. Returns whether there was one. */
  cancel(id) {
    return this.#guard(() => this.#exports.jeton_edge_cancel(id)) === 1;
  }

  /** Writes a frame into the module, calls an export with its length, and returns a copy of what it answered. */
  #call(frame, work) {
    return this.#guard(() => {
      const { memory, jeton_edge_reserve: reserve, jeton_edge_output: output } = this.#exports;
      const input = reserve(frame.length) >>> 0;
      if (input === 0) throw new ReactorRefused("length_invalid");
      new Uint8Array(memory.buffer, input, frame.length).set(frame);
      const result = work(frame.length);
      if (result === 0) return new Uint8Array();
      const bytes = new Uint8Array(memory.buffer, output() >>> 0, Math.abs(result));
      const copy = bytes.slice();
      bytes.fill(0); // it may hold a password or a key
      if (result > 0) return copy;
      const refusal = new TextDecoder().decode(copy);
      if (refusal === "panicked") throw new ReactorFailed(refusal);
      throw new ReactorRefused(refusal);
    });
  }

  #guard(work) {
    if (this.#failed) throw new ReactorFailed("the instance has failed before");
    try {
      return work();
    } catch (error) {
      if (error instanceof ReactorRefused) throw error;
      this.#failed = true;
      throw new ReactorFailed("the instance failed", { cause: error });
    }
  }
}

/**
 * Reads what start and step answer with: `{id, operation}`, whose operation is a reader of the fields that are left, or `{id, status,
 * headers, body}`.
 */
function readMessage(frame) {
  const reader = new FrameReader(frame);
  const kind = reader.uint8();
  const id = reader.uint32();
  if (kind === FRAME_OPERATION) return { id, operation: reader };
  if (kind !== FRAME_RESPONSE) throw new RangeError("a frame of an unknown kind");
  const status = reader.uint32();
  const headers = [];
  for (let count = reader.uint32(); count > 0; count--) headers.push([reader.text(), reader.text()]);
  return { id, status, headers, body: reader.bytes() };
}
