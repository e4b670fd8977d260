// What the tests of the editor ask of it, beside the packages that it is made of.
import { foldable, getIndentation, IndentContext } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";
import { yaml } from "../src/languages/yaml.js";

const named = tagHighlighter(
  ["propertyName", "punctuation", "content", "string", "number", "bool", "comment", "meta", "labelName", "typeName"].map(
    (name) => ({ tag: tags[name], class: name }),
  ),
);

/** Every coloured stretch of a text, as `colour:text`. */
export function colours(text) {
  const found = [];
  const tree = yaml[0].parser.parse(text);
  highlightTree(tree, named, (from, to, name) => found.push(`${name}:${text.slice(from, to)}`));
  return found.join(" ");
}

/** The column at which a line begins that is opened after `line`. */
export function indentAfter(line) {
  const state = EditorState.create({ doc: line, extensions: yaml });
  return getIndentation(new IndentContext(state, { simulateBreak: line.length }), line.length) ?? 0;
}

/** The lines of a text that fold, counted from 1, each with the last line that it takes in. */
export function folds(text) {
  const state = EditorState.create({ doc: text, extensions: yaml });
  const found = [];
  for (let number = 1; number <= state.doc.lines; number++) {
    const line = state.doc.line(number);
    const fold = foldable(state, line.from, line.to);
    if (fold) found.push(`${number}-${state.doc.lineAt(fold.to).number}`);
  }
  return found.join(" ");
}
