// The package in Node, where a file cannot be fetched.
import { readFile } from "node:fs/promises";
import { start } from "./calls.js";

/** Loads the engine: from beside this file, or from where `source` says. */
export async function load(source) {
  return start(source ?? (await readFile(new URL("engine_bg.wasm", import.meta.url))));
}

export { apply } from "./calls.js";
