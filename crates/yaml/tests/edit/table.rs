//! A table of texts before and after, and what holds for every row.

use serde_json::{Value, json};
use watertight_diagnostic::{Operation, Step};
use watertight_yaml::edit::{Plan, plan};
use watertight_yaml::parse;

use crate::reference::{reference, route, values};

fn set(at: &str, value: impl Into<Value>) -> Operation {
    Operation::set(route(at), value)
}

fn append(at: &str, value: impl Into<Value>) -> Operation {
    Operation::append(route(at), value)
}

fn remove(at: &str) -> Operation {
    Operation::remove(route(at))
}

fn remove_with(at: &str, parents: u8) -> Operation {
    Operation::remove_with(route(at), parents)
}

fn keep_last(at: &str) -> Operation {
    Operation::keep_last(route(at))
}

/// The text after the plan, which has to be carried out whole.
fn carried_out(before: &str, operations: &[Operation]) -> String {
    let Plan { edits, refused } = plan(&parse(before), operations);
    assert!(refused.is_empty(), "refused {refused:?} on\n{before}");
    watertight_text::apply(before, &edits).unwrap()
}

#[track_caller]
fn check(before: &str, operations: &[Operation], after: &str) {
    if let Err(fault) = row(before, operations, after) {
        panic!("{fault}");
    }
}

/// All rows of a table, so that one run shows every fault.
fn check_all<'r>(rows: impl IntoIterator<Item = (&'r str, &'r [Operation], &'r str)>) {
    let rows = rows.into_iter();
    let faults: Vec<_> = rows.filter_map(|(before, operations, after)| row(before, operations, after).err()).collect();
    assert!(faults.is_empty(), "{} rows\n{}", faults.len(), faults.join("\n"));
}

fn row(before: &str, operations: &[Operation], after: &str) -> Result<(), String> {
    let Plan { edits, refused } = plan(&parse(before), operations);
    let found = watertight_text::apply(before, &edits).map_err(|error| error.to_string())?;
    let told = format!(
        "{operations:?}\nrefused {refused:?}\n--- before\n{before}\n--- expected\n{after}\n--- found\n{found}\n---"
    );
    if !refused.is_empty() || found != after {
        return Err(told);
    }
    if values(&found) != reference(values(before), operations) {
        return Err(format!("other meaning: {told}"));
    }
    let moves_items = operations.iter().any(|operation| {
        matches!(operation, Operation::Remove { route, .. } if route.steps.iter().any(|step| matches!(step, Step::Index(_))))
    });
    if !moves_items {
        let again = plan(&parse(&found), operations);
        if again != Plan::default() {
            return Err(format!("the second time {again:?}: {told}"));
        }
    }
    Ok(())
}

/// What is refused, with a word of the reason; nothing else may have changed.
fn check_refused(before: &str, operations: &[Operation], refusals: &[(usize, &str)]) {
    let plan = plan(&parse(before), operations);
    let found: Vec<_> = plan.refused.iter().map(|refusal| refusal.operation).collect();
    let expected: Vec<_> = refusals.iter().map(|(operation, _)| *operation).collect();
    assert_eq!(found, expected, "{:?}", plan.refused);
    for (refusal, (_, word)) in plan.refused.iter().zip(refusals) {
        assert!(refusal.reason.contains(word), "{refusal:?}");
    }
    let rest = operations.iter().enumerate().filter(|(place, _)| !expected.contains(place));
    let rest: Vec<_> = rest.map(|(_, operation)| operation.clone()).collect();
    let after = watertight_text::apply(before, &plan.edits).unwrap();
    assert_eq!(values(&after), reference(values(before), &rest));
}

#[test]
fn empty_parents_go_along_as_far_as_asked() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a:\n  - x\nb: 1\n", remove("a[0]"), "a: []\nb: 1\n"),
        ("a:\n  - x\nb: 1\n", remove_with("a[0]", 1), "b: 1\n"),
        ("a:\n  - x\n  - y\nb: 1\n", remove_with("a[0]", 1), "a:\n  - y\nb: 1\n"),
        ("a: [x] # c\nb: 1\n", remove_with("a[0]", 1), "b: 1\n"),
        ("{\"a\": [\"x\"], \"b\": 1}", remove_with("a[0]", 1), "{\"b\": 1}"),
        ("s:\n  a:\n    - x\n", remove_with("s.a[0]", 1), "s: {}\n"),
        ("s:\n  a:\n    - x\n", remove_with("s.a[0]", 2), "{}\n"),
        ("s:\n  a:\n    - x\n", remove_with("s.a[0]", 9), "{}\n"),
        ("s:\n  a:\n    - x\n  b: 1\n", remove_with("s.a[0]", 2), "s:\n  b: 1\n"),
        ("l:\n  - s:\n      a: 1\n    b: 2\n", remove_with("l[0].s.a", 1), "l:\n  - b: 2\n"),
        ("l:\n  - s:\n      a: 1\n  - c\n", remove_with("l[0].s.a", 2), "l:\n  - c\n"),
        // What was empty before stays.
        ("a: []\nb: {}\n", remove_with("b.c", 1), "a: []\nb: {}\n"),
        ("a: &a [x]\nb: *a\n", remove_with("b[0]", 1), "a: &a [x]\n"),
        ("a: &a [x]\nb: *a\n", remove_with("a[0]", 1), "b: &a\n  - x\n"),
        ("a: &a {l: [x]}\nb:\n  <<: *a\n  c: 1\n", remove_with("b.l[0]", 1), "a: &a {l: [x]}\nb:\n  c: 1\n"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
    let both = [remove_with("a[0]", 1), remove_with("a[1]", 1)];
    check("a:\n  - x\n  # of y\n  - y\nb: 1\n", &both, "b: 1\n");
    check("a:\n  - x\nb: 1\n", &[remove_with("a[0]", 1), append("a", "z")], "a:\n  - z\nb: 1\n");
}

#[test]
fn of_equal_keys_the_last_stays() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a: 1\nb: 2\na: 3\n", keep_last("a"), "b: 2\na: 3\n"),
        ("a: 1\n", keep_last("a"), "a: 1\n"),
        ("a: 1\n", keep_last("b"), "a: 1\n"),
        ("- 1\n- 1\n", keep_last("[0]"), "- 1\n- 1\n"),
        ("# one\na: 1 # two\n# three\na: 3 # four\n", keep_last("a"), "# three\na: 3 # four\n"),
        ("a: &a {x: 1, x: 2}\nb: *a\n", keep_last("a.x"), "a: &a {x: 2}\nb: *a\n"),
        ("a: &a {x: 1, x: 2}\nb: *a\n", keep_last("b.x"), "a: &a {x: 1, x: 2}\nb: *a\n"),
        ("a: &a {x: 1}\nb: *a\na: 2\n", keep_last("a"), "b: &a\n  x: 1\na: 2\n"),
        ("a: |\n  one\na: |\n  two", keep_last("a"), "a: |\n  two"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
    check("a: {x: 1}\na: {x: 2}\n", &[keep_last("a"), set("a.x", 3)], "a: {x: 3}\n");
    check_refused("a: 1\na: 2\n", &[set("a", 3), keep_last("a")], &[(1, "earlier change")]);
}

#[test]
fn scalars_are_set_in_place() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a: true\n", set("a", false), "a: false\n"),
        ("a: true # why\nb: 1\n", set("a", false), "a: false # why\nb: 1\n"),
        ("a: yes\n", set("a", true), "a: yes\n"),
        ("a: 0644\n", set("a", 420), "a: 0644\n"),
        ("a: 0644\n", set("a", 288), "a: 288\n"),
        ("a: x\n", set("a", "y z"), "a: y z\n"),
        ("a: 'x'\n", set("a", "it's"), "a: 'it''s'\n"),
        ("a: \"x\"\n", set("a", "q\"q"), "a: \"q\\\"q\"\n"),
        ("a: 'x'\n", set("a", "two\nlines"), "a: \"two\\nlines\"\n"),
        ("a: \"x\"\n", set("a", 5), "a: 5\n"),
        ("a:\n  x # c\n", set("a", "y_"), "a:\n  y_ # c\n"),
        ("a: one\n  two\n  three # c\nb: 1\n", set("a", 1), "a: 1 # c\nb: 1\n"),
        ("a: \"one\n  two\" # c\nb: 1\n", set("a", 1), "a: 1 # c\nb: 1\n"),
        ("a: |\n  one\n  two\nb: 1\n", set("a", "x"), "a: x\nb: 1\n"),
        ("a: >- # c\n  one\n\n  two\n\nb: 1\n", set("a", "x"), "a: x # c\n\nb: 1\n"),
        ("- |\n one\n- 2\n", set("[0]", 1), "- 1\n- 2\n"),
        ("a: |\n  one", set("a", 1), "a: 1"),
        ("a: !!str 5\n", set("a", 6), "a: 6\n"),
        ("a: &x 5 # c\n", set("a", 6), "a: &x 6 # c\n"),
        ("a: 1\na: 2\n", set("a", 3), "a: 1\na: 3\n"),
        ("{\"a\": \"x\"}", set("a", "y"), "{\"a\": \"y\"}"),
        ("[a, b]\n", set("[1]", "c"), "[a, c]\n"),
        ("a: {b: 1, c: 2}\n", set("a.b", "x: y"), "a: {b: \"x: y\", c: 2}\n"),
        ("plain\n", set("", "text"), "text\n"),
        ("a:\n- x # c\n- y_\n", set("a[0]", "z"), "a:\n- z # c\n- y_\n"),
        ("a:\r\n  b: 1\r\n", set("a.b", 2), "a:\r\n  b: 2\r\n"),
        ("\u{feff}a: 1\n", set("a", 2), "\u{feff}a: 2\n"),
        ("a: 1\n...\n", set("a", 2), "a: 2\n...\n"),
        ("a:\t1\t# c\n", set("a", 2), "a:\t2\t# c\n"),
        ("a: x", set("a", "z"), "a: z"),
        ("yes: 1\n", set("true", 2), "yes: 2\n"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
}

#[test]
fn texts_that_look_like_something_else_are_quoted() {
    let quoted = [
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "N",
        "true",
        "FALSE",
        "null",
        "~",
        "Null",
        "",
        " x",
        "x ",
        "0644",
        "1e3",
        "0x1F",
        "0o17",
        "0b11",
        "1_000",
        "12:30:45",
        "2001-01-01",
        ".inf",
        "-.INF",
        ".nan",
        "+1",
        "-5",
        "1.5",
        ".5",
        "a: b",
        "a #b",
        "# a",
        "- a",
        "? a",
        ": a",
        "-",
        "[a",
        "{a",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'a",
        "\"a",
        "a:",
        "tab\there",
        "<<",
        "=",
        "---",
        "--- a",
        "...",
        "a\u{85}b",
        "\u{feff}",
        "a\u{7f}",
        ",a",
        "]",
        "}",
        "1e-3",
        "190:20:30",
        "0.",
        "1.",
        "+.5",
        "2001-01-01t00:00:00Z",
    ];
    for text in quoted {
        let found = carried_out("a: 1\n", &[set("a", text)]);
        assert!(found.starts_with("a: \""), "{found}");
        assert_eq!(values(&found), [json!({ "a": text })]);
        let found = carried_out("a: [1]\n", &[set("a[0]", text)]);
        assert!(found.starts_with("a: [\""), "{found}");
        assert_eq!(values(&found), [json!({ "a": [text] })]);
        let found = carried_out("a:\n- b: 1\n", &[set(&format!("a[0][\"{text}\"]"), text)]);
        assert_eq!(values(&found), [json!({ "a": [{"b": 1, text: text}] })], "{found}");
    }
    let plain =
        ["x", "nginx:1.25", "128Mi", "500m", "RuntimeDefault", "-a", ":a", "a#b", "a:b", "é", "x y", "10s", "yess"];
    for text in plain {
        check("a: 1\n", &[set("a", text)], &format!("a: {text}\n"));
    }
}

#[test]
fn keys_are_added_last() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a: 1\n", set("b", 2), "a: 1\nb: 2\n"),
        ("a: 1", set("b", 2), "a: 1\nb: 2"),
        ("a: 1\r\n", set("b", 2), "a: 1\r\nb: 2\r\n"),
        ("a: 1 # c\n", set("b", 2), "a: 1 # c\nb: 2\n"),
        ("a:\n  b: 1\nc: 2\n", set("a.d", 3), "a:\n  b: 1\n  d: 3\nc: 2\n"),
        ("a:\n    b: 1\nc: 2\n", set("a.d.e", 3), "a:\n    b: 1\n    d:\n        e: 3\nc: 2\n"),
        ("a:\n  b: 1\n\n# about c\nc: 2\n", set("a.d", 3), "a:\n  b: 1\n  d: 3\n\n# about c\nc: 2\n"),
        ("a:\n  b: 1\n  # old: 2\nc: 2\n", set("a.d", 3), "a:\n  b: 1\n  d: 3\n  # old: 2\nc: 2\n"),
        ("a:\n  b:\n    x: 1\n    # old: 2\nc: 2\n", set("a.d", 3), "a:\n  b:\n    x: 1\n    # old: 2\n  d: 3\nc: 2\n"),
        ("a: |\n  x\n\nb: 1\n", set("c", 2), "a: |\n  x\n\nb: 1\nc: 2\n"),
        ("a:\n  b: |\n    x\n\nc: 1\n", set("a.d", 2), "a:\n  b: |\n    x\n  d: 2\n\nc: 1\n"),
        ("a:\n  b: |+\n    x\n\nc: 1\n", set("a.d", 2), "a:\n  b: |+\n    x\n\n  d: 2\nc: 1\n"),
        ("a: |\n  x", set("b", 2), "a: |-\n  x\nb: 2"),
        ("a:\n", set("a.b", 1), "a:\n  b: 1\n"),
        ("a: # c\nz: 1\n", set("a.b", 1), "a: # c\n  b: 1\nz: 1\n"),
        ("a: ~ # c\n", set("a.b", 1), "a: # c\n  b: 1\n"),
        ("a: null\n", set("a.b.c", 1), "a:\n  b:\n    c: 1\n"),
        ("a:", set("a.b", 1), "a:\n  b: 1"),
        ("a: {}\n", set("a.b", 1), "a:\n  b: 1\n"),
        ("a: {} # c\n", set("a.b", 1), "a: # c\n  b: 1\n"),
        ("a: {b: 1}\n", set("a.c", true), "a: {b: 1, c: true}\n"),
        ("a: { b: 1 }\n", set("a.c.d", "x"), "a: { b: 1, c: { d: x } }\n"),
        ("a: {b: {}}\n", set("a.b.c", 1), "a: {b: {c: 1}}\n"),
        ("a: {b: }\n", set("a.b.c", 1), "a: {b: {c: 1} }\n"),
        ("a: {b}\n", set("a.b", 1), "a: {b: 1}\n"),
        ("a: {\n  b: 1\n}\n", set("a.c", 2), "a: {\n  b: 1,\n  c: 2\n}\n"),
        ("a: {\n  b: 1, # c\n}\n", set("a.c", 2), "a: {\n  b: 1, # c\n  c: 2,\n}\n"),
        ("a: {\n  b: 1 # c\n}\n", set("a.c", 2), "a: {\n  b: 1, # c\n  c: 2\n}\n"),
        ("a: {\"b\": 1}\n", set("a.c", "x"), "a: {\"b\": 1, \"c\": \"x\"}\n"),
        ("{\"a\":1}", set("b.c", "x"), "{\"a\":1,\"b\":{\"c\":\"x\"}}"),
        ("{}", set("a", "x"), "{\"a\": \"x\"}"),
        ("{\n    \"a\": {}\n}\n", set("a.b", 1), "{\n    \"a\": {\n        \"b\": 1\n    }\n}\n"),
        (
            "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n",
            set("a.c.d", "x"),
            "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": {\n      \"d\": \"x\"\n    }\n  }\n}\n",
        ),
        ("{\n\t\"a\": 1\n}\n", set("b", [1, 2].as_slice()), "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t1,\n\t\t2\n\t]\n}\n"),
        ("- a: 1\n- c: 1\n", set("[0].b", 2), "- a: 1\n  b: 2\n- c: 1\n"),
        ("x:\n- a: 1\ny: 2\n", set("x[0].b.c", 2), "x:\n- a: 1\n  b:\n    c: 2\ny: 2\n"),
        ("x:\n  -   a: 1\n", set("x[0].b", 2), "x:\n  -   a: 1\n      b: 2\n"),
        ("x:\n- a:\n    b: 1\n", set("x[0].c.d", 2), "x:\n- a:\n    b: 1\n  c:\n    d: 2\n"),
        ("x:\n-\n  a: 1\n", set("x[0].b", 2), "x:\n-\n  a: 1\n  b: 2\n"),
        ("x:\n-\ny: 1\n", set("x[0].b", 2), "x:\n- b: 2\ny: 1\n"),
        ("x:\n- # c\n- 1\n", set("x[0].b", 2), "x:\n- b: 2 # c\n- 1\n"),
        ("x:\n- {} # c\n", set("x[0]", json!({"a": 1, "b": 2})), "x:\n- a: 1 # c\n  b: 2\n"),
        ("x:\n- - a: 1\n", set("x[0][0].b", 2), "x:\n- - a: 1\n    b: 2\n"),
        ("a: 1\n...\n", set("b", 2), "a: 1\nb: 2\n...\n"),
        ("--- # d\na: 1\n# end\n", set("b", 2), "--- # d\na: 1\nb: 2\n# end\n"),
        ("\u{feff}a: 1\n", set("b.c", 2), "\u{feff}a: 1\nb:\n  c: 2\n"),
        ("\u{feff}a:\n  c: 1\n", set("a.b", 2), "\u{feff}a:\n  c: 1\n  b: 2\n"),
        ("a: 1   \n", set("b", 2), "a: 1   \nb: 2\n"),
        ("a: [1]\n", set("b", json!({"c": ["x"], "d": [], "e": {}})), "a: [1]\nb:\n  c:\n    - x\n  d: []\n  e: {}\n"),
        (
            "l:\n- 1\n",
            set("b", json!({"c": ["x", {"y_": 1, "z": [2]}]})),
            "l:\n- 1\nb:\n  c:\n  - x\n  - y_: 1\n    z:\n    - 2\n",
        ),
        ("a: 1\n", set("b", json!([[1, [2]], []])), "a: 1\nb:\n  - - 1\n    - - 2\n  - []\n"),
        ("a: &x\n  b: 1\n", set("a.c", 1), "a: &x\n  b: 1\n  c: 1\n"),
        ("a: !!map\n", set("b", 1), "a: !!map\nb: 1\n"),
        ("a: 1\n---\nb: 1\n---\nc: 1\n", set("1:d", 2), "a: 1\n---\nb: 1\nd: 2\n---\nc: 1\n"),
        ("a: 1\n---\nb: 1", set("1:d", 2), "a: 1\n---\nb: 1\nd: 2"),
        ("---\na: 1\n---\n# c\nb: 1\n", set("0:d", 2), "---\na: 1\nd: 2\n---\n# c\nb: 1\n"),
        ("a: # c1\n  # c2\n  b: 1 # c3\n", set("a.d", 2), "a: # c1\n  # c2\n  b: 1 # c3\n  d: 2\n"),
        ("a:\n  'b': 1\n", set("a.c", 2), "a:\n  'b': 1\n  c: 2\n"),
        ("a: [{b: 1}, {c: 2}]\n", set("a[1].d", 3), "a: [{b: 1}, {c: 2, d: 3}]\n"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
}

#[test]
fn items_are_appended_once() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a:\n- x\nb: 1\n", append("a", "z"), "a:\n- x\n- z\nb: 1\n"),
        ("a:\n- x\n", append("a", "x"), "a:\n- x\n"),
        ("a:\n  - x # c\n  # d\nb: 1\n", append("a", "z"), "a:\n  - x # c\n  - z\n  # d\nb: 1\n"),
        ("a: [x]\n", append("a", "z"), "a: [x, z]\n"),
        ("a: [x,z]\n", append("a", "w"), "a: [x,z,w]\n"),
        ("a: []\n", append("a", "z"), "a:\n  - z\n"),
        ("l:\n- 1\na: [] # c\n", append("a", "z"), "l:\n- 1\na: # c\n- z\n"),
        ("a: {b: []}\n", append("a.b", "z"), "a: {b: [z]}\n"),
        ("a: {b: [x, ]}\n", append("a.b", "z"), "a: {b: [x, z, ]}\n"),
        ("a: [\n  x,\n  z\n]\n", append("a", "w"), "a: [\n  x,\n  z,\n  w\n]\n"),
        ("a: [x,\n  z]\n", append("a", "w"), "a: [x,\n  z,\n  w]\n"),
        ("a:\n", append("a", "z"), "a:\n  - z\n"),
        ("b: 1\n", append("a.c", "z"), "b: 1\na:\n  c:\n    - z\n"),
        ("a:\n- b: 1\n", append("a", json!({"c": 1, "d": {"e": 2}})), "a:\n- b: 1\n- c: 1\n  d:\n    e: 2\n"),
        ("a:\n- b: 1\n", append("a", json!({"b": 1})), "a:\n- b: 1\n"),
        ("- 1", append("", 2), "- 1\n- 2"),
        ("a: [\"x\"]\n", append("a", "z"), "a: [\"x\", \"z\"]\n"),
        ("a:\n- 'x'\n- 1\n", append("a", "z"), "a:\n- 'x'\n- 1\n- 'z'\n"),
        ("a: ['x', z]\n", append("a", "w"), "a: ['x', z, w]\n"),
        ("[1]", append("", "x"), "[1, \"x\"]"),
        ("- - 1\n- 2\n", append("[0]", 3), "- - 1\n  - 3\n- 2\n"),
        ("{\"a\": [\n  1\n]}\n", append("a", 2), "{\"a\": [\n  1,\n  2\n]}\n"),
        ("a:\n- |\n  x\n", append("a", "z"), "a:\n- |\n  x\n- z\n"),
        ("a:\n-\n", append("a", "z"), "a:\n-\n- z\n"),
        ("a:\n- 1\n", set("a[1].b", 2), "a:\n- 1\n- b: 2\n"),
        ("a: 1\n", set("b[0].c", 2), "a: 1\nb:\n  - c: 2\n"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
}

#[test]
fn removed_things_take_their_comments_along() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a: 1\nb: 2\n", remove("b"), "a: 1\n"),
        ("a: 1\nb: 2", remove("b"), "a: 1"),
        ("a: 1\r\nb: 2", remove("b"), "a: 1"),
        ("a: 1\nb: 2\n", remove("a"), "b: 2\n"),
        ("a: 1\n", remove("a"), "{}\n"),
        ("a: 1 # c", remove("a"), "{}"),
        ("a: 1\n", remove("b.c"), "a: 1\n"),
        ("a: x\n", remove("a.c"), "a: x\n"),
        ("# head\n\n# about a\na: 1 # c\n# about b\nb: 2\n", remove("a"), "# head\n\n# about b\nb: 2\n"),
        ("a: 1\n# one\n# two\nb: 2\n\n# free\n\nc: 3\n", remove("b"), "a: 1\n\n# free\n\nc: 3\n"),
        ("a:\n  b: 1\n  # in a\n# about c\nc: 2\n", remove("a"), "# about c\nc: 2\n"),
        ("a: # c\n  b: 1\nd: 2\n", remove("a.b"), "a: {} # c\nd: 2\n"),
        (
            "a:\n  # free\n\n  # about b\n  b: 1\n  # after\nd: 2\n",
            remove("a.b"),
            "a: {}\n  # free\n\n  # after\nd: 2\n",
        ),
        ("a:\n  b: 1", remove("a.b"), "a: {}"),
        ("a:\n- b: 1\n  c: 2\n", remove("a[0].b"), "a:\n- c: 2\n"),
        ("a:\n- b: 1 # x\n  # about c\n  c: 2\n", remove("a[0].b"), "a:\n- # about c\n  c: 2\n"),
        ("a:\n- b: 1\n", remove("a[0].b"), "a:\n- {}\n"),
        ("a:\n- b: 1\n- c: 2\n", remove("a[0]"), "a:\n- c: 2\n"),
        ("a:\n- x\nb: 1\n", remove("a[0]"), "a: []\nb: 1\n"),
        ("a:\n  # one\n  - x\n  # two\n  - z\n", remove("a[1]"), "a:\n  # one\n  - x\n"),
        ("- - 1\n  - 2\n", remove("[0][0]"), "- - 2\n"),
        ("- - 1\n  - 2\n", remove("[0][1]"), "- - 1\n"),
        ("a: |\n  x\n  y\nb: 1\n", remove("a"), "b: 1\n"),
        ("a: 1\nb: |\n  x\n  y\n", remove("b"), "a: 1\n"),
        ("a: {b: 1, c: 2}\n", remove("a.b"), "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", remove("a.c"), "a: {b: 1}\n"),
        ("a: {b: 1}\n", remove("a.b"), "a: {}\n"),
        ("a: [x, z]\n", remove("a[0]"), "a: [z]\n"),
        ("a: [x, z] # c\n", remove("a[1]"), "a: [x] # c\n"),
        ("a: [x]\n", remove("a[0]"), "a: []\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", remove("b"), "{\n  \"a\": 1\n}\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", remove("a"), "{\n  \"b\": 2\n}\n"),
        ("{\n  \"a\": 1\n}\n", remove("a"), "{}\n"),
        ("a: {\n  b: 1, # b\n  # about c\n  c: 2, # c\n}\n", remove("a.c"), "a: {\n  b: 1, # b\n}\n"),
        ("a: {\n  b: 1, # b\n  # about c\n  c: 2 # c\n}\n", remove("a.c"), "a: {\n  b: 1 # b\n}\n"),
        ("a: {\n  b: 1, # b\n  # about c\n  c: 2 # c\n}\n", remove("a.b"), "a: {\n  # about c\n  c: 2 # c\n}\n"),
        ("{\"a\":1,\"b\":2,\"c\":3}", remove("b"), "{\"a\":1,\"c\":3}"),
        ("a: 1\na: 2\nb: 3\n", remove("a"), "b: 3\n"),
        ("a: 1\n---\nb: 1\nc: 2\n---\nd: 1\n", remove("1:b"), "a: 1\n---\nc: 2\n---\nd: 1\n"),
        ("a:\nb: 1\n", remove("a"), "b: 1\n"),
        ("x:\n  - a: 1\n\n  # about the second\n  - a: 2\n", remove("x[0]"), "x:\n\n  # about the second\n  - a: 2\n"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
}

/// An item with more in it than a line takes.
const WIDE: &str = concat!(
    "- &x\n  c: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
);

#[test]
fn collections_are_replaced() {
    let rows: &[(&str, Operation, &str)] = &[
        ("a: # c\n  b: 1\n  # in\nc: 1\n", set("a", 1), "a: 1 # c\n  # in\nc: 1\n"),
        ("a:\n- x\n- z\nb: 1\n", set("a", json!([])), "a: []\nb: 1\n"),
        ("a:\n- x\n- z\nb: 1\n", set("a", json!({"k": 1})), "a:\n  k: 1\nb: 1\n"),
        ("a: [x, z] # c\n", set("a", json!(["w"])), "a: [w] # c\n"),
        ("a: {b: 1}\n", set("a", json!({"c": 2})), "a: {c: 2}\n"),
        ("a: x # c\nb: 1\n", set("a", json!({"c": 2})), "a: # c\n  c: 2\nb: 1\n"),
        ("a: |\n  x\nb: 1\n", set("a", json!({"c": 2})), "a:\n  c: 2\nb: 1\n"),
        (
            "a:\n  # about b\n  b: 1 # b\n  c: 2 # c\n",
            set("a", json!({"b": 3, "d": 4})),
            "a:\n  # about b\n  b: 3 # b\n  d: 4\n",
        ),
        ("a:\n- x # x\n- z # z\n", set("a", json!(["z", "w"])), "a:\n- z # z\n- w\n"),
        ("- a: 1 # c\n  b: 2\n- 3\n", set("[0]", 5), "- 5\n- 3\n"),
        ("- a: 1\n  b: 2\n- 3\n", set("[0]", json!({"c": 1, "d": 2})), "- c: 1\n  d: 2\n- 3\n"),
        ("- x\n- 3\n", set("[0]", json!({"c": 1, "d": 2})), "- c: 1\n  d: 2\n- 3\n"),
        ("- |\n  x\n- 3\n", set("[0]", json!({"c": 1, "d": 2})), "- c: 1\n  d: 2\n- 3\n"),
        ("a: 1\nb:\n  c: 1\n", set("", json!({"d": {"e": 1}})), "d:\n  e: 1\n"),
        ("- x\n", set("", json!({"d": 1})), "d: 1\n"),
        ("--- x\n", set("", json!({"d": 1})), "---\nd: 1\n"),
        // An anchor on the line of a first key would be that key's.
        ("- &x 1 # c\n- 3\n", set("[0]", json!({"c": 1, "d": 2})), "- &x # c\n  c: 1\n  d: 2\n- 3\n"),
        ("- &x |\n  x\n- 3\n", set("[0]", json!({"c": 1, "d": 2})), "- &x\n  c: 1\n  d: 2\n- 3\n"),
        ("- &x\n- 3\n", set("[0]", json!({"c": 1})), "- &x\n  c: 1\n- 3\n"),
        ("&x 1\n", set("", json!({"c": 1})), "&x\nc: 1\n"),
        ("- &x {c: 1}\n", set("[0]", json!({"c": "x".repeat(99)})), WIDE),
        ("{\"a\": [1, 2]}", set("a", json!({"b": "c"})), "{\"a\": {\"b\": \"c\"}}"),
    ];
    check_all(rows.iter().map(|(before, operation, after)| (*before, std::slice::from_ref(operation), *after)));
}

#[test]
fn several_operations_make_one_change() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: true # debug\n  containers:\n  - name: a\n    image: x\n  - name: b\n    image: z\n    securityContext:\n      privileged: true\n";
    check(
        pod,
        &[
            set("spec.containers[0].securityContext.allowPrivilegeEscalation", false),
            append("spec.containers[0].securityContext.capabilities.drop", "ALL"),
            set("spec.containers[0].securityContext.runAsNonRoot", true),
            append("spec.containers[0].securityContext.capabilities.drop", "ALL"),
            remove("spec.hostPID"),
            remove("spec.containers[1].securityContext.privileged"),
            set("spec.containers[1].securityContext.runAsNonRoot", true),
            set("spec.securityContext.seccompProfile.type", "RuntimeDefault"),
        ],
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: x\n    securityContext:\n      allowPrivilegeEscalation: false\n      capabilities:\n        drop:\n        - ALL\n      runAsNonRoot: true\n  - name: b\n    image: z\n    securityContext:\n      runAsNonRoot: true\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n",
    );
    check("a: 1\nb: 2\nc: 3\n", &[remove("a"), remove("b"), set("d", 1)], "c: 3\nd: 1\n");
    check("a: 1\nb: 2\nc: 3", &[remove("b"), remove("c"), set("d", 1)], "a: 1\nd: 1");
    check("- a: 1\n  # free\n\n  b: 2\n  c: 3\n", &[remove("[0].a"), remove("[0].b")], "- # free\n\n  c: 3\n");
    check("- a: 1\n  b: 2\n  c: 3\n", &[remove("[0].a"), remove("[0].b")], "- c: 3\n");
    check("a: [1, 2, 3]\n", &[remove("a[1]"), remove("a[2]"), append("a", 4)], "a: [1, 4]\n");
    check("a: [1, 2, 3]\n", &[remove("a[0]"), remove("a[1]"), remove("a[2]"), append("a", 4)], "a: [4]\n");
    check(
        "{\n  \"a\": 1,\n  \"b\": 2\n}",
        &[remove("b"), set("c", 1), set("d", 2)],
        "{\n  \"a\": 1,\n  \"c\": 1,\n  \"d\": 2\n}",
    );
    check("a:\n  b: 1\n", &[remove("a.b"), set("a.c", 1)], "a:\n  c: 1\n");
    // The blank line below both would belong to the text above them.
    let kept = "a:\n  b: |+\n    x\n  c: 1\nd: 1\n\ne: 1\n";
    check(kept, &[remove("d"), remove("a.c")], "a:\n  b: |+\n    x\ne: 1\n");
    check(kept, &[remove("d")], "a:\n  b: |+\n    x\n  c: 1\n\ne: 1\n");
    check("a: |+\n  x\nb: 1\n\nc: 1\n\nd: 1\n", &[remove("b"), remove("c")], "a: |+\n  x\nd: 1\n");
    check("a: {}\n", &[set("a.b", 1), set("a.c", 2)], "a:\n  b: 1\n  c: 2\n");
    check("a: 1\n---\nb: 1\n", &[set("1:c", 2), set("0:c", 2)], "a: 1\nc: 2\n---\nb: 1\nc: 2\n");
    check("x: 1\n", &[set("a", json!({"b": 1})), set("a.b", 1), set("a.c", 2)], "x: 1\na:\n  b: 1\n  c: 2\n");
    check("x: 1\n", &[set("a.b", 1), set("a", json!({"b": 1}))], "x: 1\na:\n  b: 1\n");
    check("x: 1\n", &[set("a[0].name", 1), set("a[1].name", 2)], "x: 1\na:\n  - name: 1\n  - name: 2\n");
    check("a:\n  b: 1\n", &[remove("a.b"), remove("a")], "{}\n");
    check("a:\n  b: |+\n    x\n  c: 1", &[set("d", 1), remove("a.c")], "a:\n  b: |+\n    x\nd: 1");
}

#[test]
fn contradictions_and_impossible_things_are_refused() {
    check_refused("a: 1\n", &[set("a", 2), set("a", 3)], &[(1, "earlier")]);
    check_refused("a: 1\n", &[set("a", 2), remove("a")], &[(1, "earlier")]);
    check_refused("a:\n  b: 1\n", &[remove("a"), set("a.b", 3), set("c", 1)], &[(1, "earlier")]);
    check_refused("a:\n  b: 1\n", &[set("a.b", 2), set("a", 3)], &[(1, "earlier")]);
    // What need not be removed may not come in its place either.
    check_refused("- x\n", &[remove("b"), set("", json!({"b": 1}))], &[(1, "earlier")]);
    check_refused("a: 1\n", &[remove("a.b.c"), set("a", json!({"b": {"c": 1}}))], &[(1, "earlier")]);
    check_refused("a: {}\n", &[remove("a[0]"), set("a", json!([1]))], &[(1, "earlier")]);
    check("a: 1\n", &[remove("a.b"), set("a", json!({"c": 1}))], "a:\n  c: 1\n");
    check_refused("a: x\n", &[set("a.b", 2)], &[(0, "`a` holds text")]);
    check_refused("a: [x]\n", &[set("a.b", 2)], &[(0, "`a` holds a list")]);
    check_refused("a: {b: 1}\n", &[append("a", 2)], &[(0, "`a` holds a mapping")]);
    check_refused("a: [x]\n", &[set("a[5]", 2)], &[(0, "1 items")]);
    check_refused("a: 1\n", &[set("1:a", 2)], &[(0, "no such document")]);
    check_refused("a: [\n", &[set("a", 2)], &[(0, "Repair")]);
    check_refused("? a\n: 1\n", &[set("a", 2), set("b", 2)], &[(0, "`?`"), (1, "`?`")]);
    check_refused("a: *x\n", &[set("b", 2)], &[(0, "Repair")]);
    check_refused("a: 1\n", &[remove("")], &[(0, "whole document")]);
}

#[test]
fn a_use_of_a_shared_node_changes_alone() {
    let rows: &[(&str, &[Operation], &str)] = &[
        ("a: &x\n  k: 1\nb: *x\n", &[set("b.m", 2)], "a: &x\n  k: 1\nb:\n  <<: *x\n  m: 2\n"),
        ("a: &x\n  k: 1\nb: *x # c\nc: 1\n", &[set("b.k", 2)], "a: &x\n  k: 1\nb: # c\n  <<: *x\n  k: 2\nc: 1\n"),
        (
            "a: &x\n  k:\n    l: 1\n    m: 2\nb: *x\n",
            &[set("b.k.l", 2)],
            "a: &x\n  k:\n    l: 1\n    m: 2\nb:\n  <<: *x\n  k:\n    l: 2\n    m: 2\n",
        ),
        ("a: &x\n  k: 1\n  l: 2\nb: *x\n", &[remove("b.k")], "a: &x\n  k: 1\n  l: 2\nb:\n  l: 2\n"),
        ("a: &x [1]\nb: *x\n", &[append("b", 2)], "a: &x [1]\nb:\n  - 1\n  - 2\n"),
        ("a: &x 1\nb: *x\n", &[set("b", 2)], "a: &x 1\nb: 2\n"),
        ("l:\n- &x\n  k: 1\n- *x\n- z\n", &[set("l[1].m", 2)], "l:\n- &x\n  k: 1\n- <<: *x\n  m: 2\n- z\n"),
        ("{a: &x {k: 1}, b: *x}\n", &[], "{a: &x {k: 1}, b: *x}\n"),
        ("r: {a: &x {k: 1}, b: *x}\n", &[set("r.b.m", 2)], "r: {a: &x {k: 1}, b: {<<: *x, m: 2}}\n"),
        // The anchor's own place: the other use keeps the old value and takes the anchor over.
        ("a: &x\n  k: 1 # c\nb: *x\n", &[set("a.k", 2)], "a:\n  k: 2 # c\nb: &x\n  k: 1\n"),
        ("a: &x\n  k: 1\nb: *x # b\nc: *x\n", &[set("a.m", 2)], "a:\n  k: 1\n  m: 2\nb: &x # b\n  k: 1\nc: *x\n"),
        ("a: &x 1\nb: *x\n", &[set("a", 2)], "a: 2\nb: &x 1\n"),
        ("- &x 1\n- *x\n", &[set("[0]", json!({"a": 1, "b": 2}))], "-\n  a: 1\n  b: 2\n- &x 1\n"),
        ("- &x |\n  t\n- *x\n", &[set("[0]", json!({"a": 1}))], "-\n  a: 1\n- &x \"t\\n\"\n"),
        ("a: &x 1\nb: *x\n", &[set("a", json!({"a": 1}))], "a:\n  a: 1\nb: &x 1\n"),
        ("a: &x 1\nb: *x\nc: 1\n", &[remove("a")], "b: &x 1\nc: 1\n"),
        ("l:\n- &x\n  k: 1\n- *x\n", &[set("l[0].k", 2)], "l:\n-\n  k: 2\n- &x\n  k: 1\n"),
        // All uses change alike: once.
        ("a: &x\n  k: 1\nb: *x\n", &[set("a.k", 2), set("b.k", 2)], "a: &x\n  k: 2\nb: *x\n"),
        ("a: &x 1\nb: *x\n", &[set("b", 2), set("a", 2)], "a: &x 2\nb: *x\n"),
        ("a: &x\n  k: 1\nb: *x\nc: *x\n", &[set("a.k", 2), set("b.k", 2)], "a: &x\n  k: 2\nb: *x\nc:\n  k: 1\n"),
        // Merge keys.
        ("a: &x\n  k: 1\nb:\n  <<: *x\n  l: 2\n", &[set("b.k", 3)], "a: &x\n  k: 1\nb:\n  <<: *x\n  l: 2\n  k: 3\n"),
        (
            "a: &x\n  k: {p: 1, q: 2}\nb:\n  <<: *x\n",
            &[set("b.k.p", 3)],
            "a: &x\n  k: {p: 1, q: 2}\nb:\n  <<: *x\n  k:\n    p: 3\n    q: 2\n",
        ),
        (
            "a: &x\n  k: 1\n  m: 2\nb:\n  <<: *x\n  l: 2 # c\n",
            &[remove("b.k")],
            "a: &x\n  k: 1\n  m: 2\nb:\n  l: 2 # c\n  m: 2\n",
        ),
        (
            "l:\n- &x\n  name: a\n  p: true\n- <<: *x\n  name: b\n",
            &[set("l[0].p", false), set("l[1].p", false)],
            "l:\n- &x\n  name: a\n  p: false\n- <<: *x\n  name: b\n",
        ),
        (
            "l:\n- &x\n  name: a\n  p: true\n- <<: *x\n  name: b\n",
            &[set("l[0].p", false)],
            "l:\n-\n  name: a\n  p: false\n- <<: &x\n    name: a\n    p: true\n  name: b\n",
        ),
        (
            "l:\n- &x\n  name: a\n- <<: *x\n  name: b\n",
            &[set("l[0].name", "c")],
            "l:\n- &x\n  name: c\n- <<: *x\n  name: b\n",
        ),
    ];
    check_all(rows.iter().copied());
}
