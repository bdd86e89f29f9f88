// Frames: messages across the boundary, fields one after another. Integers are little-endian; bytes and text are a uint32 length and
// that many bytes. README.md says which fields each message has.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A text up to this length is written and read character by character, which takes less than a call of the platform's encoder. */
const LONGEST_BY_CHARACTER = 128;

/** The text of bytes that are short and ASCII, or undefined. */
function readASCII(bytes) {
  if (bytes.length > LONGEST_BY_CHARACTER) return undefined;
  let text = "";
  for (const byte of bytes) {
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

const CELL_NULL = 0;
const CELL_INTEGER = 1;
const CELL_FLOAT = 2;
const CELL_TEXT = 3;
const CELL_BYTES = 4;

/** Builds a frame. */
export class FrameWriter {
  #bytes;
  #view;
  #length = 0;

  /** @param {number} [expected] how long the frame will be, more or less */
  constructor(expected = 1024) {
    this.#bytes = new Uint8Array(expected);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Makes room for n more bytes and returns where they begin. */
  #grow(n) {
    const start = this.#length;
    this.#length += n;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes.fill(0);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }

  uint8(value) {
    const at = this.#grow(1); // which may replace the bytes
    this.#bytes[at] = value;
    return this;
  }

  uint32(value) {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  int64(value) {
    const at = this.#grow(8);
    this.#view.setBigInt64(at, BigInt(value), true);
    return this;
  }

  bytes(value) {
    this.uint32(value.length);
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  text(value) {
    const short = value.length <= LONGEST_BY_CHARACTER;
    return short && this.#characters(value, 0x7f) ? this : this.bytes(encoder.encode(value));
  }

  /** A header field's value: bytes, each of which the platform shows as a character, or text where it has decoded them. */
  headerValue(value) {
    return this.#characters(value, 0xff) ? this : this.text(value);
  }

  /** Adds a text whose characters are bytes up to `last`. Returns false, with nothing added, when one is none. */
  #characters(value, last) {
    const { length } = value;
    const start = this.#grow(4 + length);
    this.#view.setUint32(start, length, true);
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > last) {
        this.#length = start;
        return false;
      }
      this.#bytes[start + 4 + i] = code;
    }
    return true;
  }

  /** A cell of the database, as D1 gives it. */
  cell(value) {
    if (value === null) return this.uint8(CELL_NULL);
    if (typeof value === "string") return this.uint8(CELL_TEXT).text(value);
    if (Number.isSafeInteger(value)) return this.uint8(CELL_INTEGER).int64(value);
    if (typeof value === "number") {
      this.uint8(CELL_FLOAT);
      const at = this.#grow(8);
      this.#view.setFloat64(at, value, true);
      return this;
    }
    if (Array.isArray(value) || value instanceof ArrayBuffer) return this.uint8(CELL_BYTES).bytes(new Uint8Array(value));
    throw new TypeError("the database gave a value of an unknown type");
  }

  /** The frame so far. */
  get frame() {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads a frame's fields in order. Throws a RangeError past its end. */
export class FrameReader {
  #bytes;
  #view;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #advance(n) {
    const start = this.#at;
    if (n > this.#bytes.length - start) throw new RangeError("a frame ends too early");
    this.#at += n;
    return start;
  }

  uint8() {
    return this.#bytes[this.#advance(1)];
  }

  uint32() {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** The next bytes, which share the frame's memory. */
  bytes() {
    const length = this.uint32();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text() {
    const bytes = this.bytes();
    return readASCII(bytes) ?? decoder.decode(bytes);
  }

  /** An argument of a statement. D1 takes numbers, so an integer that no number holds exactly is a RangeError. */
  cell() {
    switch (this.uint8()) {
      case CELL_NULL:
        return null;
      case CELL_INTEGER: {
        const value = Number(this.#view.getBigInt64(this.#advance(8), true));
        if (!Number.isSafeInteger(value)) throw new RangeError("an integer argument is beyond 2^53");
        return value;
      }
      case CELL_TEXT:
        return this.text();
      default:
        throw new TypeError("an argument of an unknown type");
    }
  }
}
