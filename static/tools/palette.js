// Everything that can be done now, found by typing: first what people look for, then the other buttons and links of the page by
// their names, and the keys.
import { say } from "../share/say.js";
import { dialog, element } from "./dom.js";

const keys = () => [
  [say("Ctrl or Cmd + K"), say("This list")],
  [say("Escape, then Tab"), say("Leave the editor")],
  [say("Ctrl or Cmd + full stop"), say("Quick fix at the cursor")],
  [say("F8, Shift + F8"), say("Next and previous finding in the text")],
  [say("Ctrl or Cmd + F"), say("Search in the text")],
  [say("Ctrl or Cmd + Z"), say("Undo")],
  [say("Arrow keys, Home, End"), say("Move along tabs")],
  [say("F2 on a file"), say("Rename it")],
];
/** How many commands are listed at once. */
const SHOWN = 60;

/** Opens the list. */
export function palette() {
  if (document.querySelector("dialog[open]")) return;
  const commands = [...wanted(), ...others()].filter(
    ({ name }, place, all) => name && all.findIndex((other) => other.name === name) === place,
  );
  let matching = [];
  let chosen = 0;
  const list = element("ul", { id: "palette-list", class: "palette-list", role: "listbox", "aria-label": say("Commands") });
  const nothing = element("p", { role: "status" });
  const input = element("input", {
    id: "palette-input",
    class: "palette-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-label": say("Find a command"),
    placeholder: say("What would you like to do?"),
    oninput: () => draw(0),
    onkeydown: press,
  });
  const shortcuts = element(
    "details",
    { class: "palette-keys" },
    element("summary", {}, say("Keyboard shortcuts")),
    element("dl", {}, keys().flatMap(([key, what]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)])),
  );
  const box = dialog("palette", say("Commands"), input, list, nothing, shortcuts, element("p", { class: "muted" }, about()));
  input.focus();
  draw(0);

  function draw(place) {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, SHOWN);
    chosen = Math.max(0, Math.min(place, matching.length - 1));
    list.replaceChildren(
      ...matching.map((command, at) =>
        element("li", { id: `palette-${at}`, role: "option", "aria-selected": String(at === chosen), onclick: () => run(command) }, command.name),
      ),
    );
    nothing.textContent = matching.length === 0 ? say("Nothing here is called that.") : "";
    if (matching.length === 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `palette-${chosen}`);
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  function press(event) {
    if (event.key === "ArrowDown") draw((chosen + 1) % Math.max(1, matching.length));
    else if (event.key === "ArrowUp") draw((chosen + matching.length - 1) % Math.max(1, matching.length));
    else if (event.key === "Enter" && matching[chosen]) run(matching[chosen]);
    else return;
    event.preventDefault();
  }

  function run({ target, value }) {
    box.close();
    target.focus();
    if (value === undefined) return target.click();
    target.value = value;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** What people look for, whichever side of the page is shown. */
function wanted() {
  const found = (selector, name) =>
    [...document.querySelectorAll(`#app ${selector}`)]
      .filter((target) => !target.disabled && (target.checkVisibility() || target.closest(".side")))
      .map((target) => ({ target, name: name ?? nameOf(target) }));
  const levels = found("#level").flatMap(({ target }) =>
    [...target.options]
      .filter((option) => !option.selected)
      .map(({ value, text }) => ({ target, value, name: say("Target level: {level}", { level: text }) })),
  );
  return [
    ...found("#undo"),
    ...found("#tab-hardened", say("Harden to the target (shows the changes first)")),
    ...found("[role=tab]"),
    ...levels,
    ...found(".file-new"),
    ...found(".bar-actions button"),
    ...found("[data-tool=share]", say("Download the text or the report")),
    ...found(".bar-actions button")
      .filter(({ name }) => name === say("Lessons"))
      .map(({ target }) => ({ target, name: say("Present a lesson") })),
    ...found(".file:not(.file-here) .file-name").map(({ target, name }) => ({ target, name: say("Go to {name}", { name }) })),
  ];
}

/** The rest of what is seen. Filters of a list, lines of the text and names of files say nothing apart from what they stand beside. */
function others() {
  const left = ".skip, .chip, .place, .file-name, .sent > summary, .notice-close, [data-tool=palette]";
  return [...document.querySelectorAll("#app :is(button, a[href], summary)")]
    .filter((target) => !target.disabled && target.checkVisibility() && !target.matches(left))
    .map((target) => ({ target, name: nameOf(target) }));
}

/** Version of the engine, build of the page, date of its data. */
function about() {
  const engine = document.querySelector(".foot-engine")?.dataset.engine ?? "";
  const build = document.querySelector("meta[name=build]")?.content ?? "";
  return [engine && `Watertight ${engine}`, build].filter(Boolean).join(". ");
}

function nameOf(target) {
  // How many things stand behind a tab, and how bad they are, is no part of its name, nor is what another width shows.
  const shown = (part) => part.checkVisibility() || !target.checkVisibility();
  const parts = [...target.childNodes].filter((part) => !part.matches || (shown(part) && !part.matches(".count, .dot")));
  const text = parts.map((part) => part.innerText ?? part.textContent).join(" ");
  return (target.getAttribute("aria-label") ?? text).replaceAll(/\s+/g, " ").trim().slice(0, 120);
}
