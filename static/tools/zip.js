// A zip archive with its entries stored as they are: these are small texts.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

/** The archive of `[{ name, text }, …]`; equal names get numbers. */
export function zip(files) {
  const taken = new Set();
  const pieces = [];
  const directory = [];
  let at = 0;
  for (const { name, text } of files) {
    const path = new TextEncoder().encode(free(name.replaceAll(/[/\\]/g, "_"), taken));
    const bytes = new TextEncoder().encode(text);
    // Version 2.0; names in UTF-8; stored; midnight of 1 January 1980, so that equal texts make equal archives.
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [crc(bytes), 4], [bytes.length, 4], [bytes.length, 4]];
    const names = [[path.length, 2], [0, 2]];
    const local = numbers([[0x04034b50, 4], ...common, ...names]);
    // No comment, first disk, no attributes, and where the entry is.
    const rest = [[0, 2], [0, 2], [0, 2], [0, 4], [at, 4]];
    directory.push(numbers([[0x02014b50, 4], [20, 2], ...common, ...names, ...rest]), path);
    pieces.push(local, path, bytes);
    at += local.length + path.length + bytes.length;
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const count = files.length;
  const end = numbers([[0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]]);
  return new Blob([...pieces, ...directory, end], { type: "application/zip" });
}

function free(name, taken) {
  const [, stem, ending] = name.match(/^(.*?)(\.[^.]*)?$/s);
  let wish = name;
  for (let n = 2; taken.has(wish); n++) wish = `${stem}-${n}${ending ?? ""}`;
  taken.add(wish);
  return wish;
}

function numbers(list) {
  return Uint8Array.from(list.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)));
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}
