// Elements without markup: text is only ever text.

import { say } from "../share/say.js";

/** An element with attributes (`on…` are listeners) and children, which are elements or texts. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat());
  return made;
}

/** A dialog over the page, open. It leaves the page when it is closed; the browser gives the focus back to where it was. */
export function dialog(id, title, ...children) {
  document.getElementById(id)?.remove();
  const close = element("button", { type: "button", class: "button quiet-button", onclick: () => made.close() }, say("Close"));
  const head = element("div", { class: "dialog-head" }, element("h2", { id: `${id}-title` }, title), close);
  const made = element("dialog", { id, class: "dialog", "aria-labelledby": `${id}-title` }, head, ...children);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}

/** Saves bytes or a text as a file. */
export function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: address, download: name }).click();
  // The click has started the download, which holds the content by itself.
  URL.revokeObjectURL(address);
}
