// The imports of WASI preview 1 that Go's runtime links. There is a clock, a random source, standard output and error; no files, no
// sockets, no arguments, no environment and no sleep.

const NAMESPACE = "wasi_snapshot_preview1";

const SUCCESS = 0;
const BAD_FILE = 8; // EBADF
const NOT_SUPPORTED = 52; // ENOSYS

const RANDOM_CHUNK = 65536; // what crypto.getRandomValues fills at most

/** Thrown when the module ends itself or asks to sleep: the instance is spent. */
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
  const view = () => new DataView(memory().buffer);
  const lines = { 1: new LineReader(log), 2: new LineReader(log) };

  const nothing = (count, size) => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return SUCCESS;
  };

  const imports = {
    args_sizes_get: nothing,
    args_get: () => SUCCESS,
    environ_sizes_get: nothing,
    environ_get: () => SUCCESS,

    clock_time_get(_id, _precision, result) {
      // BigInt throws on a clock that gives no whole number, and that ends the instance.
      view().setBigUint64(result, BigInt(Date.now()) * 1_000_000n, true);
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
    poll_oneoff: () => {
      throw new InstanceEnded("the module asked to sleep");
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
