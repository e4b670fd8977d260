//! Nothing that is pasted may make the reader panic, hang or point outside of the text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use watertight_text::Span;
use watertight_yaml::{Limits, Node, ProblemKind, parse, parse_with};

#[track_caller]
fn check_places(text: &str) {
    let stream = parse(text);
    let fits = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    let problems = stream.problems.iter().chain(stream.documents.iter().flat_map(|d| &d.problems));
    for problem in problems {
        fits(problem.span);
        problem.related.into_iter().for_each(fits);
    }
    for document in &stream.documents {
        fits(document.span);
        document.templates.iter().copied().for_each(fits);
        for comment in &document.comments {
            assert!(comment.span.slice(text).starts_with('#'), "{comment:?} in {text:?}");
            assert!(document.span.contains(comment.span), "{text:?}");
        }
        if let Some(root) = document.root() {
            assert!(document.span.contains(root.span()), "{text:?}");
            walk(text, root);
            root.to_json();
        }
    }
}

fn walk(text: &str, root: Node<'_>) {
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        let span = node.span();
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
        let children = node.items().chain(node.written_entries().flat_map(|entry| [entry.key, entry.value]));
        for child in children.filter(|_| !node.is_alias()) {
            assert!(span.contains(child.span()), "{:?} not in {span:?} of {text:?}", child.span());
            waiting.push(child);
        }
        for entry in node.entries() {
            assert!(node.get(&entry.name()).is_some(), "{text:?}");
        }
        let _ = (node.anchor(), node.tag(), node.reads_differently(), node.is_templated(), node.as_int());
    }
}

const SAMPLES: &[&str] = &[
    "# a\napiVersion: v1\nkind: Pod # b\nmetadata: {name: \"x\\u00e9\", labels: {a: 'b'}}\nspec:\n  containers:\n  - &c\n    \
     name: é\n    args: [a, 'b', *c]\n    <<: {x: 1}\n  - <<: *c\n    command: |\n      é\n\n      b\n---\n? k\n: >-\n  v\n...\n",
    "{\"a\": [1, -2.5e3, true, null, \"\\ud83d\\udea2\"],\n \"b\": {\"c\": {}}}\n{\"d\": \"é\"}",
    "{{- if .x }}\nimage: {{ .a | quote }}:{{ .b }}\nx: \"{{ y }}\"\nl:\n{% for i in l %}\n  - {{ i }}\n{% endfor %}\n\
     res:\n  {{- toYaml . | nindent 2 }}\n{{/* don't\n */}}\nd: |\n  {{ z }}\n{{- end }}\n",
    "\u{feff}a: 1\r\nb:\r\n\t- c\r\u{2028}d: \"e\u{85}f\"\n%YAML 1.2\n---\n!!int x: !<y> &z *z\n",
];

#[test]
fn every_prefix_and_every_suffix() {
    for sample in SAMPLES {
        for (at, _) in sample.char_indices() {
            check_places(&sample[..at]);
            check_places(&sample[at..]);
        }
    }
}

#[test]
fn corpus() {
    let Some(folder) = std::env::var_os("WATERTIGHT_CORPUS") else { return };
    let mut folders = vec![Path::new(&folder).join("manifests"), Path::new(&folder).join("article")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path)
                && text.len() < 100_000
            {
                seen += 1;
                check_places(&text);
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn limits() {
    #[track_caller]
    fn check(text: &str, limits: Limits, expected: ProblemKind) {
        let stream = parse_with(text, limits);
        let mut problems = stream.problems.iter().chain(stream.documents.iter().flat_map(|d| &d.problems));
        assert!(problems.any(|problem| problem.kind == expected), "{text:.40}");
        for document in &stream.documents {
            document.root().map(Node::to_json);
        }
    }
    let limits = Limits::default();
    for part in ["[", "{a: ", "- ", "? ", "a:\n", "[[[{a: ", "{\"a\":["] {
        let text = part.repeat(10_000);
        let expected = match part {
            "a:\n" => ProblemKind::DuplicateKey,
            _ => ProblemKind::Limit,
        };
        check(&text, limits, expected);
    }
    let indented: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    check(&indented, limits, ProblemKind::Limit);
    check("a: [1, 2, 3]", Limits { nodes: 3, ..limits }, ProblemKind::Limit);
    check("{\"a\": [1, 2, 3]}", Limits { nodes: 3, ..limits }, ProblemKind::Limit);
    check("a: 1\nb: 2\n", Limits { bytes: 6, ..limits }, ProblemKind::Limit);
    check("---\n---\n---\n", Limits { nodes: 2, ..limits }, ProblemKind::Limit);
    check("a: 1\n---\nb: 2\n---\nc: 3\n", Limits { nodes: 5, ..limits }, ProblemKind::Limit);
    check(&"# c\n".repeat(60_000).replacen("# c", "&b a:", 1), limits, ProblemKind::Limit);

    // What was read before the limit is there.
    let stream = parse_with("a: 1\nb: 2\n", Limits { bytes: 6, ..limits });
    assert_eq!(stream.documents[0].root().unwrap().to_json(), serde_json::json!({"a": 1}));
    let stream = parse_with("a: 1\n---\nb: 2\n", Limits { nodes: 5, ..limits });
    assert_eq!(stream.documents[0].root().unwrap().to_json(), serde_json::json!({"a": 1}));
    assert!(stream.documents[1].is_refused());
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    assert!(parse(&deep).documents[0].problems.is_empty());
    assert!(parse(&format!("{deep}\n# yaml")).documents[0].problems.is_empty());
}

#[test]
fn aliases_of_aliases() {
    let bomb = |levels: usize| {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..levels {
            let alias = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(", "));
        }
        text
    };
    let kinds = |text: &str| -> Vec<ProblemKind> {
        parse(text).documents[0].problems.iter().map(|problem| problem.kind).collect()
    };
    assert_eq!(kinds(&bomb(10)), [ProblemKind::ExcessiveAliases]);
    assert_eq!(kinds(&bomb(100)), [ProblemKind::ExcessiveAliases]);
    // sigs.k8s.io/yaml v1.6.0 reads the first and refuses the second.
    assert_eq!(kinds(&bomb(2)), []);
    let many = format!("a: &a [{}]\nb: [{}]\n", ["x"; 20].join(", "), ["*a"; 300].join(", "));
    assert_eq!(kinds(&many), []);
    // A chain of merges, each looked through once.
    let mut merges = "a0: &a0 {k: 1}\n".to_owned();
    for level in 1..2_000 {
        merges += &format!("a{level}: &a{level} {{<<: [*a{0}, *a{0}], j: 2}}\n", level - 1);
    }
    let stream = parse(&merges);
    let last = stream.documents[0].root().unwrap().get("a1999").unwrap();
    assert_eq!(last.get("k").unwrap().as_int(), Some(1));
    assert!(last.get("none").is_none());
}

#[test]
fn what_is_no_text() {
    for text in ["\u{0}\u{1}ELF", "a: b\u{0}", &"\u{fffd}\u{1}x".repeat(20)] {
        let stream = parse(text);
        assert!(stream.documents.is_empty());
        assert_eq!(stream.problems[0].kind, ProblemKind::Binary);
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".{0,8}", inner), 0..6).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

/// Floats without a fraction are written as whole numbers, as Go does.
fn as_go_writes(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => Value::from(float as i64),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(as_go_writes).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), as_go_writes(value))).collect(),
        _ => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,60}") {
        check_places(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        check_places(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_row_of_tokens(tokens in prop::collection::vec(prop::sample::select(&[
        "a", "b: ", "a:", "- ", "? ", ": ", " ", "  ", "\n", "\n  ", "[", "]", "{", "}", ",", "\"", "'", "&x ", "*x", "!t ",
        "!!int ", "<<: ", "# c", "|\n", ">2\n", "---\n", "...\n", "1", "\t", "\\", "é", "\r\n", "\u{2028}", "\u{feff}",
        "{{", "}}", "{{ x }}", "{% if %}", "%", "@", "\u{7}", "k: v\n", "- i\n",
    ][..]), 0..14)) {
        check_places(&tokens.concat());
    }

    #[test]
    fn json_text_is_its_value(value in json_value()) {
        let value = as_go_writes(&Value::Array(vec![value]));
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let stream = parse(&text);
            let document = &stream.documents[0];
            prop_assert!(document.json && document.complete);
            prop_assert_eq!(&document.root().unwrap().to_json(), &value, "{}", text);
        }
    }
}
