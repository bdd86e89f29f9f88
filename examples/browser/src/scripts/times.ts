/** Dates and lengths of time in words. Everything here is in seconds since 1970, as tokens have it. */

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

const lastDate = 253402300799; // the end of the year 9999

/** Returns the time now. */
export function now(): number {
  return Date.now() / 1000;
}

/** Returns a claim as a date, or undefined when it is not one. */
export function numericDate(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= lastDate ? value : undefined;
}

/** Returns a date with its time of day: "24 Nov 2026, 11:25:37". */
export function dateInWords(date: number): string {
  return dateFormat.format(date * 1000);
}

/** Returns the time of day, with the date when it is not today's. */
export function clockInWords(date: number): string {
  const today = new Date().toDateString() === new Date(date * 1000).toDateString();
  return today ? clockFormat.format(date * 1000) : dateInWords(date);
}

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]] as const;

/** Returns a length of time in its two largest units: "4 min 32 s", "23 h 59 min". */
export function lengthInWords(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const first = units.findIndex(([, size]) => rest >= size);
  if (first < 0) return "0 s";
  const parts: string[] = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}\u00a0${name}`);
  }
  return parts.join(" ");
}

/** Returns how far a date is away: "in 4 min 32 s", "2 min ago". */
export function distanceInWords(date: number): string {
  const ahead = date - now();
  if (Math.abs(ahead) < 1) return "just now";
  return ahead > 0 ? `in ${lengthInWords(Math.ceil(ahead))}` : `${lengthInWords(-ahead)} ago`;
}
