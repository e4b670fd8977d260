// A pasted article or Markdown text holds snippets of several kinds. They are offered as tabs of their own; nothing happens
// unless the user wants it.
import { say } from "../share/say.js";
import { element } from "./dom.js";
import { snippets } from "./snippets.js";

/** Watches for texts that are pasted anywhere in the page. */
export function watchPastes(page) {
  addEventListener(
    "paste",
    (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      // The editor hands the text over at once, and then it is known where it went.
      if (pasted.length < 2_000_000) setTimeout(() => offer(page, pasted), 50);
    },
    true,
  );
}

function offer(page, pasted) {
  document.getElementById("snippets")?.remove();
  const found = snippets(pasted);
  if (found.length < 2 || document.documentElement.dataset.readOnly !== undefined) return;
  const { files } = page.state();
  const same = (text) => text.replaceAll(/\s+/g, "") === pasted.replaceAll(/\s+/g, "");
  const whole = files.find(({ text }) => same(text));
  const take = () => {
    bar.remove();
    // The whole goes with it, so that it is closed only as it was pasted, whatever is open by now.
    page.act(whole ? "split" : "open", JSON.stringify(whole ? [whole, ...found] : found));
  };
  const names = found.map(({ name }) => name).join(", ");
  const bar = element(
    "div",
    { id: "snippets", class: "snippets", role: "region", "aria-label": say("Snippets in the pasted text") },
    element("p", { role: "status" }, say("This text holds {count} snippets: {names}.", { count: found.length, names })),
    element("button", { type: "button", class: "button primary", onclick: take }, say("Open each in a tab")),
    element("button", { type: "button", class: "button quiet-button", onclick: () => bar.remove() }, say("Leave the text as it is")),
  );
  document.body.append(bar);
}
