// How the editor looks. Colours come from the page's custom properties, which reach into the shadow root.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const severities = {};
for (const severity of ["critical", "high", "medium", "low", "info"]) {
  severities[`.wt-mark.wt-${severity}`] = { textDecorationColor: `var(--${severity})` };
  severities[`.wt-dot.wt-${severity}`] = { backgroundColor: `var(--${severity})` };
  severities[`.wt-badge.wt-${severity}`] = {
    color: `var(--${severity})`,
    backgroundColor: `var(--${severity}-soft)`,
  };
}

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { padding: "10px 0 40vh", caretColor: "var(--accent-strong)" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--accent-strong)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--faint)", backgroundColor: "var(--surface)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.4em", padding: "0 4px 0 8px" },
  ".cm-foldGutter .cm-gutterElement": { width: "1em", cursor: "pointer" },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".wt-lit": { backgroundColor: "var(--selection-match)", boxShadow: "inset 3px 0 0 var(--accent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--active-line)", color: "var(--muted)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection) !important",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--selection-match)" },
  ".cm-matchingBracket, .cm-nonmatchingBracket": { backgroundColor: "var(--selection-match)" },
  ".cm-specialChar": { color: "var(--high)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", border: "1px solid var(--line)", color: "var(--muted)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)", borderColor: "var(--line) !important" },
  ".cm-panel.cm-search": { padding: "8px 28px 8px 10px", fontFamily: "var(--sans)" },
  ".cm-panel.cm-search label": { fontSize: "12px" },
  ".cm-textfield, .cm-button": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    fontFamily: "var(--sans)",
    fontSize: "12px",
    padding: "3px 8px",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--muted)", fontSize: "18px", right: "8px" },
  ".wt-gutter": { width: "14px" },
  ".wt-gutter .cm-gutterElement": { display: "grid", placeItems: "center", cursor: "pointer" },
  ".wt-dot": { width: "8px", height: "8px", borderRadius: "50%" },
  ".wt-mark": {
    textDecorationLine: "underline",
    textDecorationStyle: "wavy",
    textDecorationThickness: "1.5px",
    textUnderlineOffset: "3px",
    textDecorationSkipInk: "none",
  },
  ...severities,
  ".cm-tooltip": { border: "none", backgroundColor: "transparent", zIndex: "20" },
  ".cm-tooltip.cm-tooltip-autocomplete": {
    color: "var(--ink)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxWidth: "min(640px, 92vw)", fontFamily: "var(--mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--ink)",
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-completionDetail": { color: "var(--muted)", fontFamily: "var(--sans)", fontStyle: "normal" },
  ".wt-card": {
    width: "min(440px, 86vw)",
    maxHeight: "min(420px, 60vh)",
    overflow: "auto",
    margin: "4px 0",
    color: "var(--ink)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "10px",
    boxShadow: "var(--shadow)",
    fontFamily: "var(--sans)",
    fontSize: "13px",
    lineHeight: "1.45",
  },
  ".wt-item": { padding: "10px 12px" },
  ".wt-item + .wt-item": { borderTop: "1px solid var(--line)" },
  ".wt-head": { display: "flex", gap: "8px", alignItems: "baseline" },
  ".wt-badge": {
    padding: "1px 6px",
    borderRadius: "5px",
    fontSize: "11px",
    fontWeight: "650",
  },
  ".wt-item p": { margin: "5px 0 0", overflowWrap: "anywhere" },
  ".wt-why": { color: "var(--muted)" },
  ".wt-actions": { display: "flex", flexWrap: "wrap", gap: "6px", marginTop: "9px" },
  ".wt-actions button": {
    font: "inherit",
    fontSize: "12px",
    padding: "4px 9px",
    minHeight: "26px",
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    cursor: "pointer",
    textAlign: "left",
  },
  ".wt-actions button:hover": { backgroundColor: "var(--sunken)" },
  ".wt-actions button:focus-visible": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".wt-safety": { marginLeft: "8px", fontSize: "11px", color: "var(--muted)" },
  ".wt-safety.wt-safe": { color: "var(--good)" },
  ".wt-safety.wt-changes-behaviour": { color: "var(--medium)" },
  ".wt-safety.wt-needs-review": { color: "var(--high)" },
  ".wt-more": { border: "none !important", color: "var(--accent-strong) !important" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.content, tags.attributeValue], color: "var(--code-value)" },
  { tag: [tags.bool, tags.null, tags.number, tags.keyword], color: "var(--code-constant)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: "var(--code-anchor)" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--code-punctuation)" },
]);

export const look = [theme, syntaxHighlighting(colours)];
