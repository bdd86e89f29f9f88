import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";

const root = fileURLToPath(new URL("..", import.meta.url));

/** So many cases go into one request: a worker's memory is limited, and each case is parsed there. */
const casesPerRequest = 250;

/** Runs the cases in a Worker over the package's own entry for Workers. */
export function inWorkerd(build) {
  return async (file) => {
    const { cases } = JSON.parse(await readFile(file, "utf8"));
    const workerd = new Miniflare({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
      compatibilityDate: "2026-07-01",
      modulesRoot: root,
      modules: modules(build),
    });
    try {
      await workerd.ready;
      const outcomes = [];
      for (let first = 0; first < cases.length; first += casesPerRequest) {
        const body = JSON.stringify(cases.slice(first, first + casesPerRequest));
        outcomes.push(...(await (await workerd.dispatchFetch("http://worker/", { method: "POST", body })).json()));
      }
      return outcomes;
    } finally {
      await workerd.dispose();
    }
  };
}

function modules(build) {
  const worker = `
    import * as jeton from "./dist/${build.workerd}";
    import { outcomes } from "./corpus/outcomes.mjs";
    export default {
      async fetch(request) {
        return Response.json(await outcomes(jeton, ${JSON.stringify(build)}, await request.json()));
      },
    };`;
  const scripts = readdirSync(`${root}dist`).filter((name) => name.endsWith(".js"));
  return [
    { type: "ESModule", path: `${root}worker.mjs`, contents: worker },
    { type: "ESModule", path: `${root}corpus/outcomes.mjs` },
    ...scripts.map((name) => ({ type: "ESModule", path: `${root}dist/${name}` })),
    ...["jeton.wasm", "jeton-full.wasm"].map((name) => ({ type: "CompiledWasm", path: `${root}dist/${name}` })),
  ];
}
