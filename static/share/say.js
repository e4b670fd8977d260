// What the page says outside of the app, in the language of its reader. The English text is the key into the catalogue that
// `boot/language.js` has fetched; without one, or where it lacks a text, the English is said.

/** A text; each `{name}` in it stands for the value of that name. */
export function say(english, values = {}) {
  const words = globalThis.watertight?.words;
  const said = words && Object.hasOwn(words, english) ? words[english] : english;
  return said.replaceAll(/\{(\w+)\}/g, (_, name) => (Object.hasOwn(values, name) ? String(values[name]) : ""));
}

/** The language of what stays English, for its elements, where the page speaks another. */
export function english() {
  return globalThis.watertight?.words ? "en" : null;
}

/** A number as the language writes it. */
export function number(value) {
  return value.toLocaleString(globalThis.document?.documentElement.lang || "en");
}

/** A text about one thing or about several; `{count}` stands for how many. */
export function plural(count, one, several) {
  return say(count === 1 ? one : several, { count });
}
