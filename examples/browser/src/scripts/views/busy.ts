import type { Message } from "./message.js";

const slow = 3000; // milliseconds until the user is told that it takes longer

/**
 * Runs an action from a button, which shows that it is busy meanwhile. The button stays focusable and ignores further presses.
 */
export async function whileBusy(button: HTMLButtonElement, message: Message | undefined, action: () => Promise<void>): Promise<void> {
  if (isBusy(button)) return;
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => message?.show({ tone: "info", title: "Still waiting for the server", advice: "It takes longer than usual." }), slow);
  try {
    await action();
  } finally {
    clearTimeout(waiting);
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

/** Reports whether the button's action is under way. */
export function isBusy(button: HTMLButtonElement): boolean {
  return button.hasAttribute("aria-disabled");
}
