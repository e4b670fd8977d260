// Chooses the language of the page and fetches its catalogue. English needs none.
import { say } from "../share/say.js";

const CATALOGUES = { de: new URL("./languages/de.json", import.meta.url) };

/** The language that the address asks for, or the one that was chosen here, or the first of the browser's that there is. */
export function chosen(asked) {
  const wishes = [asked, asked === null ? stored() : null, ...(navigator.languages ?? [])];
  const short = wishes.map((wish) => String(wish ?? "").slice(0, 2).toLowerCase());
  return short.find((wish) => wish === "en" || Object.hasOwn(CATALOGUES, wish)) ?? "en";
}

function stored() {
  // A page in a frame reads nothing of what the full page keeps.
  if (document.documentElement.dataset.embed !== undefined) return null;
  try {
    return JSON.parse(localStorage.getItem("watertight.preferences") ?? "{}").language ?? null;
  } catch {
    return null;
  }
}

/** Has the page speak a language; gives the catalogue as the app takes it, which is empty for English. */
export async function speak(page, language) {
  const words = Object.hasOwn(CATALOGUES, language) ? await fetched(CATALOGUES[language]) : null;
  page.words = words;
  document.documentElement.lang = words ? language : "en";
  document.title = say("Watertight: can what is inside this container get out?");
  return words ? Object.entries(words).flat().join("\u0001") : "";
}

async function fetched(address) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.json() : null;
  } catch {
    // No network and no copy of it: English it is.
    return null;
  }
}

/** Says what stands in the first page before the app is there. */
export function translateShell() {
  const shell = document.getElementById("shell");
  if (!shell) return;
  for (const element of shell.querySelectorAll("*")) {
    for (const name of ["aria-label", "placeholder"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, say(element.getAttribute(name)));
    }
    // What stands in the field is the first example, which is the same in every language.
    if (element.matches("textarea")) continue;
    if (element.childElementCount === 0 && element.textContent) element.textContent = say(element.textContent);
  }
}
