// The hosts that the corpus is run in, each with both modules. A host takes the file of cases and returns what each came to.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { builds } from "../test/cases.mjs";
import { inChromium } from "./chromium.mjs";
import { inWorkerd } from "./workerd.mjs";

const run = promisify(execFile);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const repository = path("../..");
const slimModule = path("../dist/jeton.wasm");
const program = (name) => path(`../node_modules/.bin/${name}`);

/** One test of Go, which reads the cases and writes the outcomes where the environment says. */
function inGo(folder, test) {
  return async (cases) => {
    const directory = await mkdtemp(join(tmpdir(), "jeton-corpus-"));
    const outcomes = join(directory, "outcomes.json");
    try {
      await run("go", ["test", folder, "-count=1", "-run", test], {
        cwd: repository,
        env: { ...process.env, JETON_CORPUS: cases, JETON_OUTCOMES: outcomes, JETON_SLIM_WASM: slimModule },
        maxBuffer: 1 << 26,
      }).catch(({ stdout, stderr }) => {
        throw new Error(`go test ${folder}: ${stdout}${stderr}`);
      });
      return JSON.parse(await readFile(outcomes, "utf8"));
    } finally {
      await rm(directory, { recursive: true });
    }
  };
}

/** A process that is given a build and the file, and prints the outcomes. */
function inProcess(command, flags, environment = {}) {
  return (build) => async (cases) => {
    const { stdout } = await run(command, [...flags, path("process.mjs"), build.build, cases], {
      cwd: repository,
      env: { ...process.env, ...environment },
      maxBuffer: 1 << 28,
    });
    return JSON.parse(stdout);
  };
}

const javaScript = [
  { name: "Node", in: inProcess(process.execPath, []) },
  { name: "Chromium", in: inChromium },
  {
    name: "Deno",
    in: inProcess(program("deno"), ["run", "--no-config", "--no-lock", "--no-remote", "--allow-read"], {
      DENO_DIR: join(repository, ".cache", "deno"),
      DENO_NO_UPDATE_CHECK: "1",
    }),
  },
  { name: "Bun", in: inProcess(program("bun"), ["run", "--no-install"], { DO_NOT_TRACK: "1" }) },
  { name: "workerd", in: inWorkerd },
];

/** @type {{ name: string, run(cases: string): Promise<import("./outcomes.mjs").Outcome[]> }[]} */
export const hosts = [
  { name: "Go", run: inGo("./core", "^TestCorpusFile$") },
  ...builds.map(({ build }) => ({ name: `wazero, ${build}`, run: inGo("./wasm", `^TestCorpusFile$/^${build}$`) })),
  ...javaScript.flatMap((host) => builds.map((build) => ({ name: `${host.name}, ${build.build}`, run: host.in(build) }))),
];
