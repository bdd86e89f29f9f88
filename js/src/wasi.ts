import { wasiClock } from "./jeton.js";
import type { WASIFunctions } from "./source.js";

const success = 0;
const badFileDescriptor = 8;
const notSupported = 52;

/** Thrown to leave a module that has ended itself. */
class Exit extends Error {}

/**
 * The part of WASI preview 1 that the full module needs: time, random numbers, and no files, arguments or environment. What the module
 * prints (only a crash does) is dropped, since it could hold what the crashing call was about.
 */
export function wasiFunctions(module: WebAssembly.Module, memory: () => WebAssembly.Memory): WASIFunctions {
  const view = () => new DataView(memory().buffer);
  const bytes = (pointer: number, length: number) => new Uint8Array(memory().buffer, pointer >>> 0, length >>> 0);

  const functions: WASIFunctions = {
    ...wasiClock(module, memory),
    args_sizes_get: (count: number, size: number) => noStrings(view(), count, size),
    environ_sizes_get: (count: number, size: number) => noStrings(view(), count, size),
    args_get: () => success,
    environ_get: () => success,
    random_get: (pointer: number, length: number) => {
      // getRandomValues gives at most this many bytes at a time.
      const most = 65536;
      for (let done = 0; done < length; done += most) {
        crypto.getRandomValues(bytes(pointer + done, Math.min(most, length - done)));
      }
      return success;
    },
    fd_write: (_file: number, vectors: number, count: number, written: number) => {
      let total = 0;
      for (let i = 0; i < count; i++) total += view().getUint32(vectors + 8 * i + 4, true);
      view().setUint32(written, total, true);
      return success;
    },
    // Go's start-up lists preopened folders until it is told that there are none.
    fd_prestat_get: () => badFileDescriptor,
    sched_yield: () => success,
    poll_oneoff: (_subscriptions: number, _events: number, _count: number, result: number) => {
      view().setUint32(result, 0, true);
      return success;
    },
    proc_exit: () => {
      throw new Exit("the module has ended");
    },
  };

  for (const { name } of WebAssembly.Module.imports(module)) functions[name] ??= () => notSupported;
  return functions;
}

function noStrings(view: DataView, count: number, size: number): number {
  view.setUint32(count, 0, true);
  view.setUint32(size, 0, true);
  return success;
}
