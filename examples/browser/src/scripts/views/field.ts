import { find } from "./dom.js";

type Control = HTMLInputElement | HTMLTextAreaElement;

/** Says below a control what is wrong with it, or with an empty text that nothing is. */
export function setFieldError(control: Control, error: string): void {
  find(HTMLElement, `#${control.id}-error`).textContent = error;
  if (error) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** Refuses empty controls: says so below each, focuses the first, and reports whether all were filled in. */
export function filledIn(...fields: readonly [control: Control, error: string][]): boolean {
  for (const [control, error] of fields) setFieldError(control, control.value.trim() === "" ? error : "");
  return focusFirst(fields);
}

/** Refuses controls whose value the browser cannot read: says so below each, focuses the first, and reports whether all were well. */
export function wellFormed(...fields: readonly [control: HTMLInputElement, error: string][]): boolean {
  for (const [control, error] of fields) setFieldError(control, control.validity.valid ? "" : error);
  return focusFirst(fields);
}

function focusFirst(fields: readonly (readonly [control: Control, error: string])[]): boolean {
  const first = fields.find(([control]) => control.hasAttribute("aria-invalid"))?.[0];
  first?.focus();
  return !first;
}

/** Takes an error back as soon as the user does something about it. */
export function clearErrorOnInput(...controls: readonly Control[]): void {
  for (const control of controls) control.addEventListener("input", () => setFieldError(control, ""));
}
