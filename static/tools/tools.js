// What the page's rarely used buttons do. A button says with `data-tool` which tool it opens; the app draws the button and
// knows no more of it. Every tool is given `page`: `state()` gives the open files and settings, `act(kind, value)` changes
// them, `engine` is the worker.
import { element } from "./dom.js";
import { embed } from "./embed.js";
import { examples } from "./examples.js";
import { forget } from "./forget.js";
import { offline } from "./offline.js";
import { palette } from "./palette.js";
import { watchPastes } from "./paste.js";
import { share } from "./share.js";
import { watchProgram } from "./stopped.js";
import { opensCommands } from "../share/keys.js";

const TOOLS = { examples, share, palette, forget };

export { offline };

export function start(page, address) {
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-tool]");
    if (button && Object.hasOwn(TOOLS, button.dataset.tool)) TOOLS[button.dataset.tool](page);
  });
  addEventListener("keydown", (event) => {
    if (opensCommands(event)) {
      event.preventDefault();
      palette(page);
    }
  });
  watchPastes(page);
  watchProgram();
  addEventListener("beforeprint", () => headPaper(page));
  if (address.embed) embed(page, address);
}

/** Paper says by itself what was looked at and when. */
function headPaper(page) {
  document.getElementById("paper")?.remove();
  const names = page.state().files.map(({ name }) => name).join(", ");
  document.body.prepend(element("p", { id: "paper" }, `${names} · ${new Date().toLocaleDateString(document.documentElement.lang)}`));
}
