// The imports of WASI preview 1 that Go's runtime links. There is a clock, a random source, standard output and error; no files, no
// sockets, no arguments and no environment, and a sleep takes no time.

const NAMESPACE = "wasi_snapshot_preview1";

const SUCCESS = 0;
const BAD_FILE = 8; // EBADF
const NOT_SUPPORTED = 52; // ENOSYS

const CLOCK_MONOTONIC = 1;

// Of the structures that poll_oneoff takes and gives: sizes, and where the fields lie.
const SUBSCRIPTION = { size: 48, type: 8, timeout: 24, flags: 40 };
const EVENT = { size: 32, type: 10 };
const TYPE_CLOCK = 0;
const ABSOLUTE_TIME = 1;

const SLEEPS_AT_ONCE = 1000; // more of them, and the module waits for what never comes

const RANDOM_CHUNK = 65536; // what crypto.getRandomValues fills at most

/** Thrown when the module ends itself or waits for ever: the instance is spent. */
export class InstanceEnded extends Error {
  name = "InstanceEnded";
}

/**
 * Returns the imports of one instance. What the module imports beside those below, for files and sockets, answers that there is none.
 *
 * @param {WebAssembly.Module} module
 * @param {() => WebAssembly.Memory} memory the instance's memory, looked up at each call
 * @param {(line: string) => void} log takes each line that the module writes
 */
export function wasiImports(module, memory, log) {
  let kept = new DataView(new ArrayBuffer(0));
  const view = () => {
    const { buffer } = memory();
    if (kept.buffer !== buffer) kept = new DataView(buffer); // the memory has grown
    return kept;
  };
  const lines = { 1: new LineReader(log), 2: new LineReader(log) };

  const nothing = (count, size) => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return SUCCESS;
  };

  const clock = new Clock();

  const imports = {
    args_sizes_get: nothing,
    args_get: () => SUCCESS,
    environ_sizes_get: nothing,
    environ_get: () => SUCCESS,

    clock_time_get(id, _precision, result) {
      view().setBigUint64(result, id === CLOCK_MONOTONIC ? clock.monotonic() : clock.wall(), true);
      return SUCCESS;
    },

    random_get(start, length) {
      const target = new Uint8Array(memory().buffer, start >>> 0, length >>> 0);
      for (let at = 0; at < target.length; at += RANDOM_CHUNK) {
        crypto.getRandomValues(target.subarray(at, at + RANDOM_CHUNK));
      }
      return SUCCESS;
    },

    fd_write(file, vectors, count, written) {
      const output = lines[file];
      if (!output) return BAD_FILE;
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = view().getUint32(vectors + 8 * i, true);
        const length = view().getUint32(vectors + 8 * i + 4, true);
        output.write(new Uint8Array(memory().buffer, start, length));
        total += length;
      }
      view().setUint32(written, total, true);
      return SUCCESS;
    },

    fd_prestat_get: () => BAD_FILE, // no directory is open

    sched_yield: () => SUCCESS,
    // Go's garbage collector waits a little now and then. Nothing can be waited for inside a call, so the time is skipped.
    poll_oneoff(subscriptions, events, count, written) {
      const data = view();
      for (let i = 0; i < count; i++) {
        const at = subscriptions + i * SUBSCRIPTION.size;
        if (data.getUint8(at + SUBSCRIPTION.type) !== TYPE_CLOCK) continue;
        const absolute = data.getUint16(at + SUBSCRIPTION.flags, true) & ABSOLUTE_TIME;
        clock.skip(data.getBigUint64(at + SUBSCRIPTION.timeout, true) - (absolute ? clock.monotonic() : 0n));
        new Uint8Array(data.buffer, events, EVENT.size).fill(0);
        data.setBigUint64(events, data.getBigUint64(at, true), true); // whose event it is
        data.setUint8(events + EVENT.type, TYPE_CLOCK);
        data.setUint32(written, 1, true);
        return SUCCESS;
      }
      throw new InstanceEnded("the module waits for what never comes");
    },
    proc_exit: (code) => {
      throw new InstanceEnded(`the module exited with ${code}`);
    },
  };

  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === NAMESPACE) imports[name] ??= () => NOT_SUPPORTED;
  }
  return { [NAMESPACE]: imports };
}

/** The time in nanoseconds. The monotonic clock runs ahead of the wall clock by what was slept. */
class Clock {
  #skipped = 0n;
  #sleeps = 0;
  #last;

  /** BigInt throws on a clock that gives no whole number, and that ends the instance. */
  wall() {
    return BigInt(Date.now()) * 1_000_000n;
  }

  monotonic() {
    return this.wall() + this.#skipped;
  }

  skip(nanoseconds) {
    if (nanoseconds > 0n) this.#skipped += nanoseconds;
    const now = this.wall();
    this.#sleeps = now === this.#last ? this.#sleeps + 1 : 0;
    this.#last = now;
    if (this.#sleeps > SLEEPS_AT_ONCE) throw new InstanceEnded("the module does nothing but sleep");
  }
}

/** Cuts what is written into lines. */
class LineReader {
  #decoder = new TextDecoder();
  #text = "";
  #log;

  constructor(log) {
    this.#log = log;
  }

  write(bytes) {
    const lines = (this.#text + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#text = lines.pop();
    for (const line of lines) this.#log(line);
  }
}
