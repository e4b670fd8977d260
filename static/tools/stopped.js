// What the page says when its program has stopped. The editor is no part of that, so the text is still there.
import { dialog, element } from "./dom.js";
import { say } from "../share/say.js";

/** Says it the first time; more of the same would help nobody. */
export function watchProgram() {
  const heard = new AbortController();
  const hear = ({ error, reason }) => {
    if (!((error ?? reason) instanceof WebAssembly.RuntimeError)) return;
    heard.abort();
    const told = say("Something went wrong, and what stands beside the text is out of date. The text is still there: copy it, and load the page again.");
    const again = element("button", { type: "button", class: "button", onclick: () => location.reload() }, say("Reload now"));
    dialog("stopped", say("The page has stopped"), element("p", {}, told), again);
  };
  for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, hear, heard);
}
