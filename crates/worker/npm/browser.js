// The package in a browser and in whatever bundles for one.
import { start } from "./calls.js";

/** Loads the engine: from beside this file, or from where `source` says. */
export function load(source) {
  return start(source ?? new URL("engine_bg.wasm", import.meta.url));
}

export { apply } from "./calls.js";
