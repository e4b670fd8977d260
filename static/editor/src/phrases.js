// What CodeMirror's own parts say, by the English texts that it looks up.
import { say } from "../../share/say.js";

/** Its phrases in the language of the page. */
export function phrases() {
  return {
    Find: say("Find"),
    Replace: say("Replace"),
    next: say("next"),
    previous: say("previous"),
    all: say("all"),
    "match case": say("match case"),
    regexp: say("regexp"),
    "by word": say("by word"),
    replace: say("replace"),
    "replace all": say("replace all"),
    close: say("close"),
    "current match": say("current match"),
    "on line": say("on line"),
    "Folded lines": say("Folded lines"),
    "Unfolded lines": say("Unfolded lines"),
    to: say("to"),
    "folded code": say("folded code"),
    unfold: say("unfold"),
    "Fold line": say("Fold line"),
    "Unfold line": say("Unfold line"),
    "Control character": say("Control character"),
    "Selection deleted": say("Selection deleted"),
  };
}
