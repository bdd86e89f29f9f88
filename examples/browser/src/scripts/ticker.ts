/** Calls back at the beginning of every second, and at once when the page comes back into view. */
export function everySecond(tick: () => void): void {
  const schedule = () => setTimeout(run, 1000 - (Date.now() % 1000));
  const run = () => {
    if (!document.hidden) tick();
    schedule();
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) tick();
  });
  schedule();
}
