// Cuts the engine's first part to measure: it keeps what the examples run, and leaves every other path to the whole engine.
//
// The program is run here on the examples, with a counter on each path. One that no example takes is replaced by a call that
// throws; the worker then asks the whole engine instead (`static/boot/worker.js`). So what is answered is answered by the same
// code as ever, and what is not is only slower, once.
import binaryen from "binaryen";
import { Data } from "./data.mjs";
import { functions, optimise, setData } from "./program.mjs";

/** What takes one path or another by the sizes of things, which examples say nothing about. */
const SIZES = /dlmalloc|hashbrown|::slice::sort::|alloc\[\w+\]::raw_vec|__r(ust|dl)_/;

/**
 * The program, cut for packed questions: it answers those that it answered before, and that has to be each of the needed ones.
 * A path that is not there throws null.
 */
export function tailor(program, questions, needed) {
  const data = new Data(program);
  const whole = optimise(program, { names: true });
  const missing = needed.find(({ question }) => !start(whole)(question));
  if (missing) throw new Error(`the engine's first part does not answer ${missing.name}`);
  const answered = [...needed, ...questions].map(({ question }) => question).filter((question) => start(whole)(question));
  const module = binaryen.readBinary(cut(whole, run(whole, answered)));
  setData(module, data.split(module, binaryen.readBinary(whole)).needed);
  binaryen.setDebugInfo(false);
  const done = Buffer.from(module.emitBinary());
  if (!WebAssembly.validate(done)) throw new Error("the engine's first part is not valid WebAssembly any more");
  if (!answered.every((question) => start(done)(question).equals(start(whole)(question)))) {
    throw new Error("the engine's first part answers an example in another way");
  }
  return done;
}

/** Which paths some question takes, by their numbers. */
function run(program, questions) {
  const module = binaryen.readBinary(program);
  module.addFunctionImport("count", "tailor", "count", binaryen.createType([binaryen.i32]), binaryen.none);
  let number = 0;
  const count = () => module.call("count", [module.i32.const(number++)], binaryen.none);
  for (const place of paths(module)) {
    if (place.kind === "body") {
      const made = binaryen.Function(place.made);
      made.body = module.block(null, [count(), made.body], binaryen.getExpressionType(made.body));
    } else if (place.kind === "arm") {
      const arm = place.get();
      place.set(module.block(null, [count(), arm], binaryen.getExpressionType(arm)));
    } else {
      binaryen.Block.insertChildAt(place.block, place.at, count());
    }
  }
  const counted = module.emitBinary();
  module.dispose();
  const taken = new Set();
  const counting = { tailor: { count: (path) => taken.add(path) } };
  // Each as the first that the program is asked, and behind others.
  const behindOthers = start(counted, counting);
  for (const question of questions) {
    start(counted, counting)(question);
    behindOthers(question);
  }
  return taken;
}

/** The program without the paths that are not taken. */
function cut(program, taken) {
  const module = binaryen.readBinary(program);
  const places = paths(module);
  module.addFunctionImport("leave", "whole", "leave", binaryen.none, binaryen.none);
  const leave = () => module.block(null, [module.call("leave", [], binaryen.none), module.unreachable()], binaryen.unreachable);
  let number = 0;
  for (const place of places) {
    if (taken.has(number++)) continue;
    if (place.kind === "body") {
      binaryen.Function(place.made).body = leave();
    } else if (place.kind === "arm") {
      place.set(leave());
    } else {
      for (let at = binaryen.Block.getNumChildren(place.block) - 1; at > place.at; at -= 1) binaryen.Block.removeChildAt(place.block, at);
      binaryen.Block.setChildAt(place.block, place.at, leave());
    }
  }
  const left = Buffer.from(module.emitBinary());
  module.dispose();
  return optimise(left);
}

/**
 * The places of a module that a run may pass by: bodies of functions, arms of conditions, and what stands in a block behind an
 * expression that may branch away. Inner ones come before outer ones and later ones before earlier ones, so that each may be
 * changed when it is reached.
 */
function paths(module) {
  const found = [];
  const walk = (expression) => {
    const told = describe(expression);
    if (told.id === binaryen.IfId) {
      let leaves = walk(told.condition);
      for (const arm of ["IfTrue", "IfFalse"]) {
        const get = () => binaryen.If[`get${arm}`](expression);
        if (!get()) continue;
        leaves = walk(get()) || leaves;
        found.push({ kind: "arm", get, set: (changed) => binaryen.If[`set${arm}`](expression, changed) });
      }
      return leaves;
    }
    if (told.id === binaryen.BlockId) {
      const may = told.children.map(walk);
      for (let at = may.length - 1; at > 0; at -= 1) {
        if (may[at - 1]) found.push({ kind: "rest", block: expression, at });
      }
      return may.includes(true);
    }
    // Every part is walked, whether or not one before it leaves.
    return parts(told).map(walk).includes(true) || LEAVING.has(told.id);
  };
  for (const { reference, name, module: imported, body } of functions(module)) {
    if (imported || SIZES.test(name)) continue;
    walk(body);
    found.push({ kind: "body", made: reference });
  }
  return found;
}

const LEAVING = new Set([binaryen.BreakId, binaryen.SwitchId, binaryen.ReturnId, binaryen.UnreachableId]);
/** Expressions that are made of no others. */
const ENDS = new Set([
  binaryen.ConstId,
  binaryen.LocalGetId,
  binaryen.GlobalGetId,
  binaryen.NopId,
  binaryen.UnreachableId,
  binaryen.MemorySizeId,
]);

function describe(expression) {
  const id = binaryen.getExpressionId(expression);
  return ENDS.has(id) ? { id } : binaryen.getExpressionInfo(expression);
}

/** The expressions that an expression is made of, other than a condition or a block. */
function parts(told) {
  if (ENDS.has(told.id)) return [];
  const { id, value, ptr, left, right, condition, delta, dest, source, size, target, body, ifTrue, ifFalse, operands } = told;
  const found = [value, ptr, left, right, condition, delta, dest, source, ifTrue, ifFalse, body];
  if (id === binaryen.CallIndirectId) found.push(target);
  if (id === binaryen.MemoryFillId || id === binaryen.MemoryCopyId) found.push(size);
  return [...found.filter((part) => typeof part === "number" && part !== 0), ...(operands ?? [])];
}

/** What asks a new instance of the program a packed question: it gives the reply, or nothing where it leaves it to the whole. */
export function start(bytes, more = {}) {
  let program;
  const asked = {
    // What wasm-bindgen has a program ask for as it starts.
    __wbindgen_init_externref_table() {
      const table = program.__wbindgen_externrefs;
      const at = table.grow(4);
      for (const [behind, value] of [undefined, null, true, false].entries()) table.set(at + behind, value);
    },
  };
  const leave = () => {
    throw null;
  };
  program = new WebAssembly.Instance(new WebAssembly.Module(bytes), { "./first_bg.js": asked, whole: { leave }, ...more }).exports;
  program.__wbindgen_start();
  for (const told of [program.ready(), program.fetching()]) if (!told[0]) throw new Error("the engine's first part is silent");
  return (question) => {
    const at = program.__wbindgen_malloc(question.length, 1) >>> 0;
    new Uint8Array(program.memory.buffer).set(question, at);
    const [reply, length] = program.handlePacked(at, question.length);
    if (!reply) return undefined;
    const bytes = Buffer.from(program.memory.buffer.slice(reply >>> 0, (reply >>> 0) + length));
    program.__wbindgen_free(reply, length, 1);
    return bytes;
  };
}
