// The editor's colours and indentation, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { colours, folds, indentAfter } from "../../static/editor/test/support.mjs";

const LINES = [
  ["kind: Pod", "propertyName:kind punctuation:: content:Pod"],
  ["- name: a#b # why", "punctuation:- propertyName:name punctuation:: content:a#b comment:# why"],
  ["image: example.com/web:1.0", "propertyName:image punctuation:: content:example.com/web:1.0"],
  ['{"privileged": true, "uid": 0}', 'punctuation:{ propertyName:"privileged" punctuation:: bool:true punctuation:, propertyName:"uid" punctuation:: number:0 punctuation:}'],
  ["a: 'it''s: one'", "propertyName:a punctuation:: string:'it''s: one'"],
  ["a: |-\n  b: c\n\n  d\ne: 1", "propertyName:a punctuation:: meta:|- string:  b: c string:  d propertyName:e punctuation:: number:1"],
  ["- run: >\n    x: y\n  z: no", "punctuation:- propertyName:run punctuation:: meta:> string:    x: y propertyName:z punctuation:: bool:no"],
  ['a: "one\n  two" # x', 'propertyName:a punctuation:: string:"one string:  two" comment:# x'],
  ["---\n%YAML 1.2\n...", "meta:--- meta:%YAML 1.2 meta:..."],
  [
    "# mine\nprofile web flags=(complain) {\n  include <abstractions/base>\n  deny /a{b,c}/** w, # why\n  owner @{HOME}/x rmix,\n}",
    "comment:# mine propertyName:profile content:web propertyName:flags punctuation:=( content:complain " +
      "punctuation:) punctuation:{ propertyName:include string:<abstractions/base> meta:deny string:/a{b,c}/** bool:w " +
      "punctuation:, comment:# why meta:owner string:@{HOME}/x bool:rmix punctuation:, punctuation:}",
  ],
  [
    "abi <abi/3.0>,\nprofile a {\n  capability chown,\n  signal (send) set=(term) peer=x,\n}",
    "propertyName:abi string:<abi/3.0> punctuation:, propertyName:profile content:a punctuation:{ propertyName:capability " +
      "content:chown punctuation:, propertyName:signal punctuation:( content:send punctuation:) propertyName:set " +
      "punctuation:=( content:term punctuation:) propertyName:peer punctuation:= content:x punctuation:, punctuation:}",
  ],
  ["# x\nkind: Pod", "comment:# x propertyName:kind punctuation:: content:Pod"],
  ["a: &x !!str b", "propertyName:a punctuation:: labelName:&x typeName:!!str content:b"],
];

for (const [text, expected] of LINES) {
  test(`colours of ${JSON.stringify(text)}`, () => assert.equal(colours(text), expected));
}

test("no depth of nesting is too deep", () => {
  for (const open of ["[", "{a: ", "- ", "? ", "profile a { "]) colours(open.repeat(20_000));
  colours(Array.from({ length: 1_400 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"));
});

const INDENTS = [
  ["spec:", 2],
  ["  - name: a", 4],
  ["  - ", 4],
  ["    - env:", 8],
  ["  run: |", 4],
  ["  image: x", 2],
  ["", 0],
];

for (const [line, column] of INDENTS) {
  test(`the line after ${JSON.stringify(line)} begins at column ${column}`, () => assert.equal(indentAfter(line), column));
}

const FOLDS = [
  ["a: 1", ""],
  ["a:\n  b: 1\n\nc: 2", "1-2"],
  ["a:\n- b\n- c:\n    d\ne: 1", "1-4 3-4"],
  ['{\n  "a": [\n    1\n  ]\n}', "1-4 2-3"],
];

for (const [text, lines] of FOLDS) {
  test(`folds of ${JSON.stringify(text)}`, () => assert.equal(folds(text), lines));
}
