// What the engine can be asked, as functions. Requests and replies are those of the page's worker.
import init, { handle, version } from "./engine.js";

let calls;

/** Starts the engine once. A start that failed may be tried again. */
export function start(source) {
  calls ??= begin(source).catch((error) => {
    calls = undefined;
    throw error;
  });
  return calls;
}

async function begin(source) {
  await init({ module_or_path: await source });
  return Object.freeze({
    version: version(),
    ask,
    analyse: (files, settings = {}) => ask({ analyse: { files: named(files), settings } }).report,
    harden: (files, settings = {}) => ask({ harden: { files: named(files), settings } }).hardened,
    edits: (text, { operations = [], rewrites = [] }) =>
      ask({ edits: { text: written(text), operations, rewrites } }).edits,
    restore: (text) => ask({ restore: { text: written(text) } }).restored.text,
    explain: (rule) => ask({ explain: { rule: written(rule) } }).explained.docs,
  });
}

function ask(request) {
  const { body } = JSON.parse(handle(JSON.stringify({ id: 1, body: request })));
  if (body.failed) throw new Error(body.failed.reason);
  return body;
}

function named(files) {
  if (typeof files === "string") return named([{ name: "text", text: files }]);
  return Array.from(files, ({ name, text }) => ({ name: written(name), text: written(text) }));
}

function written(text) {
  if (typeof text !== "string") throw new TypeError(`a text is wanted, not ${text === null ? "null" : typeof text}`);
  // Half of a surrogate pair is no character; every other reader of the file would put this one there.
  return text.toWellFormed?.() ?? text;
}

/** The text after the edits, which come sorted and do not overlap. */
export function apply(text, edits) {
  let out = "";
  let at = 0;
  for (const { span, text: inserted } of edits) {
    out += text.slice(at, span.start) + inserted;
    at = span.end;
  }
  return out + text.slice(at);
}
