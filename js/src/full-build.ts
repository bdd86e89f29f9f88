import { choose } from "./jeton.js";
import { wasiFunctions } from "./wasi.js";

/** Chooses the module that has every algorithm inside. */
export function chooseFullModule(): void {
  choose({ locate: () => new URL("./jeton-full.wasm", import.meta.url), functions: wasiFunctions });
}
