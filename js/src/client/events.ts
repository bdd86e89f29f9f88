import type { ClientEvents } from "./state.js";

/** Calls functions when something happens. What a listener throws concerns no other listener and not the client. */
export class Listeners {
  readonly #byType = new Map<string, Set<(event: never) => void>>();

  /** Calls the listener at every event of the type, until the returned function is called. */
  on<Type extends keyof ClientEvents>(type: Type, listener: (event: ClientEvents[Type]) => void): () => void {
    const listeners = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, listeners);
    const own = (event: ClientEvents[Type]) => listener(event); // the same function may be given twice
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  emit<Type extends keyof ClientEvents>(type: Type, event: ClientEvents[Type]): void {
    for (const listener of [...(this.#byType.get(type) ?? [])]) {
      try {
        (listener as (event: ClientEvents[Type]) => void)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // an uncaught error like that of any event listener
        });
      }
    }
  }

  clear(): void {
    this.#byType.clear();
  }
}
