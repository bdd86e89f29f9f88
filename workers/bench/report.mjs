// The tables, and what was wanted beside what was reached.

import { availableParallelism } from "node:os";

const figures = {
  "requests/s": (one) => Math.round(one.rate).toLocaleString("en"),
  "p50 ms": (one) => one.p50.toFixed(2),
  "p99 ms": (one) => one.p99.toFixed(2),
  "CPU µs/request": (one) => Math.round(one.cpu).toLocaleString("en"),
};

export function report({ native, workers, first, endurance }) {
  return [
    ...Object.entries(native).flatMap(([what, found]) => table(`${what}, native, SQLite`, found)),
    ...Object.entries(workers).flatMap(([what, found]) => table(`${what}, workerd`, found)),
    "",
    "| first request of a fresh workerd | ms |",
    "|---|--:|",
    ...Object.entries(first).map(([name, time]) => `| ${name} | ${time.toFixed(1)} |`),
    "",
    ...reaches({ native, workers, first, endurance }),
  ].join("\n");
}

function table(title, found) {
  const names = Object.keys(figures);
  return [
    "",
    `| ${title} | ${names.join(" | ")} |`,
    `|---|${"--:|".repeat(names.length)}`,
    ...Object.entries(found).map(([name, one]) => `| ${name} | ${names.map((figure) => figures[figure](one)).join(" | ")} |`),
  ];
}

const inWords = { noop: "a Worker that echoes", edge: "ours", hono: "hono", jose: "jose", syumai: "the stock syumai build" };

/** Ours over the others, as Markdown for those who choose a library. */
export function summary({ native, workers, first, endurance }, { rounds, seconds }) {
  const lines = ["| ours over theirs | requests per second | CPU per request | p99 |", "|---|--:|--:|--:|"];
  const line = (what, ours, theirs) => {
    const ratios = ["rate", "cpu", "p99"].map((figure) => `${(ours[figure] / theirs[figure]).toFixed(2)}x`);
    lines.push(`| ${what} | ${ratios.join(" | ")} |`);
  };
  for (const [what, found] of Object.entries(native)) line(`${what}, native with SQLite, over Django's`, found.jeton, found.django);
  line("verify, native, over a handler that echoes", native.verify.jeton, native.verify.echo);
  for (const other of ["hono", "jose", "syumai"]) {
    for (const [what, found] of Object.entries(workers)) line(`${what}, workerd with D1, over ${inWords[other]}`, found.edge, found[other]);
  }
  const starts = Object.entries(first).map(([name, time]) => `${time.toFixed(0)} ms (${inWords[name]})`).join(", ");
  const held = Object.entries(endurance).map(([where, { requests, warm, end }]) => {
    const [[figure, at]] = Object.entries(end);
    return `${requests.toLocaleString("en")} ${where} (memory ${(warm[figure] / 2 ** 20).toFixed(1)} MiB after a tenth, ${(at / 2 ** 20).toFixed(1)} at the end)`;
  });
  return [
    ...lines,
    "",
    `HS256, 50 connections, medians of ${rounds} rounds of ${seconds} s; the load comes from the same ${availableParallelism()} cores. The first request of a fresh workerd: ${starts}.`,
    `Requests in a row, none failed: ${held.join(", ")}.`,
  ];
}

/** What was wanted beside what was reached, as Markdown. */
function reaches({ native, workers, first, endurance }) {
  const lines = ["| what | wanted | reached | |", "|---|---|--:|---|"];
  const line = (what, wanted, got, met) => lines.push(`| ${what} | ${wanted} | ${got} | ${met ? "met" : "**missed**"} |`);
  const times = (value) => `${value.toFixed(2)}x`;
  for (const what of ["refresh", "verify"]) {
    const { django, jeton } = native[what];
    line(`${what}, native: requests per second beside Django`, "30x", times(jeton.rate / django.rate), jeton.rate >= 30 * django.rate);
    line(`${what}, native: p99 beside Django's`, "0.1x", times(jeton.p99 / django.p99), jeton.p99 <= django.p99 / 10);
  }
  const { jeton, echo } = native.verify;
  line("verify, native: CPU time beside a handler that echoes", "1.5x", times(jeton.cpu / echo.cpu), jeton.cpu <= 1.5 * echo.cpu);
  line("verify, native: echo's requests per second beside ours", "1.5x", times(echo.rate / jeton.rate), echo.rate <= 1.5 * jeton.rate);
  for (const [what, { edge, hono, jose }] of Object.entries(workers)) {
    const least = Math.min(hono.cpu, jose.cpu);
    line(`${what}, workerd: CPU time beside the better of hono and jose`, "1x", times(edge.cpu / least), edge.cpu <= least);
  }
  line("first request of a fresh workerd beside noop's", "2.5x", times(first.edge / first.noop), first.edge <= 2.5 * first.noop);
  for (const [where, { requests, warm, end, rotations }] of Object.entries(endurance)) {
    line(`${where}: requests, all answered`, "no error", requests.toLocaleString("en"), true);
    line(`${where}: rotations, no session lost`, "none lost", rotations.toLocaleString("en"), true);
    for (const name of Object.keys(warm)) {
      const growth = end[name] - warm[name];
      line(`${where}: ${name} memory, growth after the first tenth`, "flat", `${(growth / 2 ** 20).toFixed(1)} MiB of ${(end[name] / 2 ** 20).toFixed(1)}`, growth <= warm[name] / 10);
    }
  }
  return lines;
}
