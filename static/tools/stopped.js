// What the page says when its program has stopped. The editor is no part of that, so the text is still there.
import { dialog, element } from "./dom.js";
import { say } from "../share/say.js";

/** The names of what it stops with: its own errors, and those of its late part where that is called and cannot be had. */
const STOPS = ["RuntimeError", "NetworkError", "CompileError", "LinkError"];

/** Says it the first time; more of the same would help nobody. */
export function watchProgram() {
  const heard = new AbortController();
  const hear = ({ error, reason }) => {
    if (!STOPS.includes((error ?? reason)?.name)) return;
    heard.abort();
    const told = say("Something went wrong, and what stands beside the text is out of date. The text is still there: copy it, and load the page again.");
    const again = element("button", { type: "button", class: "button", onclick: () => location.reload() }, say("Reload now"));
    dialog("stopped", say("The page has stopped"), element("p", {}, told), again);
  };
  for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, hear, heard);
}
