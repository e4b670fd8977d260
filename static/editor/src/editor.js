// The editor, behind the few functions that the page needs. Texts and offsets cross this border as the page has them;
// what CodeMirror counts differently (every line end is one unit) is converted here and nowhere else.
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { conditions } from "./conditions.js";
import { findings, setFindings } from "./findings.js";
import { lit, setLit } from "./lit.js";
import { yaml } from "./languages/yaml.js";
import { LineEnds } from "./line-ends.js";
import { look } from "./look.js";
import { phrases } from "./phrases.js";
import { say } from "../../share/say.js";

// A pause in typing after which the text is handed over, in milliseconds; longer where handing over is dearer.
const PAUSE = 150;
const PAUSE_LARGE = 400;
const LARGE = 200_000;

/**
 * Puts an editor into `host`, with the file that it shows first and the page's colours, dark or not.
 *
 * `on.change(key, text)` is told of a new text, after a pause in typing and at once after anything else;
 * `on.fix(finding, fix)` that a quick fix was chosen, `on.open(finding)` that more is asked about a finding,
 * `on.say(sentence)` what a screen reader should say.
 */
export function mount(host, on, dark, key, name, text) {
  return new Editor(host, on, dark, key, name, text);
}

/** What an editor says by itself, in the language of the page. */
function spoken(name) {
  const label = say("Text of {name}. Tab indents; Escape and then Tab leaves the editor.", { name });
  return [EditorState.phrases.of(phrases()), EditorView.contentAttributes.of({ "aria-label": label })];
}

class Editor {
  #on;
  #view;
  #root;
  // State and line ends of every open file, by its key; the shown one's state lives in the view.
  #files = new Map();
  #shown = null;
  #timer = null;
  #dark = new Compartment();
  #isDark = false;
  #spoken = new Compartment();
  // Words that complete a condition, and the files that have conditions.
  #words = [];
  #rules = new Set();
  // Another language reaches the file that is shown at once, and the others when they are.
  #language = new MutationObserver(() => this.#refresh());

  constructor(host, on, dark, key, name, text) {
    this.#on = on;
    this.#isDark = dark;
    this.#files.set(key, this.#open(name, text));
    this.#shown = key;
    // In a shadow root CodeMirror adds its styles as constructed style sheets, which the content policy allows.
    this.#root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    this.#root.replaceChildren();
    this.#view = new EditorView({
      root: this.#root,
      parent: this.#root,
      state: this.#files.get(key).state,
      dispatchTransactions: (transactions, view) => this.#update(transactions, view),
    });
    this.#language.observe(document.documentElement, { attributeFilter: ["lang"] });
  }

  /** Shows a file. Its history and place are kept from the last time; a text that differs replaces the old one. */
  show(key, name, text) {
    if (this.#shown !== key) {
      this.flush();
      this.#keep();
      if (!this.#files.has(key)) this.#files.set(key, this.#open(name, text));
      this.#shown = key;
      this.#view.setState(this.#files.get(key).state);
      this.#refresh();
    }
    const file = this.#files.get(key);
    if (file.name !== name) {
      file.name = name;
      this.#refresh();
    }
    if (this.text() !== text) this.apply(key, this.text(), [0, this.text().length, text]);
  }

  /** Forgets a file. */
  close(key) {
    this.#files.delete(key);
    if (this.#shown === key) {
      this.#stop();
      this.#shown = null;
    }
  }

  /** The text of the shown file. */
  text() {
    return this.#view.state.sliceDoc();
  }

  /**
   * Makes edits, given as `[from, to, text, from, to, text, …]`, in one step of the history. Gives "applied", "unknown"
   * for a file that has not been shown yet, or "changed" when the text of the file is not `base` any more.
   */
  apply(key, base, edits) {
    const file = this.#files.get(key);
    if (!file) return "unknown";
    const state = this.#shown === key ? this.#view.state : file.state;
    if (state.sliceDoc() !== base) return "changed";
    const ends = file.ends;
    const offsets = ends.offsets(base);
    const changes = [];
    for (let i = 0; i < edits.length; i += 3) {
      const insert = state.toText(ends.own(edits[i + 2]));
      changes.push({ from: offsets.toDoc(edits[i]), to: offsets.toDoc(edits[i + 1]), insert });
    }
    // What was selected is not the same any more where it is changed: the cursor goes to the beginning of what is new.
    const { from, to } = state.selection.main;
    const isTouched = changes.some((change) => change.from <= to && change.to >= from);
    const first = changes.reduce((least, change) => Math.min(least, change.from), state.doc.length);
    const selection = isTouched ? { anchor: first } : undefined;
    const effects = EditorView.scrollIntoView(first, { yMargin: 40 });
    const spec = { changes, selection, effects, annotations: isolateHistory.of("full"), userEvent: "input.fix" };
    if (this.#shown === key) {
      this.#view.dispatch(spec);
      this.flush();
    } else {
      file.state = state.update(spec).state;
      this.#on.change(key, file.state.sliceDoc());
    }
    return "applied";
  }

  /** Underlines findings: `[{ id, from, to, severity, title, what, why, how, fixes: [{ title, safety }] }, …]` as JSON. */
  setDiagnostics(key, base, json) {
    if (this.#shown !== key || this.text() !== base) return;
    const offsets = this.#files.get(key).ends.offsets(base);
    const length = this.#view.state.doc.length;
    const list = JSON.parse(json).map((finding) => ({
      ...finding,
      from: Math.min(offsets.toDoc(finding.from), length),
      to: Math.min(offsets.toDoc(finding.to), length),
    }));
    this.#view.dispatch({ effects: setFindings.of(list) });
  }

  /** Lights the lines of stretches, given as `[from, to, from, to, …]`; none without any. */
  setLit(key, base, stretches) {
    if (this.#shown !== key || this.text() !== base) return;
    const offsets = this.#files.get(key).ends.offsets(base);
    const list = [];
    for (let i = 0; i < stretches.length; i += 2) {
      list.push({ from: offsets.toDoc(stretches[i]), to: offsets.toDoc(stretches[i + 1]) });
    }
    if (list.length === 0 && this.#view.state.field(lit).size === 0) return;
    this.#view.dispatch({ effects: setLit.of(list) });
  }

  /** The words of conditions, `[{ name, kind, about }, …]` as JSON, and the keys of the files that have some. */
  setWords(json, keys) {
    this.#words = JSON.parse(json);
    this.#rules = new Set(keys);
  }

  /** Selects a stretch and scrolls it into the middle. */
  reveal(key, from, to, focus) {
    if (this.#shown !== key) return;
    const offsets = this.#files.get(key).ends.offsets(this.text());
    const length = this.#view.state.doc.length;
    const anchor = Math.min(offsets.toDoc(from), length);
    const head = Math.min(offsets.toDoc(to), length);
    this.#view.dispatch({
      selection: { anchor, head },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    if (focus) this.#view.focus();
  }

  /** Light or dark. The colours themselves are the page's custom properties. */
  setTheme(dark) {
    if (this.#isDark === dark) return;
    this.#isDark = dark;
    this.#refresh();
  }

  /** Hands the text over now if something has been typed. */
  flush() {
    if (this.#timer === null) return;
    this.#stop();
    this.#on.change(this.#shown, this.text());
  }

  focus() {
    this.#view.focus();
  }

  destroy() {
    this.flush();
    this.#language.disconnect();
    this.#view.destroy();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #keep() {
    const file = this.#files.get(this.#shown);
    if (file) file.state = this.#view.state;
  }

  #update(transactions, view) {
    view.update(transactions);
    const changing = transactions.filter((transaction) => transaction.docChanged);
    if (changing.length === 0 || this.#shown === null) return;
    this.#stop();
    const length = view.state.doc.length;
    const pause = length > LARGE ? PAUSE_LARGE : PAUSE;
    const typed = changing.every((t) => t.isUserEvent("input.type") || t.isUserEvent("delete"));
    this.#timer = setTimeout(() => this.flush(), typed ? pause : 0);
  }

  #open(name, text) {
    const ends = new LineEnds(text);
    const state = EditorState.create({
      doc: text,
      extensions: [
        EditorState.lineSeparator.of(ends.separator),
        // Inside of another page a text may be there to be read alone.
        EditorState.readOnly.of(document.documentElement.dataset.readOnly !== undefined),
        EditorView.clipboardInputFilter.of((pasted) => ends.own(pasted)),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        foldGutter({ openText: "▾", closedText: "▸" }),
        codeFolding(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentUnit.of("  "),
        bracketMatching(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        yaml,
        conditions(() => (this.#rules.has(this.#shown) ? this.#words : null)),
        lit,
        findings({
          fix: (finding, fix) => {
            this.flush();
            this.#on.fix(finding, fix);
          },
          open: (finding) => this.#on.open(finding),
          say: (sentence) => this.#on.say(sentence),
        }),
        // Tab indents; Escape and then Tab leaves the editor. CodeMirror has that too, but not where Escape has done something
        // else as well, as it does after F8, which selects the finding.
        EditorView.domEventObservers({ keydown: (event, view) => event.key === "Escape" && view.setTabFocusMode(2000) }),
        Prec.low(keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab])),
        EditorView.contentAttributes.of({
          spellcheck: "false",
          autocapitalize: "off",
          // It takes the focus anyway; said, so that everybody knows that what scrolls around it can be reached.
          tabindex: "0",
        }),
        // Dropped files are opened by the page, in tabs of their own.
        EditorView.domEventHandlers({ drop: (event) => (event.dataTransfer?.files.length ?? 0) > 0 }),
        this.#dark.of(EditorView.darkTheme.of(this.#isDark)),
        this.#spoken.of(spoken(name)),
        look,
      ],
    });
    return { state, ends, name };
  }

  /** Gives the shown file the colours and the language that the page has now. */
  #refresh() {
    const file = this.#files.get(this.#shown);
    if (!file) return;
    const dark = this.#dark.reconfigure(EditorView.darkTheme.of(this.#isDark));
    this.#view.dispatch({ effects: [dark, this.#spoken.reconfigure(spoken(file.name))] });
  }
}
