// The program's formats, read as those who defined them say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { files, run, shortName } from "./support.mjs";

// OASIS' own schema of SARIF 2.1.0, as this package carries it.
const schema = createRequire(import.meta.url)("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

const ajv = new Ajv({ allErrors: true, schemaId: "auto", meta: false, unknownFormats: ["uri", "uri-reference"] });
ajv.addMetaSchema(createRequire(import.meta.url)("ajv/lib/refs/json-schema-draft-04.json"));
const fits = ajv.compile({ ...schema, $schema: "http://json-schema.org/draft-04/schema#" });

function log(args, input) {
  const log = JSON.parse(run(["check", "--format", "sarif", ...args], input).out);
  assert.ok(fits(log), JSON.stringify(fits.errors?.slice(0, 3), null, 1));
  return log;
}

test("the check of the schema can fail", () => {
  const sound = log(["-"], "kind: Pod\n");
  assert.ok(!fits({ ...sound, version: "2.0.0" }));
  sound.runs[0].results[0].level = "dreadful";
  assert.ok(!fits(sound));
});

test("SARIF fits its schema, whatever is looked at", (t) => {
  const all = files();
  let results = 0;
  for (const file of all) {
    const run = log(["--", file]).runs[0];
    results += run.results.length;
    for (const result of run.results) agree(run, result, readFileSync(file, "utf8"), file);
  }
  assert.ok(results > 50);
  t.diagnostic(`${all.length} files, ${results} results`);
});

/** What the schema cannot say. */
function agree(run, result, text, file) {
  const rule = run.tool.driver.rules[result.ruleIndex];
  assert.equal(rule.id, result.ruleId, shortName(file));
  const lines = text.split(/\r\n|\r|\n/);
  for (const { physicalLocation } of [...result.locations, ...(result.relatedLocations ?? [])]) {
    const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
    assert.ok(startLine < endLine || (startLine === endLine && startColumn <= endColumn), shortName(file));
    const width = (line) => [...(lines[line - 1] ?? "")].length + 1;
    assert.ok(endLine <= lines.length && startColumn <= width(startLine), `${shortName(file)} ${result.ruleId}`);
    assert.ok(endColumn <= width(endLine), `${shortName(file)} ${result.ruleId}: column ${endColumn} of ${endLine}`);
    assert.doesNotThrow(() => new URL(physicalLocation.artifactLocation.uri, "file:///"));
  }
}

test("SARIF of what is unusable, of nothing, and of a finding left out", () => {
  const missing = log(["/no/such/file.yaml"]).runs[0];
  assert.equal(missing.invocations[0].executionSuccessful, false);
  assert.equal(missing.results.length, 0);
  log(["-"], "");
  log(["-"], "\u0000\u0001binary");
  const ignored = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true # watertight: ignore host-pid it must\n  containers: []\n";
  const { results } = log(["-"], ignored).runs[0];
  assert.ok(results.length > 0 && results.every(({ ruleId }) => ruleId !== "host-pid"));
});

// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
test("SARIF that GitHub takes: no more than 20 tags at a rule, of which it shows 10", () => {
  const { rules } = log(["-"], "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n").runs[0].tool.driver;
  for (const { id, properties } of rules) {
    assert.ok(properties.tags.length <= 10, `${id} has ${properties.tags.length} tags`);
    assert.match(properties["security-severity"], /^\d+\.\d$/);
  }
});
