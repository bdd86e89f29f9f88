// The tables, and what was wanted beside what was reached.

/** The contestant that the others of a row are held against: the form that a program with many tokens uses. */
const ours = { "HS256 verify": "jeton verifySync", "HS256 sign": "jeton encodeSync" };

const oursIn = (row) => ours[row] ?? "jeton verify";

/** How many times faster than each library ours was to be, wherever the library runs. */
const wanted = { jose: 6, "fast-jwt": 1.3, jsonwebtoken: 3, tsndr: 3, hono: 3 };

const ratio = (number) => `${number.toFixed(2)}x`;
const bytes = (number) => `${number.toLocaleString("en")} bytes`;

export function report(results) {
  return [...results.hosts.flatMap(tables), ...firstTable(results.first), ...memoryLines(results.memory), ...reaches(results)].join("\n");
}

/** How many times as long as ours each library takes, as Markdown. */
export function summary({ hosts, first }, { rounds }) {
  const names = Object.keys(wanted);
  const lines = [`| | ${names.join(" | ")} | subtle alone |`, `|---|${"---|".repeat(names.length + 1)}`];
  for (const { host, rows } of hosts) {
    for (const [row, found] of Object.entries(rows)) {
      const own = found[oursIn(row)];
      if (own === undefined) continue;
      const alone = found["subtle.verify"] ?? found["subtle.sign"];
      const cells = [...names.map((name) => found[name]), alone].map((time) => (time === undefined ? "–" : ratio(time / own)));
      lines.push(`| ${row}, ${host} | ${cells.join(" | ")} |`);
    }
  }
  const starts = Object.entries(first).map(([host, { slim, jose }]) => `${slim.toFixed(0)} ms in ${host} (jose ${jose.toFixed(0)})`);
  return [...lines, "", `Medians of ${rounds} interleaved rounds. The first verified token from nothing: ${starts.join(", ")}.`];
}

function tables({ host, rows }) {
  const lines = [];
  for (const [row, found] of Object.entries(rows)) {
    const own = found[oursIn(row)];
    lines.push("", `${row}, ${host}`);
    for (const [name, time] of Object.entries(found).sort(([, a], [, b]) => a - b)) {
      const compared = own === undefined ? "" : `   ${ratio(time / own).padStart(8)} to ours`;
      lines.push(`  ${name.padEnd(18)} ${time.toFixed(3).padStart(10)} µs${compared}`);
    }
  }
  return lines;
}

function firstTable(first) {
  const lines = ["", "First verified token from nothing, median"];
  for (const [host, found] of Object.entries(first)) {
    for (const [name, time] of Object.entries(found)) lines.push(`  ${host.padEnd(10)} ${name.padEnd(8)} ${time.toFixed(1).padStart(8)} ms`);
  }
  return lines;
}

function memoryLines({ times, ...builds }) {
  const lines = ["", `Memory of the module over ${times.toLocaleString("en")} HS256 verifications`];
  for (const [build, { start, end }] of Object.entries(builds)) lines.push(`  ${build.padEnd(8)} ${bytes(start)} at first, ${bytes(end)} at last`);
  return lines;
}

function reaches({ hosts, first, memory }) {
  const list = [];
  for (const { host, rows } of hosts) {
    for (const row of Object.keys(ours)) {
      for (const [name, least] of Object.entries(wanted)) {
        if (rows[row][name] !== undefined) list.push(atLeast(`${row}, ${host}: times as fast as ${name}`, rows[row][name] / rows[row][ours[row]], least));
      }
    }
    for (const [row, found] of Object.entries(rows)) {
      if (row in ours || found["subtle.verify"] === undefined) continue;
      list.push(atLeast(`${row}, ${host}: times as fast as jose`, found.jose / found["jeton verify"], 1));
      list.push(atMost(`${row}, ${host}: times the time of subtle.verify`, found["jeton verify"] / found["subtle.verify"], 1.15));
    }
    list.push(atMost(`empty call, ${host}: ns`, rows["empty call"].jeton_abi * 1000, 50));
  }
  list.push(atMost("first verified token, slim, Node: ms", first.node.slim, 15));
  list.push(atMost("first verified token, slim, Chromium: ms", first.chromium.slim, 50));
  list.push(atMost("memory of slim at first: MB", memory.slim.start / 1e6, 2));
  list.push(atMost("memory of slim, growth in bytes", memory.slim.end - memory.slim.start, 0));
  return ["", "Wanted and reached", ...list];
}

const atLeast = (what, got, least) => line(what, got, `at least ${least}`, got >= least);
const atMost = (what, got, most) => line(what, got, `at most ${most}`, got <= most);

function line(what, got, bound, reached) {
  return `  ${reached ? "yes" : "NO "} ${what}: ${Number(got.toFixed(2))}, wanted ${bound}`;
}
