// Lines that something outside of the editor speaks of: the evidence of what was chosen on the map.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

/** Replaces the stretches whose lines are lit: `[{ from, to }, …]`, offsets of the document. */
export const setLit = StateEffect.define();

const line = Decoration.line({ class: "wt-lit" });

/** The lines stay lit while the text moves, until others are. */
export const lit = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    lines = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setLit)) lines = Decoration.set(starts(effect.value, transaction.state.doc).map((at) => line.range(at)));
    }
    return lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Where the lines begin that stretches touch, each once and in order. A block of many lines is lit where it begins. */
function starts(stretches, doc) {
  const found = new Set(stretches.map(({ from }) => doc.lineAt(Math.min(from, doc.length)).from));
  return [...found].sort((a, b) => a - b);
}
