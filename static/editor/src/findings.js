// Findings in the text: underlines, marks in the gutter, a card on hover, and the quick fix at the cursor.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { english as foreign, say } from "../../share/say.js";

const RANK = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };
const SAFETY = {
  safe: () => say("safe"),
  "changes-behaviour": () => say("changes behaviour"),
  "needs-review": () => say("needs review"),
};
const SEVERITY = {
  critical: () => say("critical"),
  high: () => say("high"),
  medium: () => say("medium"),
  low: () => say("low"),
  info: () => say("info"),
};

/** Replaces all findings of the document; offsets are the document's. */
export const setFindings = StateEffect.define();

const pin = StateEffect.define();

// The underlines know their finding, so that they move with the text until the next analysis.
const underlines = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    marks = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setFindings)) {
        const ranges = effect.value.map((finding) => mark(finding, transaction.state.doc)).filter(Boolean);
        marks = Decoration.set(ranges, true);
      }
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function mark(finding, doc) {
  let { from, to } = finding;
  // An underline needs something to stand under: the next character, or at the end of a line the one before.
  if (from === to) to = Math.min(doc.lineAt(from).to, from + 1);
  if (from === to) from = Math.max(0, from - 1);
  if (from === to) return null;
  // A block of many lines is marked where it begins.
  const line = doc.lineAt(from);
  if (to > line.to && line.to > from) to = line.to;
  return Decoration.mark({ class: `wt-mark wt-${finding.severity}`, finding }).range(from, to);
}

/** The findings that touch a stretch, the worst first. */
export function diagnosticsOf(state, from, to) {
  const found = [];
  state.field(underlines).between(from, to, (start, end, value) => {
    found.push({ start, end, finding: value.spec.finding });
  });
  return found.sort((a, b) => RANK[b.finding.severity] - RANK[a.finding.severity]);
}

class Mark extends GutterMarker {
  constructor(severity, count) {
    super();
    this.severity = severity;
    this.count = count;
    this.lang = document.documentElement.lang;
  }
  eq(other) {
    return this.severity === other.severity && this.count === other.count && this.lang === other.lang;
  }
  toDOM() {
    const dot = document.createElement("span");
    dot.className = `wt-dot wt-${this.severity}`;
    const values = { count: this.count, severity: SEVERITY[this.severity]() };
    dot.title = this.count === 1 ? say("1 finding, {severity}", values) : say("{count} findings, worst {severity}", values);
    return dot;
  }
}

const marks = StateField.define({
  create: () => RangeSet.empty,
  update(set, transaction) {
    const fresh = transaction.effects.some((effect) => effect.is(setFindings));
    if (!fresh && !transaction.docChanged) return set;
    const doc = transaction.state.doc;
    const lines = new Map();
    transaction.state.field(underlines).between(0, doc.length, (from, _to, value) => {
      const line = doc.lineAt(from).from;
      const old = lines.get(line);
      const { severity } = value.spec.finding;
      const worse = !old || RANK[severity] > RANK[old.severity];
      lines.set(line, { severity: worse ? severity : old.severity, count: (old?.count ?? 0) + 1 });
    });
    return RangeSet.of(
      [...lines].map(([line, { severity, count }]) => new Mark(severity, count).range(line)),
      true,
    );
  },
});

// The card that stays until it is closed, opened by key or by a click in the gutter.
const pinned = StateField.define({
  create: () => null,
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(pin)) tooltip = effect.value;
    if (transaction.docChanged) return null;
    return tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

/** The extension. `on` is told what was chosen. */
export function findings(on) {
  return [
    underlines,
    marks,
    pinned,
    gutter({
      class: "wt-gutter",
      markers: (view) => view.state.field(marks),
      initialSpacer: () => new Mark("info", 1),
      domEventHandlers: {
        click(view, line) {
          return open(view, line.from, line.to, on);
        },
      },
    }),
    hoverTooltip(
      (view, at) => {
        if (view.state.field(pinned)) return null;
        const found = diagnosticsOf(view.state, at, at);
        if (found.length === 0) return null;
        const pos = Math.min(...found.map(({ start }) => start));
        return { pos, above: true, create: () => ({ dom: card(view, found, on, false) }) };
      },
      { hoverTime: 250 },
    ),
    keymap.of([
      { key: "Mod-.", run: (view) => quickFix(view, on), preventDefault: true },
      { key: "F8", run: (view) => next(view, 1, on), shift: (view) => next(view, -1, on), preventDefault: true },
      { key: "Escape", run: close },
    ]),
  ];
}

function quickFix(view, on) {
  const { head } = view.state.selection.main;
  const line = view.state.doc.lineAt(head);
  const exact = diagnosticsOf(view.state, head, head);
  if (exact.length > 0) return pinCard(view, exact, on);
  if (!open(view, line.from, line.to, on)) on.say(say("No finding on this line. F8 goes to the next one."));
  return true;
}

function open(view, from, to, on) {
  const doc = view.state.doc;
  const found = diagnosticsOf(view.state, from, to).filter(({ start }) => doc.lineAt(start).from === from);
  return found.length > 0 && pinCard(view, found, on);
}

function pinCard(view, found, on) {
  const pos = Math.min(...found.map(({ start }) => start));
  const dom = card(view, found, on, true);
  view.dispatch({
    effects: pin.of({
      pos,
      above: false,
      create: () => ({ dom, mount: () => (dom.querySelector("button") ?? dom).focus() }),
    }),
  });
  return true;
}

function close(view) {
  if (!view.state.field(pinned)) return false;
  view.dispatch({ effects: pin.of(null) });
  view.focus();
  return true;
}

function next(view, direction, on) {
  const all = diagnosticsOf(view.state, 0, view.state.doc.length).sort((a, b) => a.start - b.start);
  if (all.length === 0) {
    on.say(say("There are no findings in this text."));
    return true;
  }
  const { from } = view.state.selection.main;
  const after = direction > 0 ? all.find((one) => one.start > from) : all.findLast((one) => one.start < from);
  const target = after ?? all.at(direction > 0 ? 0 : -1);
  view.dispatch({ selection: { anchor: target.start, head: target.end }, scrollIntoView: true });
  const { severity, what } = target.finding;
  const line = view.state.doc.lineAt(target.start).number;
  on.say(say("Line {line}, {severity}: {what}", { line, severity: SEVERITY[severity](), what }));
  return true;
}

// Everything that came from the text is set as text: nothing pasted becomes markup.
function card(view, found, on, focusable) {
  const dom = element("div", "wt-card");
  dom.setAttribute("role", focusable ? "dialog" : "tooltip");
  if (focusable) dom.setAttribute("aria-label", say("Findings here"));
  for (const { finding } of found.slice(0, 5)) {
    const item = element("div", "wt-item");
    const head = element("div", "wt-head");
    head.append(element("span", `wt-badge wt-${finding.severity}`, SEVERITY[finding.severity]()), english(element("strong", "", finding.title)));
    item.append(head, english(element("p", "", finding.what)));
    if (finding.why) item.append(english(element("p", "wt-why", finding.why)));
    if (finding.how) item.append(english(element("p", "wt-how", finding.how)));
    const row = element("div", "wt-actions");
    finding.fixes.forEach((fix, place) => {
      const button = element("button", "wt-fix");
      button.type = "button";
      button.append(english(element("span", "", fix.title)));
      button.append(element("span", `wt-safety wt-${fix.safety}`, SAFETY[fix.safety]()));
      button.addEventListener("click", () => {
        close(view);
        view.focus();
        on.fix(finding.id, place);
      });
      row.append(button);
    });
    const more = element("button", "wt-more", say("Details"));
    more.type = "button";
    more.addEventListener("click", () => {
      close(view);
      on.open(finding.id);
    });
    row.append(more);
    item.append(row);
    dom.append(item);
  }
  if (found.length > 5) dom.append(element("p", "wt-why", say("And {count} more on the right.", { count: found.length - 5 })));
  dom.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(view);
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const buttons = [...dom.querySelectorAll("button")];
      const here = buttons.indexOf(dom.getRootNode().activeElement);
      const step = event.key === "ArrowDown" ? 1 : -1;
      buttons[(here + step + buttons.length) % buttons.length].focus();
      event.preventDefault();
    }
  });
  return dom;
}

// What the engine says is English whatever the page speaks.
function english(made) {
  if (foreign()) made.lang = foreign();
  return made;
}

function element(name, classes, text) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}
