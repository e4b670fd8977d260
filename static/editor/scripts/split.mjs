// Cuts the app's program in two: what a first visit runs, and the rest, which arrives behind the first report.
//
// The second module shares memory, tables and globals with the first and calls its functions. The first calls those of the
// second as imports, which `static/boot/late.js` hands on. So a function may stand on either side; on the wrong one it only
// costs time. Names of functions say which module and which types they are of (.cargo/config.toml).
import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { Data } from "./data.mjs";
import { functions, list, optimise, setData } from "./program.mjs";

/** What no first visit runs: panels that are opened, and the questions and answers beside a report. */
const PANELS = new RegExp(
  [
    String.raw`::components::(checklist|diff_view|docs|generate|hardened|lesson|map|seccomp|simulate)::`,
    String.raw`::components::(settings_dialog::choices|file_tabs::rename|app::open_files)`,
    String.raw`watertight_web\[\w+\]::(diff|lanes|markdown)::`,
    String.raw`State>::(apply_rare|answered_beside|lesson_act|map_act|explore_act|falco_act|seccomp_act|apparmor_act|read_course|leave_lessons|go_where_wanted|bring_back)`,
    String.raw`watertight_diagnostic\[\w+\]::ask::`,
    String.raw`HardenReport`,
  ].join("|"),
);
/** What goes over the whole state, and so is run on the way past; lists, which types of one size share; the node's settings. */
const EARLY = /drop_in_place|::Drop>::drop|::Clone>::clone|::Default>::default|::PartialEq>::(eq|ne)|::use_|^<?alloc\[|::NodeFacts|State>::lit/;

/** What else is late: the functions that `cargo xtask visit` has found to be called by no first visit. */
const NOT_CALLED = new Set(readFileSync(new URL("late.txt", import.meta.url), "utf8").split("\n"));

/** A function's name without what differs from one build to the next: hashes of crates, and numbers of equal names. */
export function plainName(name) {
  return name
    .replace(/\[[0-9a-f]{8,}\]/g, "")
    .replace(/\{closure#\d+\}/g, "{closure}")
    .replace(/\.\d+$|\[\d+\]$/, "");
}

function isLate(name) {
  return (PANELS.test(name) && !EARLY.test(name)) || NOT_CALLED.has(plainName(name));
}

/** Both modules of a program as it was linked, with the names of their functions if they are wanted. */
export function split(program, { names = false } = {}) {
  const data = new Data(program);
  const bytes = optimise(program, { names: true });
  const first = binaryen.readBinary(bytes);
  const late = binaryen.readBinary(bytes);
  const whole = binaryen.readBinary(bytes);
  const numbers = new Map();
  const short = (name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size.toString(36));
    return numbers.get(name);
  };

  for (const made of functions(first)) {
    if (!made.module && isLate(made.name)) replace(first, made, "late", short(made.name));
  }
  // The second module calls through them too, also functions of a type that the first calls directly only: were they not shared
  // before, the pass would empty those.
  for (const { name } of tables(first)) first.addTableExport(name, `table-${name}`);
  // What only the second module calls goes with it.
  first.runPasses(["remove-unused-module-elements"]);
  const kept = new Map(functions(first).map((made) => [made.name, made]));

  for (const { name } of list(late.getNumExports(), (at) => binaryen.getExportInfo(late.getExportByIndex(at)))) late.removeExport(name);
  for (const { name } of list(late.getNumElementSegments(), (at) => binaryen.getElementSegmentInfo(late.getElementSegmentByIndex(at)))) {
    late.removeElementSegment(name);
  }
  for (const made of functions(late)) {
    const here = kept.get(made.name);
    if (here?.module === "late") late.addFunctionExport(made.name, short(made.name));
    else if (here) replace(late, made, "app", short(made.name));
  }
  share(first, late, data.split(first, whole));
  late.runPasses(["remove-unused-module-elements"]);
  for (const { name, module, base } of functions(late)) {
    if (module === "app") first.addFunctionExport(name, base);
  }
  for (const part of [first, late]) nothingIsEmptied(whole, part);
  binaryen.setDebugInfo(names);
  const parts = { first: first.emitBinary(), late: late.emitBinary() };
  for (const [name, part] of Object.entries(parts)) {
    if (!WebAssembly.validate(part)) throw new Error(`the ${name} part of the app's program is not valid WebAssembly`);
  }
  return parts;
}

/** Memory, tables and globals of the first module, for the second. Of the data each brings along what it is the first to need. */
function share(first, late, { needed, rest }) {
  setData(first, needed);
  setData(late, rest);
  late.addMemoryImport("0", "app", "shared-memory");
  first.addMemoryExport("0", "shared-memory");
  for (const { name } of tables(late)) late.addTableImport(name, "app", `table-${name}`);
  for (const { name, type, mutable } of list(late.getNumGlobals(), (at) => binaryen.getGlobalInfo(late.getGlobalByIndex(at)))) {
    late.addGlobalImport(name, "app", `global-${name}`, type, mutable);
    first.addGlobalExport(name, `global-${name}`);
  }
}

/** A function that a part takes for one that nobody calls may be called by the other: both hold what the whole program holds. */
function nothingIsEmptied(whole, part) {
  const empty = (made) => !made.module && binaryen.getExpressionId(made.body) === binaryen.UnreachableId;
  const before = new Set(functions(whole).filter(empty).map((made) => made.name));
  const emptied = functions(part).filter((made) => empty(made) && !before.has(made.name));
  if (emptied.length > 0) throw new Error(`the app's program lost the body of ${emptied.map((made) => made.name).join(", ")}`);
}

function tables(module) {
  return list(module.getNumTables(), (at) => binaryen.getTableInfo(module.getTableByIndex(at)));
}

/** A call of an import in the place of a function. */
function replace(module, { name, params, results }, from, base) {
  module.removeFunction(name);
  module.addFunctionImport(name, from, base, params, results);
}
