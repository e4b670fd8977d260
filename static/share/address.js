// What the fragment of the address asks for: `#1…` (what was shared), then words joined by `&`, some with a value:
// `fresh`, `embed`, `compact`, `read-only`, `theme=dark`, `lang=de`, `view=map`, `lesson=privileged`,
// `host=https://docs.example.com`.

const THEMES = ["light", "dark"];

/** Reads a fragment. Anybody may have written it, so each value is one of a few or is left out. */
export function readAddress(hash) {
  const [first = "", ...rest] = hash.replace(/^#/, "").split("&");
  const words = new Map();
  for (const part of /^\d/.test(first) ? rest : [first, ...rest]) {
    const [word, ...value] = part.split("=");
    words.set(word, decoded(value.join("=")));
  }
  const theme = words.get("theme");
  return {
    link: /^\d/.test(first) ? first : null,
    fresh: words.has("fresh"),
    // A page in a frame is an embedded one, whatever its address says.
    embed: words.has("embed") || globalThis.top !== globalThis.self,
    compact: words.has("compact"),
    readOnly: words.has("read-only"),
    theme: THEMES.includes(theme) ? theme : null,
    lang: words.get("lang") ?? null,
    view: words.get("view") ?? null,
    lesson: words.get("lesson") ?? null,
    host: originOf(words.get("host")),
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function originOf(text) {
  try {
    const { origin } = new URL(text);
    return origin === "null" ? null : origin;
  } catch {
    return null;
  }
}
