// Which data of a program its functions need. The linker has written down every place that holds an address, and what stands
// there (`build.rs` of the crate asks it to); the format is that of WebAssembly's tool conventions, "Linking".
import { Reader, sections } from "./program.mjs";

const DATA_SECTION = 11;
const SYMBOL_TABLE = 8;
const SYMBOL = { data: 1, section: 3 };
const UNDEFINED = 0x10;
const NAMED = 0x40;
/** A number that the linker has given a name, and no data. */
const ABSOLUTE = 0x200;
/** Kinds of places that hold an address of data, in code and in data: R_WASM_MEMORY_ADDR_LEB, _SLEB and _I32, and relative ones. */
const ADDRESSES = new Set([3, 4, 5, 11, 23]);
/** Kinds that say besides the symbol how far behind it: those, offsets of functions and sections, and what other programs have. */
const WITH_ADDEND = new Set([...ADDRESSES, 8, 9, 14, 15, 16, 17, 21, 22, 25]);
/** As many zeros end a segment: one more costs about as much. */
const GAP = 16;

/** What a linked program says of its data. */
export class Data {
  #image;
  #from;
  /** Symbols, by address. */
  #symbols;
  /** Symbols by the numbers that stand for them in code. */
  #meant = new Map();
  /** Addresses in data: where they stand, and the symbol. */
  #links = [];

  constructor(program) {
    const found = new Map(sections(program).map((section) => [section.name ?? section.id, section.bytes]));
    const data = found.get(DATA_SECTION);
    const linking = found.get("linking");
    const inCode = found.get("reloc.CODE");
    const inData = found.get("reloc.DATA");
    if (!data || !linking || !inCode || !inData) throw new Error("the program has been linked without --emit-relocs");
    const segments = readSegments(data);
    this.#from = segments[0].address;
    const last = segments.at(-1);
    this.#image = Buffer.alloc(last.address + last.bytes.length - this.#from);
    for (const { address, bytes } of segments) bytes.copy(this.#image, address - this.#from);

    const symbols = readSymbols(linking, segments);
    this.#symbols = symbols.filter((symbol) => symbol?.size > 0).sort((a, b) => a.address - b.address);
    for (const { kind, symbol, addend } of readRelocations(inCode)) {
      if (!ADDRESSES.has(kind) || !symbols[symbol]) continue;
      const number = symbols[symbol].address + addend;
      if (!this.#meant.has(number)) this.#meant.set(number, new Set());
      this.#meant.get(number).add(symbols[symbol]);
    }
    for (const { kind, at, symbol, addend } of readRelocations(inData)) {
      if (!ADDRESSES.has(kind) || !symbols[symbol]) continue;
      const place = segments.find(({ begin, bytes }) => at >= begin && at < begin + bytes.length);
      if (!place || data.readUInt32LE(at) !== symbols[symbol].address + addend) throw new Error("an address in the data is not what the linker says");
      this.#links.push({ address: place.address + at - place.begin, symbol: symbols[symbol] });
    }
    this.#links.sort((a, b) => a.address - b.address);
  }

  /**
   * The data in two: what the functions of a part may read, by all the numbers in them, and the rest. Both as segments, an
   * address and bytes each. What no function of the whole module seems to read is needed too: the optimiser may have written
   * its address in a way that is not known here. That it writes one so in a single place is what the tests look for, which
   * compare what the parts do with what the whole does.
   */
  split(part, whole) {
    const read = this.#reached(this.#named(numbers(whole)));
    const unseen = [...this.#meant.values()].flatMap((symbols) => [...symbols]).filter((symbol) => !read.has(symbol));
    const needed = this.#reached([...this.#named(numbers(part)), ...unseen]);
    const here = Buffer.alloc(this.#image.length, 1);
    for (const { address, size } of this.#symbols) here.fill(0, address - this.#from, address - this.#from + size);
    for (const { address, size } of needed) here.fill(1, address - this.#from, address - this.#from + size);
    const only = (kept) => this.#image.map((byte, at) => (here[at] === kept ? byte : 0));
    // What is needed is there first, and zeros of the rest must not be written over it.
    return { needed: this.#segments(only(1), () => false), rest: this.#segments(only(0), (at) => here[at] === 1) };
  }

  /** The symbols that numbers in code may stand for. */
  #named(numbers) {
    const named = new Set();
    for (const number of numbers) {
      // The optimiser may write a subtraction as an addition.
      for (const address of [number, -number]) {
        const meant = this.#meant.get(address);
        for (const symbol of meant ?? []) named.add(symbol);
        // What is not the linker's may be an address that the optimiser has added to.
        for (const symbol of this.#around(address, meant ? 0 : 1)) named.add(symbol);
      }
    }
    return named;
  }

  /** Those and all whose addresses stand in them. */
  #reached(symbols) {
    const reached = new Set(symbols);
    for (const { address, size } of reached) {
      for (let at = this.#linksFrom(address); this.#links[at]?.address < address + size; at += 1) reached.add(this.#links[at].symbol);
    }
    return reached;
  }

  #linksFrom(address) {
    let low = 0;
    let high = this.#links.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#links[middle].address < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The symbols that an address is in, or is less than so many bytes behind. */
  #around(address, behind) {
    if (address < this.#from || address > this.#from + this.#image.length) return [];
    return this.#symbols.filter((symbol) => address >= symbol.address && address < symbol.address + symbol.size + behind);
  }

  /** The parts of an image that are not zero; `ends` says of a zero that no segment may cover it. */
  #segments(image, ends) {
    const found = [];
    let from = null;
    let zeros = 0;
    for (let at = 0; at <= image.length; at += 1) {
      if (at < image.length && image[at] !== 0) {
        from ??= at;
        zeros = 0;
      } else if (from !== null) {
        zeros += 1;
        if (zeros < GAP && at < image.length && !ends(at)) continue;
        found.push({ address: this.#from + from, bytes: image.subarray(from, at - zeros + 1) });
        from = null;
        zeros = 0;
      }
    }
    return found;
  }
}

/** All numbers of 32 bits in a module: constants, halves of longer ones, and what loads and stores add to an address. */
function numbers(module) {
  const found = new Set();
  for (const [, short, offset, long] of module.emitText().matchAll(/i32\.const (-?\d+)|offset=(\d+)|i64\.const (-?\d+)/g)) {
    if (long === undefined) {
      found.add(Number(short ?? offset));
    } else {
      // An address and a length beside each other are written at once.
      found.add(Number(BigInt.asIntN(32, BigInt(long)))).add(Number(BigInt.asIntN(32, BigInt(long) >> 32n)));
    }
  }
  return found;
}

function readSegments(bytes) {
  const read = new Reader(bytes);
  return Array.from({ length: read.natural() }, () => {
    // An active segment of the one memory, at a constant: all that the linker writes.
    if (read.natural() !== 0 || read.byte() !== 0x41) throw new Error("a segment of data that is not at a fixed place");
    const address = read.integer();
    read.byte();
    const size = read.natural();
    const begin = read.at;
    read.at += size;
    return { address, begin, bytes: bytes.subarray(begin, read.at) };
  });
}

/** The symbols by number: address and size of those that are data, nothing for all others. */
function readSymbols(bytes, segments) {
  const read = new Reader(bytes);
  read.natural();
  while (!read.done()) {
    const kind = read.byte();
    const end = read.natural() + read.at;
    if (kind === SYMBOL_TABLE) return Array.from({ length: read.natural() }, () => readSymbol(read, segments));
    read.at = end;
  }
  throw new Error("the program has no table of symbols");
}

function readSymbol(read, segments) {
  const kind = read.byte();
  const flags = read.natural();
  if (kind === SYMBOL.section) {
    read.natural();
  } else if (kind !== SYMBOL.data) {
    read.natural();
    if (!(flags & UNDEFINED) || flags & NAMED) read.text();
  } else {
    read.text();
    if (flags & UNDEFINED) return null;
    const segment = segments[read.natural()];
    const offset = read.natural();
    const size = read.natural();
    return flags & ABSOLUTE ? null : { address: segment.address + offset, size };
  }
  return null;
}

function readRelocations(bytes) {
  const read = new Reader(bytes);
  read.natural();
  return Array.from({ length: read.natural() }, () => {
    const kind = read.byte();
    return { kind, at: read.natural(), symbol: read.natural(), addend: WITH_ADDEND.has(kind) ? read.integer() : 0 };
  });
}
