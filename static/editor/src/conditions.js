// Completion while typing a condition of a Falco rule. The words come from the engine, which knows the fields, the operators
// and the macros of the rules; here is only where in the text a condition is.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { keymap } from "@codemirror/view";

// How CodeMirror calls the kinds of words, for the sign in front of them.
const TYPES = {
  field: "property",
  operator: "keyword",
  function: "function",
  macro: "variable",
  list: "enum",
  event: "constant",
};

// Lines that are looked at above the cursor to find the key that it belongs to.
const FAR = 200;

/** The words as options of the list: those of the rules themselves first, types of events last. */
export function options(words) {
  return words.map(({ name, kind, about }) => ({
    label: name,
    type: TYPES[kind],
    ...(about && { detail: about }),
    boost: kind === "macro" ? 2 : kind === "event" ? -2 : 0,
  }));
}

/** The key whose value a place is in, if it is one of those that hold field names; else null. */
export function keyAt(doc, pos) {
  let line = doc.lineAt(pos);
  let before = line.text.slice(0, pos - line.from);
  let column = Infinity;
  for (let n = 0; n < FAR; n++) {
    const key = /^(\s*(?:- +)?)([\w-]+):(?=\s|$)/.exec(before);
    if (key && key[1].length < column) return ["condition", "output"].includes(key[2]) ? key[2] : null;
    const indent = before.search(/\S/);
    if (indent >= 0) column = Math.min(column, indent + 1);
    if (line.number === 1) return null;
    line = doc.line(line.number - 1);
    before = line.text;
  }
  return null;
}

/** What may stand at the cursor; null where no condition or output is. */
export function complete(words) {
  let known = null;
  let list = [];
  return (context) => {
    const current = words();
    if (!current) return null;
    if (current !== known) {
      known = current;
      list = options(current);
    }
    const key = keyAt(context.state.doc, context.pos);
    if (key === null) return null;
    const word = context.matchBefore(key === "output" ? /%[\w.]*/ : /[\w.]+|[!<>=]+/);
    if (!word && !context.explicit) return null;
    // In an output a field stands behind a percent sign.
    if (key === "output") {
      if (!word) return null;
      const fields = list.filter((option) => option.type === "property");
      return { from: word.from + 1, options: fields, validFor: /^[\w.]*$/ };
    }
    return { from: word?.from ?? context.pos, options: list, validFor: /^[\w.]*$/ };
  };
}

/** The extension. `words()` gives the words, or null when the text is none of Falco's rules. */
export function conditions(words) {
  return [
    // Nothing is chosen until an arrow key is pressed, so that Enter ends a line as ever.
    autocompletion({
      override: [complete(words)],
      selectOnOpen: false,
      icons: false,
      maxRenderedOptions: 60,
      defaultKeymap: false,
    }),
    keymap.of(completionKeymap),
  ];
}
