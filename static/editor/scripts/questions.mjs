// What a first visit asks its worker, packed as `crates/worker/src/pack` packs it. Should that change, the engine's first part
// answers none of these any more, and the build says so.

const TAG = { nothing: 1, true: 3, natural: 4, text: 7, list: 8, end: 10, word: 11, kind: 12 };
/** The settings that the page begins with: level, version, whether `/tmp` may be writable, the node, and what is known of it. */
const NODE = list(word(0), TAG.nothing, TAG.nothing, word(0));
const FACTS = list(TAG.nothing, TAG.nothing, TAG.nothing, TAG.nothing);
const SETTINGS = list(word(2), text("latest"), TAG.true, NODE, FACTS);
const ANALYSE = 0;

/** The question to analyse these files, a name and a text each. */
export function analyse(files) {
  const body = [TAG.kind, ...natural(ANALYSE), list(list(...files.map(({ name, text: content }) => list(text(name), text(content)))), SETTINGS)];
  return Uint8Array.from(list(TAG.natural, natural(1), body).flat(Infinity));
}

function list(...values) {
  return [TAG.list, ...values, TAG.end].flat(Infinity);
}

function word(number) {
  return [TAG.word, ...natural(number)];
}

function text(content) {
  const bytes = [...Buffer.from(content)];
  return [TAG.text, ...natural(bytes.length), ...bytes];
}

/** Seven bits a byte, the lowest first; all but the last have their highest bit set. */
function natural(number) {
  return number < 128 ? [number] : [(number & 127) | 128, ...natural(number >> 7)];
}
