import { init } from "jeton";
import { find } from "./dom.js";

/** Loads the module and shows how that went. */
export async function loadEngine(): Promise<void> {
  const place = find(HTMLElement, "#engine");
  const text = find(HTMLElement, "#engine-text");
  const state = (name: string, words: string) => {
    place.dataset["state"] = name;
    text.textContent = words;
  };
  try {
    await init(new URL("./jeton.wasm", import.meta.url)); // beside the bundle
    state("ready", "Checker ready");
  } catch {
    state("failed", "Checker not loaded");
  }
}
