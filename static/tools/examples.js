// The gallery of examples, in groups, found by typing. Its texts come in one file, asked for when it is opened first.
import { english, say } from "../share/say.js";
import { dialog, element } from "./dom.js";

let coming;

/** Opens the gallery. */
export async function examples(page) {
  const list = element("div", { class: "gallery-list", lang: english() });
  const nothing = element("p", { class: "muted", role: "status" }, say("The examples are on their way."));
  const input = element("input", {
    class: "palette-input",
    type: "search",
    autocomplete: "off",
    "aria-label": say("Find an example"),
    placeholder: say("Socket, database, seccomp …"),
    oninput: () => draw(),
  });
  const box = dialog("gallery", say("Examples"), input, nothing, list);
  input.focus();
  let groups;
  try {
    groups = await (coming ??= fetchExamples(page));
  } catch {
    coming = undefined;
    nothing.textContent = say("The examples could not be loaded. Please check the connection and open this list again.");
    return;
  }
  draw();

  function draw() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ title, about }, group) =>
      words.every((word) => `${title} ${about} ${group}`.toLowerCase().includes(word));
    const shown = groups
      .map(({ title, examples }) => ({ title, examples: examples.filter((example) => fits(example, title)) }))
      .filter(({ examples }) => examples.length > 0);
    nothing.textContent = shown.length > 0 ? "" : say("No example has these words.");
    list.replaceChildren(...shown.map(section));
  }

  function section({ title, examples }, place) {
    const heading = `gallery-${place}`;
    const items = examples.map((example) =>
      element(
        "li",
        {},
        element(
          "button",
          { type: "button", class: "gallery-item", onclick: () => choose(example) },
          element("strong", {}, example.title),
          element("small", {}, example.about),
        ),
      ),
    );
    return element(
      "section",
      { "aria-labelledby": heading },
      element("h3", { id: heading }, title),
      element("ul", { class: "gallery-items" }, items),
    );
  }

  function choose({ files }) {
    box.close();
    page.act("example", JSON.stringify(files));
  }
}

async function fetchExamples(page) {
  const response = await fetch(page.examples);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()).groups;
}
