// Share and save: links in every wrapping, single files, all of them, and the report.
import { pack } from "../share/link.js";
import { number, say } from "../share/say.js";
import { dialog, element, save } from "./dom.js";
import { exported } from "./export.js";
import { zip } from "./zip.js";

/** What can be copied, by its name in the list. */
const WRAPPINGS = {
  link: ({ link }) => link,
  markdown: ({ link, title }) => `[${escaped(title)} in Watertight](${link})`,
  texts: ({ link, title, files }) =>
    `[${escaped(title)} in Watertight](${link})\n` + files.map(fenced).join(""),
  embed: ({ link, title }) =>
    `<iframe src="${attribute(link)}&amp;embed" title="${attribute(`${title} in Watertight`)}" width="100%" height="600" ` +
    'loading="lazy" allow="clipboard-write" sandbox="allow-scripts allow-same-origin allow-popups allow-downloads"></iframe>',
  issue: ({ link, files, version }) =>
    "### What I pasted\n" +
    files.map(fenced).join("") +
    `\n[Open it in Watertight](${link})\n\n### What it said\n\n\n### What I expected\n\n\n### Version\n\n${version}\n`,
};

/** A report of thousands of findings is printed as a list. */
const MOST_UNFOLDED = 300;

const wrappings = () => ({
  link: say("Link"),
  markdown: say("Markdown link"),
  texts: say("Markdown with the text"),
  embed: say("Embed snippet"),
  issue: say("Text for an issue"),
});

/** Opens the dialog. */
export async function share(page) {
  const { files: open, settings, course } = page.state();
  // A course is a file like the others; whoever shares while it is open means it.
  const files = course ? [course, ...open] : open;
  const boxes = files.map(({ name }, place) =>
    element("label", { class: "choice" }, element("input", { type: "checkbox", checked: !course || place === 0, value: place, onchange: update }), element("span", {}, name)),
  );
  const kind = element("select", { class: "select", id: "share-kind", onchange: update }, Object.entries(wrappings()).map(([value, name]) => element("option", { value }, name)));
  const output = element("textarea", { id: "share-text", class: "share-text", readonly: true, rows: 6, "aria-label": say("What will be copied"), spellcheck: "false" });
  const message = element("p", { class: "muted", role: "status" });
  const copy = element("button", { type: "button", class: "button primary", onclick: copied }, say("Copy"));
  const button = (label, onclick) => element("button", { type: "button", class: "button", onclick }, label);
  const report = async (format, name, type) => {
    try {
      save(name, type, await exported(page, format));
      message.textContent = say("Saved as {name}.", { name });
    } catch (error) {
      message.textContent = error.message;
    }
  };
  dialog(
    "share",
    say("Share or save"),
    element("p", {}, say("A link holds the texts themselves. They stand behind the # of the address, which browsers do not send to a server; whoever has the link can read them.")),
    element("fieldset", {}, element("legend", {}, say("Which files")), boxes),
    element("div", { class: "row" }, element("label", { for: "share-kind" }, say("Copy as")), kind, copy),
    output,
    message,
    element(
      "fieldset",
      {},
      element("legend", {}, say("Save")),
      element(
        "div",
        { class: "row" },
        button(say("Chosen files"), saveFiles),
        button(say("Report as Markdown"), () => report("markdown", "watertight.md", "text/markdown")),
        button(say("Report as SARIF"), () => report("sarif", "watertight.sarif", "application/json")),
        button(say("Print the report"), printed),
      ),
    ),
  );
  let newest = 0;
  await update();

  function chosen() {
    return files.filter((_, place) => boxes[place].querySelector("input").checked);
  }

  async function update() {
    const mine = ++newest;
    const files = chosen();
    let text = "";
    let said = say("Choose at least one file.");
    if (files.length > 0) {
      try {
        const fragment = await pack(JSON.stringify({ files, settings }));
        const link = `${location.href.split("#")[0]}#${fragment}`;
        const title = files.map(({ name }) => name).join(", ");
        text = WRAPPINGS[kind.value]({ link, title, files, version: version() });
        said = say("The link has {count} characters.", { count: number(link.length) });
        if (link.length > 8_000) said += ` ${say("Some chat programs cut links that long; a file may travel better.")}`;
      } catch (error) {
        said = error.message;
      }
    }
    // A slower answer to an older choice must not win.
    if (mine !== newest) return;
    output.value = text;
    message.textContent = said;
    copy.disabled = text === "";
  }

  /** Nobody can unfold paper, so everything is unfolded while it is printed. */
  async function printed() {
    const toggle = (folds) => folds.forEach((fold) => fold.click());
    const folded = (selector) => [...document.querySelectorAll(`.side-results ${selector}`)];
    const opened = [];
    // Groups first: what they hold is drawn when they are open.
    for (const selector of [".fold[aria-expanded=false]", ".card-button[aria-expanded=false]", "details:not([open]) > summary"]) {
      const folds = folded(selector).slice(0, MOST_UNFOLDED);
      toggle(folds);
      opened.unshift(...folds);
      await new Promise((done) => setTimeout(done));
    }
    print();
    toggle(opened);
  }

  async function copied() {
    try {
      await navigator.clipboard.writeText(output.value);
      message.textContent = say("Copied.");
    } catch {
      output.select();
      message.textContent = say("The browser did not let the page copy. The text is selected: please copy it by hand.");
    }
  }

  function saveFiles() {
    const files = chosen();
    if (files.length === 1) save(files[0].name, "text/plain;charset=utf-8", files[0].text);
    else if (files.length > 1) save("watertight.zip", "application/zip", zip(files));
  }
}

function version() {
  const engine = document.querySelector(".foot-engine")?.dataset.engine;
  return [engine && `Watertight ${engine}`, document.querySelector("meta[name=build]")?.content].filter(Boolean).join(". ");
}

// A fence longer than any in the text, so that the text cannot end it.
function fenced({ name, text }) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const language = name.match(/\.(ya?ml|json|sh)$/)?.[1] ?? "";
  return `\n${escaped(name)}\n\n${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}\n`;
}

function escaped(text) {
  return text.replaceAll(/[\\`*_[\]<>#!|]/g, "\\$&");
}

function attribute(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
