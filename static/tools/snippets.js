// Finds the snippets in a text that is more than one: fenced blocks of Markdown, or the stretches of an article that are
// manifests, profiles, rules or command lines.

/** How a snippet of each kind begins, and what its tab is called. */
const KINDS = [
  [/^\s*#include\s+<|^\s*profile\s+\S+.*\{|^\s*abi\s+</m, "profile.apparmor"],
  [/^\s*-\s+(rule|macro|list|required_engine_version)\s*:/m, "rules.yaml"],
  [/^\s*\{[^]*"(defaultAction|syscalls)"\s*:/, "seccomp.json"],
  [/^\s*\{[^]*"ociVersion"\s*:/, "config.json"],
  [/^\s*\{/, "object.json"],
  [/^\s*apiVersion\s*:/m, "pod.yaml"],
  [/^\s*services\s*:/m, "compose.yaml"],
  [/^\s*(\$\s*)?(sudo\s+)?(docker|podman)\s+(run|create)\b/m, "run.sh"],
];
/** A line with which a snippet begins where nothing marks it. */
const START = /^(apiVersion\s*:|kind\s*:|services\s*:|\{\s*$|#include\s+<|profile\s+\S+.*\{|-\s+(rule|macro|list)\s*:|(\$\s*)?(sudo\s+)?(docker|podman)\s+run\b)/;

/** The snippets as `[{ name, text }, …]`, each known by its kind; texts of no known kind are left out. */
export function snippets(text) {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  const blocks = lines.some((line) => /^\s*(`{3,}|~{3,})/.test(line)) ? fenced(lines) : stretches(lines);
  const taken = new Map();
  const found = [];
  for (const block of blocks) {
    const kind = KINDS.find(([pattern]) => pattern.test(block));
    if (!kind) continue;
    const times = (taken.get(kind[1]) ?? 0) + 1;
    taken.set(kind[1], times);
    found.push({ name: times === 1 ? kind[1] : kind[1].replace(".", `-${times}.`), text: block });
  }
  return found;
}

function fenced(lines) {
  const blocks = [];
  let open = null;
  for (const line of lines) {
    const fence = line.match(/^(\s*)(`{3,}|~{3,})(.*)$/);
    if (open && fence && fence[2].startsWith(open.fence) && fence[3].trim() === "") {
      blocks.push(open.lines.join("\n") + "\n");
      open = null;
    } else if (open) {
      // A block inside of a list is indented with its fence.
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else if (fence) {
      open = { indent: fence[1], fence: fence[2], lines: [] };
    }
  }
  return blocks;
}

// Without fences: from a line that begins a snippet to the next prose, or to the next kind.
function stretches(lines) {
  const blocks = [];
  let open = null;
  let kindOf = null;
  const close = () => {
    if (open) blocks.push(open.join("\n").trimEnd() + "\n");
    open = null;
  };
  for (const line of lines) {
    const starts = START.test(line);
    if (open && isProse(line)) close();
    const kind = starts ? START.exec(line)[0].replaceAll(/[\s:]/g, "").slice(0, 6) : null;
    // `kind:` goes with `apiVersion:`, and one rule with the next.
    const another = starts && open && !related(kindOf, kind) && (open.at(-1)?.trim() === "" || kind !== "{");
    if (another) close();
    if (starts && !open) {
      open = [];
      kindOf = kind;
    }
    open?.push(line);
  }
  close();
  return blocks;
}

function related(a, b) {
  const family = (kind) => (["apiVer", "kind"].includes(kind) ? "manifest" : kind.startsWith("-") ? "rules" : kind.startsWith("#incl") || kind.startsWith("profil") ? "apparmor" : kind);
  return family(a) === family(b);
}

// A sentence: some words and an end, and nothing that a manifest or profile has.
function isProse(line) {
  const words = line.trim().split(/\s+/);
  return words.length >= 6 && /^[A-Z]/.test(line.trim()) && !/[{}=]|:\s|^\s*[-#/]/.test(line.trim().slice(0, -1)) && /[.:!?]$/.test(line.trim());
}
