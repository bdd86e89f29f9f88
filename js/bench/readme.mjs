// Measured tables in a Markdown file: what stands between <!-- NAME --> and <!-- /NAME --> is written by the benchmark alone.

import { readFileSync, writeFileSync } from "node:fs";

/**
 * Replaces the section of that name.
 *
 * @param {string} file
 * @param {string} name
 * @param {string[]} lines
 */
export function writeSection(file, name, lines) {
  const text = readFileSync(file, "utf8");
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [start, stop] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (start < begin.length || stop < start) throw new Error(`${file} has no section ${name}`);
  writeFileSync(file, `${text.slice(0, start)}${lines.join("\n")}\n${text.slice(stop)}`);
}
