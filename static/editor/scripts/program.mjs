// What the build does with any program of the page: sections, optimising, and what stands in a module.
import binaryen from "binaryen";

/** What the linker writes down for tools: symbols, and every place that holds an address. No browser needs it. */
const FOR_TOOLS = /^(linking|reloc\..*)$/;
const CUSTOM = 0;

/** Makes a program smaller before faster, for it is downloaded. */
export function optimise(bytes, { names = false } = {}) {
  const module = binaryen.readBinary(withoutTools(bytes));
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  // Functions with one caller are left alone: packed they are smaller, and a browser compiles each when it is first called.
  binaryen.setOneCallerInlineMaxSize(50);
  // Where data stands in the program is needed later, and runs of zeros pack to nothing.
  binaryen.clearPassesToSkip();
  binaryen.addPassToSkip("memory-packing");
  // What is computed twice alike packs to less than a local that keeps it.
  binaryen.addPassToSkip("local-cse");
  binaryen.setDebugInfo(names);
  module.optimize();
  const done = Buffer.from(module.emitBinary());
  module.dispose();
  return done;
}

/** The sections of a binary module (WebAssembly core specification, 5.5.2): number, for a custom one the name, and bytes. */
export function sections(bytes) {
  const read = new Reader(bytes, 8);
  const found = [];
  while (!read.done()) {
    const from = read.at;
    const id = read.byte();
    const size = read.natural();
    const end = read.at + size;
    const name = id === CUSTOM ? read.text() : null;
    found.push({ id, name, whole: bytes.subarray(from, end), bytes: bytes.subarray(read.at, end) });
    read.at = end;
  }
  return found;
}

function withoutTools(bytes) {
  const kept = sections(bytes).filter(({ name }) => !FOR_TOOLS.test(name ?? ""));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]);
}

/** The functions of a module, imports included. */
export function functions(module) {
  return list(module.getNumFunctions(), (at) => module.getFunctionByIndex(at)).map((reference) => ({
    reference,
    ...binaryen.getFunctionInfo(reference),
  }));
}

export function list(count, get) {
  return Array.from({ length: count }, (_, at) => get(at));
}

/** Gives a module these segments of data instead of its own. */
export function setData(module, segments) {
  const memory = module.getMemoryInfo();
  const placed = segments.map(({ address, bytes }) => ({ offset: module.i32.const(address), data: bytes }));
  module.setMemory(memory.initial, memory.max ?? -1, null, placed);
}

/** Numbers and texts as a binary module writes them. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  done() {
    return this.at >= this.bytes.length;
  }

  byte() {
    if (this.done()) throw new Error("a module that ends too early");
    return this.bytes[this.at++];
  }

  /** An unsigned number in LEB128. */
  natural() {
    let number = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      number += (byte & 127) * shift;
      if (byte < 128) return number;
    }
  }

  /** A signed number in LEB128, of at most 32 bits. */
  integer() {
    let number = 0;
    for (let shift = 0; ; ) {
      const byte = this.byte();
      if (shift < 32) number |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) return shift < 32 && byte & 64 ? number | (-1 << shift) : number;
    }
  }

  text() {
    const length = this.natural();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
}
