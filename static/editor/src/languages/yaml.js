// YAML and JSON for the eye: colours, folding and indentation, line by line. Files of AppArmor profiles are told by their
// first line and coloured beside it. There is no syntax tree: a text may be nested twenty thousand levels deep, and a tree
// would have to be walked by recursion. What the text means is the engine's to say.
import { foldService, indentService, indentUnit, StreamLanguage } from "@codemirror/language";
import * as apparmor from "./apparmor.js";

const DOCUMENT = /^(?:---|\.\.\.)(?=\s|$)/;
const ENTRY = /^[-?](?=\s|$)/;
const COLON = /^:(?=[\s,[\]{}]|$)/;
const ANCHOR = /^[&*][^\s,[\]{}]+/;
const TAG = /^![^\s,[\]{}]*/;
const BLOCK = /^[|>][-+0-9]*(?=\s*(?:#.*)?$)/;
const QUOTED_KEY = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?=\s*:)/;
const REST = { '"': /^(?:[^"\\]|\\.)*("?)/, "'": /^(?:[^']|'')*('?)/ };
// As go-yaml reads them, which is what Kubernetes does.
const CONSTANT = /^(?:true|false|yes|no|on|off|null|~)$/i;
const NUMBER = /^[-+]?(?:0x[0-9a-f_]+|0b[01_]+|0o?[0-7_]+|\.inf|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?)$|^\.nan$/i;

const parser = {
  name: "yaml",
  startState: () => ({
    // The quote that an unfinished string began with.
    quote: null,
    // The column that the lines of a block scalar stand right of, while inside one.
    block: null,
    // The column of the key or dash that was read last.
    parent: -1,
    // How many flow brackets are open.
    flow: 0,
    // Whether the text is a file of AppArmor profiles; not known before a line says anything.
    profiles: null,
  }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.profiles === null && stream.sol() && !/^\s*(?:#(?!include\b).*)?$/.test(stream.string)) {
      state.profiles = apparmor.begins(stream.string);
    }
    if (state.profiles) return apparmor.token(stream);
    if (stream.sol() && !startsLine(stream, state)) return "string";
    if (state.quote) return string(stream, state);
    if (stream.eatSpace()) return null;
    const column = stream.column();
    if (stream.peek() === "#" && (stream.pos === 0 || /\s/.test(stream.string[stream.pos - 1]))) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.pos === 0 && (stream.match(DOCUMENT) || stream.match(/^%.*/))) return "meta";
    if (state.flow === 0 && stream.match(ENTRY)) {
      state.parent = column;
      return "punctuation";
    }
    if (stream.match(COLON)) return "punctuation";
    if (stream.match(ANCHOR)) return "labelName";
    if (stream.match(TAG)) return "typeName";
    if (state.flow === 0 && stream.match(BLOCK)) {
      state.block = state.parent;
      return "meta";
    }
    if (stream.match(QUOTED_KEY)) return key(state, column);
    if (stream.match(/^["']/)) {
      state.quote = stream.current();
      return string(stream, state);
    }
    const bracket = stream.match(/^[[\]{},]/);
    if (bracket) {
      if ("[{".includes(bracket[0])) state.flow += 1;
      else if (bracket[0] !== ",") state.flow = Math.max(0, state.flow - 1);
      return "punctuation";
    }
    return plain(stream, state, column);
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["[", "{", '"', "'"] } },
};

/** Looks whether a line goes on with a block scalar; if so it is passed over, and the answer is false. */
function startsLine(stream, state) {
  if (state.block === null) return true;
  if (stream.indentation() > state.block || /^\s*$/.test(stream.string)) {
    stream.skipToEnd();
    return false;
  }
  state.block = null;
  return true;
}

function string(stream, state) {
  const rest = stream.match(REST[state.quote]);
  if (rest?.[1]) state.quote = null;
  else stream.skipToEnd();
  return "string";
}

function key(state, column) {
  if (state.flow === 0) state.parent = column;
  return "propertyName";
}

/** A plain scalar, up to what ends it: a colon before a space, a comment, and within brackets a comma or bracket. */
function plain(stream, state, column) {
  const { string, pos } = stream;
  let end = pos;
  for (; end < string.length; end++) {
    const next = string[end + 1] ?? " ";
    if (string[end] === ":" && (/\s/.test(next) || (state.flow > 0 && ",[]{}".includes(next)))) break;
    if (string[end] === "#" && /\s/.test(string[end - 1] ?? "")) break;
    if (state.flow > 0 && ",[]{}".includes(string[end])) break;
  }
  const text = string.slice(pos, end).trimEnd();
  stream.pos = pos + Math.max(1, text.length);
  if (string[end] === ":") return key(state, column);
  if (CONSTANT.test(text)) return "bool";
  return NUMBER.test(text) ? "number" : "content";
}

// Lines that a fold is looked for in; a longer stretch does not fold.
const FOLD = 10_000;

const folding = foldService.of((state, from) => {
  const line = state.doc.lineAt(from);
  const indent = indentation(line.text);
  if (indent === null || line.number === state.doc.lines) return null;
  const list = /:\s*$/.test(line.text);
  let end = null;
  let at = line.to + 1;
  let looked = 0;
  for (const text of state.doc.iterLines(line.number + 1)) {
    if ((looked += 1) > FOLD) return null;
    const own = indentation(text);
    if (own !== null) {
      // Items of a list may stand at the column of the key that they belong to.
      const inside = own > indent || (own === indent && list && /^\s*-(\s|$)/.test(text));
      if (!inside) break;
      end = at + text.length;
    }
    at += text.length + 1;
  }
  return end === null ? null : { from: line.to, to: end };
});

/** The column of a line's first character; none for an empty line. */
function indentation(text) {
  const column = text.search(/\S/);
  return column < 0 ? null : column;
}

const indenting = indentService.of((context, at) => {
  const before = context.lineAt(at, -1);
  const line = before.from < at ? before : context.state.doc.lineAt(Math.max(0, at - 1));
  const text = line.text.slice(0, at - line.from);
  const lead = /^\s*(?:-\s+)*/.exec(text)[0].length;
  if (/^\s*(?:-\s+)*$/.test(text)) return /\S/.test(text) ? lead : null;
  return /(?::|[|>][-+0-9]*|[[{])\s*$/.test(text) ? lead + context.state.facet(indentUnit).length : lead;
});

export const yaml = [StreamLanguage.define(parser), folding, indenting];
