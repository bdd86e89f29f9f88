// The contestants in workerd. The clock inside stands still while a request computes, so each turn is a request, timed from here.

import { Log, LogLevel, Miniflare } from "miniflare";
import { measure, median } from "./rounds.mjs";

export async function inWorkerd(dist, settings) {
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    compatibilityDate: "2026-07-01",
    modulesRoot: dist,
    modules: [{ type: "ESModule", path: `${dist}/worker.js` }, { type: "CompiledWasm", path: `${dist}/jeton.wasm` }],
  });
  try {
    const ask = async (body) => {
      const response = await workerd.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify(body) });
      if (!response.ok) throw new Error(await response.text());
      return response;
    };
    const list = await (await ask({})).json();
    const [[anyRow, [anyone]]] = list;
    const nothing = [];
    for (let i = 0; i < 31; i++) {
      const start = performance.now();
      await (await ask({ row: anyRow, contestant: anyone, times: 0 })).text();
      nothing.push(performance.now() - start);
    }
    const found = {};
    for (const [row, names] of list) {
      const contestants = names.map((contestant) => [contestant, async (times) => void (await (await ask({ row, contestant, times })).text())]);
      found[row] = await measure(Object.fromEntries(contestants), { ...settings, overhead: median(nothing) });
    }
    return { host: "workerd (miniflare 4.20260730.0)", rows: found };
  } finally {
    await workerd.dispose();
  }
}
