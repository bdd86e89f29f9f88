/**
 * Where a session is kept. `localStorage` and `sessionStorage` have this form already, and so have most libraries; the methods may be
 * asynchronous. What is kept is text: JSON with the tokens in it.
 *
 * @example
 * const storage: TokenStorage = { // one of one's own: encrypted, say, or in IndexedDB
 *   getItem: (key) => database.get("sessions", key),
 *   setItem: (key, value) => database.put("sessions", value, key),
 *   removeItem: (key) => database.delete("sessions", key),
 *   shared: true,
 * };
 */
export interface TokenStorage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
  /** Whether other tabs see what this one puts here; then they share one session. */
  readonly shared?: boolean;
}

/** The storages that go by name. */
export type StorageName = "memory" | "localStorage" | "sessionStorage";

/** A storage that is gone with its page. */
export function memoryStorage(): TokenStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key),
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

/** Returns the storage of that name. Where a host has none, or the browser blocks it, it is memory: the page works, and forgets. */
export function namedStorage(name: StorageName): TokenStorage {
  if (name === "memory") return memoryStorage();
  try {
    const storage = globalThis[name];
    if (storage === undefined || storage === null) return memoryStorage();
    storage.getItem(""); // some browsers let one have it, and refuse its use
    return {
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => storage.setItem(key, value),
      removeItem: (key) => storage.removeItem(key),
      shared: name === "localStorage",
    };
  } catch {
    return memoryStorage();
  }
}
