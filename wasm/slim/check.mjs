// Says whether the small module can be built here: exit status 0, or 3 with what to install.

import { fileURLToPath } from "node:url";
import { findTinyGo, TinyGoMissing } from "./tinygo.mjs";

try {
  findTinyGo(fileURLToPath(new URL("../../.cache", import.meta.url)));
} catch (error) {
  if (!(error instanceof TinyGoMissing)) throw error;
  console.error(`The small module is not built: ${error.message}`);
  process.exit(3);
}
