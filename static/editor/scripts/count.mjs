// Counts which functions of a program are called, for `cargo xtask visit`.
import binaryen from "binaryen";
import { functions } from "./program.mjs";
import { plainName } from "./split.mjs";

/**
 * The program with a call of `visit.called`, an import, at the beginning of each function, and of each function the plain name
 * and how long it is, in characters of WebAssembly's text.
 */
export function count(program) {
  const module = binaryen.readBinary(program);
  const own = functions(module).filter((made) => !made.module);
  const told = own.map(({ name, body }) => ({ name: plainName(name), length: binaryen.emitText(body).length }));
  module.addFunctionImport("called", "visit", "called", binaryen.createType([binaryen.i32]), binaryen.none);
  for (const [number, { reference }] of own.entries()) {
    const made = binaryen.Function(reference);
    const call = module.call("called", [module.i32.const(number)], binaryen.none);
    made.body = module.block(null, [call, made.body], binaryen.getExpressionType(made.body));
  }
  binaryen.setDebugInfo(false);
  return { counted: module.emitBinary(), functions: told };
}
