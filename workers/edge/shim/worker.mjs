// The Worker's entry point.

import module from "./jeton-edge.wasm";
import { Isolate } from "./isolate.mjs";

const isolate = new Isolate(module);

export default {
  fetch: (request, env, context) => isolate.fetch(request, env, context),
};
