// A program that verifies tokens by a set behind a URL: "remote-process.mjs URL TOKEN…" prints what each token came to, as JSON. It ends
// by itself, since nothing of the set keeps it alive.

import process from "node:process";
import { remoteKeySet, verify } from "../dist/index.js";

const [url, ...tokens] = process.argv.slice(2);
const keys = remoteKeySet(url, { allowHTTP: true, timeoutDuration: 60 });
const outcomes = await Promise.all(tokens.map((token) => verify(token, keys).then(({ payload }) => payload.sub, ({ code, cause }) => cause?.reason ?? code)));
process.stdout.write(JSON.stringify(outcomes));
