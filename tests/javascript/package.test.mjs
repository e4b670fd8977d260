// The package as somebody who installs it finds it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { files, load, packageFolder, run, shortName } from "./support.mjs";

const POD = "# 🚢\napiVersion: v1\nkind: Pod\nmetadata: {name: ship}\nspec:\n  hostPID: yes\n  containers:\n  - name: web\n    image: example.com/web:1\n";

let library;
let watertight;

before(async () => {
  library = await load();
  watertight = await library.load();
});

test("its manifest names files that are there, and nothing else is shipped", () => {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const named = [manifest.types, ...Object.values(manifest.exports["."]), manifest.exports["./engine_bg.wasm"]];
  for (const file of named) assert.ok(existsSync(join(packageFolder, file)), file);
  const packed = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: packageFolder, stdio: ["ignore", "pipe", "ignore"] }),
  )[0];
  const shipped = packed.files.map(({ path }) => path).sort();
  assert.deepEqual(shipped, readdirSync(packageFolder).sort());
  assert.equal(manifest.version, watertight.version);
});

test("a finding is where the text says, in the units of JavaScript", () => {
  const report = watertight.analyse([{ name: "ship.yaml", text: POD }], { level: "baseline" });
  assert.equal(report.encoding, "utf16");
  assert.equal(report.settings.level, "baseline");
  const finding = report.findings.find(({ rule }) => rule === "host-pid");
  const { start, end } = finding.primary.range;
  assert.equal(POD.slice(start, end), "hostPID: yes");
});

test("a fix becomes edits, and edits a text without the finding", () => {
  const { fixes } = watertight.analyse(POD).findings.find(({ rule }) => rule === "host-pid");
  const { edits, refused } = watertight.edits(POD, fixes[0]);
  assert.deepEqual(refused, []);
  const mended = library.apply(POD, edits);
  assert.equal(mended, POD.replace("  hostPID: yes\n", ""));
  assert.ok(!watertight.analyse(mended).findings.some(({ rule }) => rule === "host-pid"));
});

test("hardening reaches its level and is what the program prints", () => {
  for (const level of ["baseline", "restricted", "hardened"]) {
    const hardened = watertight.harden([{ name: "-", text: POD }], { level });
    assert.equal(hardened.reached, true);
    assert.equal(hardened.files[0].text, run(["harden", "--level", level, "-"], POD).out);
  }
});

test("lost indentation, documentation and any other question", () => {
  const flat = POD.split("\n").map((line) => line.trimStart()).join("\n");
  assert.match(watertight.restore(flat), /\n {2}hostPID: yes\n/);
  assert.equal(watertight.restore(POD), null);
  assert.match(watertight.explain("host-pid"), /## What it finds/);
  assert.equal(watertight.explain("no-such-rule"), null);
  assert.deepEqual(watertight.ask({ restore: { text: POD } }), { restored: { text: null } });
});

test("wrong calls are errors that say what is wrong", () => {
  assert.throws(() => watertight.analyse([{ name: "x", text: null }]), /a text is wanted, not null/);
  assert.throws(() => watertight.restore(7), /a text is wanted, not number/);
  assert.throws(() => watertight.ask({ dance: {} }), /dance/);
  assert.throws(() => watertight.analyse(POD, { level: "loose" }), /loose/);
  // Half a surrogate pair is no reason to stop.
  assert.ok(watertight.analyse(`# \ud83d\n${POD}`).findings.length > 0);
});

test("the engine is loaded once, and a load that fails may be tried again", async () => {
  assert.equal(await library.load(), watertight);
  const script = `
    import { load } from "${new URL(`file://${packageFolder}/node.js`)}";
    await load(new Uint8Array([1, 2, 3])).then(() => process.exit(1), () => {});
    console.log((await load()).analyse("").files.length);`;
  assert.equal(execFileSync("node", ["--input-type=module", "--eval", script], { encoding: "utf8" }).trim(), "1");
});

test("the program and the package say the same of the same text", (t) => {
  let findings = 0;
  const all = files();
  for (const file of all) {
    const text = readFileSync(file, "utf8");
    const { out } = run(["check", "--format", "json", "--", file]);
    const program = told(JSON.parse(out), text);
    const module = told(watertight.analyse([{ name: file, text }]), text);
    findings += module.findings.length;
    assert.deepEqual(module, program, shortName(file));
  }
  assert.ok(findings > 50, `${findings} findings`);
  t.diagnostic(`${all.length} files, ${findings} findings`);
});

/** What a report says, with all places as bytes. */
function told(report, text) {
  const bytes = report.encoding === "utf16" ? bytesOf(text) : (offset) => offset;
  const place = ({ range, route, label }) => ({
    start: bytes(range.start),
    end: bytes(range.end),
    lines: [range.startLine, range.endLine],
    route,
    label,
  });
  const finding = ({ primary, related, fixes, ...rest }) => ({
    ...rest,
    primary: place(primary),
    related: related.map(place),
    fixes: fixes.map(({ rewrites, ...fix }) => ({
      ...fix,
      rewrites: (rewrites ?? []).map(({ span, ...rewrite }) => ({ ...rewrite, start: bytes(span.start), end: bytes(span.end) })),
    })),
  });
  return {
    findings: report.findings.map(finding),
    suppressed: report.suppressed.map((suppressed) => finding(suppressed.finding)),
    pods: report.pods.map(({ place: at, admission, ...pod }) => ({
      ...pod,
      place: place(at),
      admission: admission.map(({ failures, ...answer }) => ({
        ...answer,
        failures: failures.map(({ places, ...failure }) => ({ ...failure, places: places.map(place) })),
      })),
    })),
    checklist: report.checklist,
    rules: report.rules,
  };
}

/** From UTF-16 units to bytes, counted once. */
function bytesOf(text) {
  const before = new Uint32Array(text.length + 1);
  let count = 0;
  let unit = 0;
  for (const character of text) {
    before[unit] = count;
    unit += character.length;
    count += Buffer.byteLength(character);
  }
  before[unit] = count;
  return (offset) => before[offset];
}

test("the types fit: a user of the package compiles", () => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "watertight-types-"));
  try {
    const modules = join(folder, "node_modules");
    execFileSync("mkdir", [modules]);
    symlinkSync(packageFolder, join(modules, "watertight"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "user.ts"), readFileSync(join(here, "user.ts")));
    const compiler = join(here, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
    execFileSync("node", [compiler, ...flags, "user.ts"], { cwd: folder, stdio: "pipe" });
  } catch (error) {
    assert.fail(String(error.stdout ?? error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the example of its README runs", () => {
  const readme = readFileSync(join(packageFolder, "README.md"), "utf8");
  const code = readme.match(/```js\n([\s\S]*?)```/)[1];
  const script = code.replace('"watertight"', JSON.stringify(new URL(`file://${packageFolder}/node.js`)));
  const out = execFileSync("node", ["--input-type=module", "--eval", script], { encoding: "utf8" });
  assert.match(out, /high host-pid .* hostPID: true/);
  assert.match(out, /(^|\n)## What it finds/);
});
