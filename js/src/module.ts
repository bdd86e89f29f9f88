import { JetonError, type ErrorCode, type Failure } from "./errors.js";
import { text, utf8, utf8Into } from "./json.js";
import { build, defaultSource, type ModuleSource, type UncompiledSource } from "./source.js";

const abiVersion = 1;

/** The exports that take input from the reserved space. They answer a length, or a handle, or a negative length of error JSON. */
type Operation =
  | "jeton_key_import" | "jeton_key_describe" | "jeton_key_free" | "jeton_verifier_new" | "jeton_verifier_free"
  | "jeton_verify" | "jeton_verify_begin" | "jeton_verify_finish" | "jeton_verify_cancel" | "jeton_decode"
  | "jeton_encode" | "jeton_encode_begin" | "jeton_encode_finish" | "jeton_encode_cancel";

type Exports = Record<Operation, (...numbers: number[]) => number> & {
  memory: WebAssembly.Memory;
  /** Absent where the module was started when it was built. */
  _initialize?(): void;
  jeton_abi(): number;
  jeton_reserve(length: number): number;
  jeton_output(): number;
};

/** One instance of the module. Calls run to their end, so they never overlap. */
export class Instance {
  readonly #exports: Exports;
  /** @internal Whether a call has trapped: nothing in this instance can be relied on any more. */
  spent = false;
  #bytes = new Uint8Array(0);

  constructor(instance: WebAssembly.Instance) {
    this.#exports = { ...(instance.exports as Exports) }; // an ordinary object is quicker to look into
  }

  /** Starts the runtime inside the module. */
  start(): void {
    const { _initialize, jeton_abi } = this.#exports;
    if (this.#run(() => (_initialize?.(), jeton_abi())) !== abiVersion) {
      throw new JetonError("load_failed", "the module has another ABI version than this package: use the files of one release");
    }
  }

  /** Calls an operation whose arguments are all numbers. */
  call(operation: Operation, ...numbers: number[]): number {
    return this.#accept(this.#run(() => this.#exports[operation](...numbers)));
  }

  /**
   * Calls an operation with input, a text as UTF-8: its length goes between the numbers before and after it. What head holds comes in
   * front of the input.
   */
  send(operation: Operation, before: number | undefined, input: string | Uint8Array, after?: number, head?: Uint8Array): number {
    return this.#accept(this.#run(() => {
      const length = this.#put(input, head);
      const exported = this.#exports[operation];
      return before === undefined ? exported(length) : exported(before, length, after as number); // one that takes two leaves the third
    }));
  }

  /** Returns what the last operation answered, in the module's memory: the next call overwrites it. */
  answer(length: number): Uint8Array {
    const pointer = this.#run(this.#exports.jeton_output) >>> 0;
    return this.#memory().subarray(pointer, pointer + length);
  }

  /** Copies what the last operation answered. */
  output(length: number): Uint8Array {
    return this.answer(length).slice();
  }

  /** The size of the module's memory, in bytes. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Puts input into the reserved space and returns its length. */
  #put(input: string | Uint8Array, head?: Uint8Array): number {
    const start = head ? head.length : 0;
    const length = start + input.length;
    const pointer = this.#exports.jeton_reserve(length) >>> 0;
    if (pointer === 0) return length; // more than there can be, as the operation will say
    const memory = this.#memory();
    if (head) memory.set(head, pointer);
    if (typeof input !== "string") memory.set(input, pointer + start);
    // A text that does not fit is not ASCII: its UTF-8 is longer than itself.
    else if (utf8Into(input, memory.subarray(pointer + start, pointer + length)) < input.length) return this.#put(utf8(input), head);
    return length;
  }

  /** Returns the module's memory. A view of it ends when the memory grows, which it may in any call. */
  #memory(): Uint8Array {
    const { buffer } = this.#exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  #accept(result: number): number {
    if (result >= 0) return result;
    throw refusal(this.answer(-result));
  }

  #run<T>(body: () => T): T {
    if (this.spent) throw trapped();
    try {
      return body();
    } catch {
      this.spent = true;
      throw trapped();
    }
  }
}

function trapped(): JetonError {
  return new JetonError("module_trapped", "the module failed and is replaced: try again");
}

function refusal(answer: Uint8Array): JetonError {
  const { code, message, failures } = JSON.parse(text(answer)) as {
    code: ErrorCode;
    message: string;
    failures: Failure[];
  };
  return new JetonError(code, message, failures);
}

let compiled: WebAssembly.Module | undefined;
let current: Instance | undefined;
let starting: Promise<Instance> | undefined;

/**
 * Loads the module. The asynchronous functions do this by themselves; call it to choose where the module comes from, or before the
 * first synchronous call. Once the module is loaded, further calls do nothing.
 *
 * @param source a URL, a Response, bytes, or a compiled module; by default the file that came with this package
 * @throws JetonError load_failed
 */
export async function init(source?: ModuleSource): Promise<void> {
  await ready(source);
}

/** Hands over the compiled module, so that nothing has to be fetched. It is not started yet. */
export function provide(module: WebAssembly.Module): void {
  compiled = module;
}

/** Returns the instance, making one when there is none that works. */
export async function ready(source?: ModuleSource): Promise<Instance> {
  if (current && !current.spent) return current;
  // No promise that others could wait for: on Workers it would belong to one request.
  if (compiled) return instantiate(compiled);
  if (source instanceof WebAssembly.Module) return instantiate(source);
  starting ??= load(source).finally(() => {
    starting = undefined;
  });
  return starting;
}

/** Returns the instance without waiting. */
export function readyNow(): Instance {
  if (current && !current.spent) return current;
  if (!compiled) throw new JetonError("not_ready", "await init() before the first synchronous call");
  return instantiate(compiled);
}

function instantiate(module: WebAssembly.Module): Instance {
  const linked = link(module);
  try {
    return start(module, new WebAssembly.Instance(module, linked.imports), linked);
  } catch (error) {
    throw loadFailure(error);
  }
}

async function load(source?: UncompiledSource): Promise<Instance> {
  try {
    const module = await compile(source ?? (await defaultSource()));
    const linked = link(module);
    return start(module, await WebAssembly.instantiate(module, linked.imports), linked);
  } catch (error) {
    throw loadFailure(error);
  }
}

function loadFailure(error: unknown): JetonError {
  if (error instanceof JetonError && error.code === "load_failed") return error;
  return new JetonError("load_failed", "the WebAssembly module could not be loaded: check its URL, the Content-Security-Policy, and that it is the one of this entry");
}

/** The imports of an instance, and the memory that they will work on once the instance exists. */
interface Linked {
  readonly imports: WebAssembly.Imports;
  memory?: WebAssembly.Memory;
}

function link(module: WebAssembly.Module): Linked {
  const functions = build.functions(module, () => linked.memory as WebAssembly.Memory);
  const linked: Linked = { imports: { wasi_snapshot_preview1: functions } };
  return linked;
}

/** Starts an instance. Only a module that starts is kept for the instances after it. */
function start(module: WebAssembly.Module, instance: WebAssembly.Instance, linked: Linked): Instance {
  linked.memory = instance.exports["memory"] as WebAssembly.Memory;
  const started = new Instance(instance);
  started.start();
  compiled = module;
  current = started;
  return started;
}

async function compile(source: UncompiledSource): Promise<WebAssembly.Module> {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource);
  const response = typeof source === "string" || source instanceof URL ? await fetch(source) : await source;
  if (!response.ok) throw new JetonError("load_failed", `the WebAssembly module was answered with status ${response.status}`);
  if (response.headers.get("content-type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
