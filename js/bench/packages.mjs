// How many bytes of a module's code belong to which Go package, by the names that a build with debug information keeps.

const codeSection = 10;
const dataSection = 11;
const importSection = 2;
const customSection = 0;
const functionNames = 1;

/** Reads the numbers and texts of a module, one after another. */
class Reader {
  #bytes;
  at = 0;

  constructor(bytes, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.#bytes[this.at++];
  }

  /** An unsigned number of up to 32 bits (LEB128). */
  number() {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      number += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return number;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.#bytes.toString("utf8", this.at - length, this.at);
  }
}

/**
 * Returns the size of the code of each package, the largest first, how many pieces of data there are, and the sizes of the sections.
 *
 * @param bytes the module, with its name section
 */
export function sizesByPackage(bytes) {
  const reader = new Reader(bytes, 8);
  let imported = 0;
  let sizes = [];
  let names = new Map();
  let data = 0;
  const sections = {};
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const length = reader.number();
    const end = reader.at + length;
    if (id === importSection) imported = countImports(reader);
    if (id === codeSection) [sections.code, sizes] = [length, functionSizes(reader)];
    if (id === dataSection) [sections.data, data] = [length, reader.number()];
    if (id === customSection && reader.text() === "name") names = readNames(reader, end);
    reader.at = end;
  }
  const byPackage = new Map();
  for (const [index, size] of sizes.entries()) {
    const name = packageOf(names.get(imported + index) ?? "");
    byPackage.set(name, (byPackage.get(name) ?? 0) + size);
  }
  return { code: [...byPackage].sort(([, a], [, b]) => b - a), data, sections };
}

/** Counts imported functions, which come first among the numbered ones. The small module imports nothing else. */
function countImports(reader) {
  const count = reader.number();
  for (let i = 0; i < count; i++) {
    const name = `${reader.text()}.${reader.text()}`;
    if (reader.byte() !== 0) throw new Error(`${name} is not a function`);
    reader.number();
  }
  return count;
}

function functionSizes(reader) {
  return Array.from({ length: reader.number() }, () => {
    const size = reader.number();
    reader.at += size;
    return size;
  });
}

function readNames(reader, end) {
  const names = new Map();
  while (reader.at < end) {
    const kind = reader.byte();
    const next = reader.number() + reader.at;
    if (kind === functionNames) {
      for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
    }
    reader.at = next;
  }
  return names;
}

/** Returns the package of a function by TinyGo's name for it: "(*path/to.Type).Method", "path/to.function[…]", or that of an interface's method. */
function packageOf(name) {
  if (name.startsWith("interface:")) return "methods through interfaces";
  const [, found] = /^\(?\*?((?:[\w.-]+\/)*\w+)\./.exec(name) ?? [];
  return found ?? "C library and compiler";
}
