//! What the tree of a text looks like.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use serde_json::json;
use watertight_diagnostic::{Route, Step};
use watertight_yaml::{ProblemKind, parse};

/// `spec.containers[0]` → a route in document 0.
fn route(path: &str) -> Route {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    Route::root(0).join(parts.map(|part| match part.strip_suffix(']') {
        Some(index) => Step::Index(index.parse().unwrap()),
        None => Step::Key(part.to_owned().into()),
    }))
}

#[track_caller]
fn check_span(text: &str, path: &str, expected: &str) {
    let stream = parse(text);
    let document = &stream.documents[0];
    assert_eq!(document.problems, [], "{text:?}");
    let node = document.at(&route(path)).unwrap_or_else(|| panic!("nothing at {path}"));
    assert_eq!(node.span().slice(text), expected, "{path} of {text:?}");
}

#[track_caller]
fn check_value(text: &str, expected: serde_json::Value) {
    let stream = parse(text);
    let values: Vec<_> = stream.documents.iter().filter_map(|d| d.root()).map(|root| root.to_json()).collect();
    assert_eq!(values, [expected], "{text:?}");
    let problems: Vec<_> = stream.documents.iter().flat_map(|d| &d.problems).collect();
    assert!(problems.is_empty(), "{text:?} {problems:?}");
}

const POD: &str = "\
# top
apiVersion: v1
kind: Pod # kind
metadata:
  name: &name 'a'
  labels: {app: *name, \"é\": \"x\\ty\"}
spec:
  containers:
  - name: c # c
    args: [a, 'b',
      c]
    command:
      - sh
      - |-
        echo 1
        echo 2

    env:
    # nothing
  -
    image: x:y
    securityContext: !!map
      privileged: true
# end
";

#[test]
fn spans() {
    for (path, expected) in [
        ("kind", "Pod"),
        ("metadata", "name: &name 'a'\n  labels: {app: *name, \"é\": \"x\\ty\"}"),
        ("metadata.name", "'a'"),
        ("metadata.labels", "{app: *name, \"é\": \"x\\ty\"}"),
        ("metadata.labels.app", "*name"),
        ("metadata.labels.é", "\"x\\ty\""),
        ("spec.containers[0].args", "[a, 'b',\n      c]"),
        ("spec.containers[0].command", "- sh\n      - |-\n        echo 1\n        echo 2"),
        ("spec.containers[0].command[1]", "|-\n        echo 1\n        echo 2"),
        ("spec.containers[0].env", ""),
        ("spec.containers[1]", "image: x:y\n    securityContext: !!map\n      privileged: true"),
        ("spec.containers[1].securityContext", "privileged: true"),
    ] {
        check_span(POD, path, expected);
    }
}

#[test]
fn nothing_has_a_place_behind_its_colon_or_dash() {
    #[track_caller]
    fn check(text: &str, path: &str, at: usize) {
        let stream = parse(text);
        let span = stream.documents[0].at(&route(path)).unwrap().span();
        assert_eq!((span.start as usize, span.end as usize), (at, at), "{text:?}");
    }
    check("a:\nb: 1", "a", 2);
    check("a:   # c\nb: 1", "a", 2);
    check("a: \n", "a", 2);
    check("a  :\n", "a", 4);
    check("- \n- x", "[0]", 1);
    check("- x\n# c\n-\n# d\n", "[1]", 9);
    check("{a: , b}", "a", 3);
    check("{a: , b}", "b", 7);
    check("'a' : ", "a", 5);
    check("? a\n? b\n", "a", 3);
    check("a: &x\nb: 1", "a", 5);
}

#[test]
fn block_scalars() {
    check_span("a: |\n  x\n\n\nb: 1", "a", "|\n  x");
    check_span("a: >2- # c\n   x\n  y\nb: 1", "a", ">2- # c\n   x\n  y");
    check_span("a: |\n\n\n", "a", "|");
    check_span("a: &x !!str |\n  y\n", "a", "|\n  y");
    check_span("a:\n  # c\n  |\n  x\n", "a", "|\n  x");
    check_span("- - |\n   x", "[0][0]", "|\n   x");
    check_value("a: |\n  x\n  y\n", json!({"a": "x\ny\n"}));
    check_value("a: |\n  x", json!({"a": "x"}));
}

#[test]
fn anchors_and_tags() {
    let text = "a: &x !t {b: 1}\nc: *x\n&k d: !!str 1\n";
    let stream = parse(text);
    let root = stream.documents[0].root().unwrap();
    let a = root.get("a").unwrap();
    assert_eq!(a.anchor().unwrap().slice(text), "&x");
    assert_eq!(a.tag().unwrap().slice(text), "!t");
    let c = root.get("c").unwrap();
    assert!(c.is_alias());
    assert_eq!(c.get("b").unwrap().as_int(), Some(1));
    let d = root.entry("d").unwrap();
    assert_eq!(d.key.anchor().unwrap().slice(text), "&k");
    assert_eq!(d.value.as_str(), Some("1"));
}

#[test]
fn comments() {
    let stream = parse(POD);
    let document = &stream.documents[0];
    let comments: Vec<_> = document.comments.iter().map(|c| (c.words(POD), c.own_line)).collect();
    assert_eq!(comments, [("top", true), ("kind", false), ("c", false), ("nothing", true), ("end", true)]);
    assert_eq!(document.span.slice(POD), POD.trim_end());
    let only = parse("# a\n  # b\n");
    assert_eq!(only.documents.len(), 1);
    assert!(only.documents[0].root().is_none() && only.documents[0].complete);
    assert_eq!(only.documents[0].comments.len(), 2);
}

#[test]
fn documents() {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let stream = parse(text);
        let spans: Vec<_> = stream.documents.iter().map(|d| d.span.slice(text)).collect();
        assert_eq!(spans, expected);
        assert!(stream.documents.iter().enumerate().all(|(index, d)| d.index == index));
        let problems = stream.documents.iter().flat_map(|d| &d.problems);
        assert!(text.contains('[') || problems.count() == 0, "{text:?}");
    }
    check("", &[]);
    check("\n \n", &[]);
    check("---\n", &["---"]);
    check("a: 1\n# c\n---\n# d\nb: 2\n...\n# e\n", &["a: 1\n# c", "---\n# d\nb: 2\n...\n# e"]);
    check("---\n---\n--- x\n", &["---", "---", "--- x"]);
    check("%YAML 1.1\n---\na: 1\n", &["---\na: 1"]);
    check("\u{feff}a: 1\r\n---\r\nb: 2", &["a: 1", "---\r\nb: 2"]);
    check("a: 1\n---\n\u{feff}b: 2", &["a: 1", "---\n\u{feff}b: 2"]);
    check("a: 1\n---\nb: [\n---\nc: 3", &["a: 1", "---\nb: [", "---\nc: 3"]);
}

#[test]
fn one_broken_document_hides_no_other() {
    let text = "a: 1\n---\nkind: Pod\nspec:\n  x: 1\n y: 2\n---\nc: 3\n---\nd: \"x\n---\ne: 5";
    let stream = parse(text);
    let seen: Vec<_> = stream.documents.iter().map(|d| (d.complete, d.root().map(|r| r.to_json()))).collect();
    assert_eq!(seen[0], (true, Some(json!({"a": 1}))));
    assert_eq!(seen[1], (false, Some(json!({"kind": "Pod", "spec": {"x": 1}}))));
    assert_eq!(seen[2], (true, Some(json!({"c": 3}))));
    assert_eq!(seen[3], (false, Some(json!({"d": null}))));
    assert_eq!(seen[4], (true, Some(json!({"e": 5}))));
    assert_eq!(seen.len(), 5);
}

/// Every answer was given by sigs.k8s.io/yaml v1.6.0 (`YAMLToJSON`).
#[test]
fn merge_keys_in_the_order_of_the_text() {
    for (text, expected) in [
        ("x: &a {k: 1}\nr: {k: 2, <<: *a}", json!({"k": 1})),
        ("x: &a {k: 1}\nr: {<<: *a, k: 2}", json!({"k": 2})),
        ("x: &a {k: 1}\nz: &b {k: 3, m: 4}\nr: {<<: [*a, *b]}", json!({"k": 1, "m": 4})),
        ("x: &a {k: 1}\nz: &b {k: 3, m: 4}\nr: {<<: *a, <<: *b}", json!({"k": 3, "m": 4})),
        ("x: &a {k: 1}\nr: {\"<<\": *a}", json!({"<<": {"k": 1}})),
        ("x: &a {k: 1}\nr: {!!merge <<: *a}", json!({"k": 1})),
        ("x: &a {k: 1}\nb: &b {k: 5, <<: *a}\nr: {<<: [*b, *a]}", json!({"k": 1})),
        ("r: {<<: {k: 1}, l: 2}", json!({"k": 1, "l": 2})),
        ("r: {a: 1, a: 2}", json!({"a": 2})),
    ] {
        let stream = parse(text);
        let r = stream.documents[0].root().unwrap().get("r").unwrap();
        assert_eq!(r.to_json(), expected, "{text}");
        for entry in r.entries() {
            assert_eq!(r.get(&entry.name()).unwrap().span(), entry.value.span(), "{text}");
        }
    }
}

#[test]
fn problems() {
    use ProblemKind::*;
    // The marked part is what the problem underlines; « » stand for the related place.
    for (marked, kind) in [
        ("«a»: 1\n‹a›: 2", DuplicateKey),
        ("«1»: 1\n‹\"1\"›: 2", DuplicateKey),
        ("a: ‹*x›", UnknownAlias),
        ("a: «&x» [‹*x›]", RecursiveAlias),
        ("<<: ‹1›", BadMerge),
        ("<<:‹›", BadMerge),
        ("a: &l [{b: 1}]\nc: {<<: ‹*l›}", BadMerge),
        ("a: ‹!!int› x", BadTag),
        ("a: ‹!!binary› '?'", BadTag),
        ("‹~›: 1", BadKey),
        ("‹[a]›: 1", BadKey),
        ("{ ‹{a: b}›: 1}", BadKey),
        ("‹18446744073709551615›: 1", BadKey),
        ("a: ‹.inf›", BadNumber),
        ("‹%YAML 1.2›\n---\na: 1", Version),
        ("a:\n‹\t›b: 1", Syntax),
        ("a: ‹[›1, 2", Syntax),
        ("a: [1, 2‹}›", Syntax),
        ("a: b‹:› c", Syntax),
        ("a: ‹\"›x", Syntax),
        ("a: \"x\"‹y›", Syntax),
        ("a: ‹@›x", Syntax),
        ("a:\n  b: 1\n ‹c:› 2", Syntax),
        ("a: ‹*›", Syntax),
        ("a: 1\n‹foo›\n", Syntax),
        ("{a: 1, ‹?b›: 2}", Ambiguous),
        ("[‹a?b›]", Ambiguous),
        ("{‹a›:, b: 1}", Ambiguous),
        ("a: ‹&x.y› b", Ambiguous),
        ("[‹!a›, b]", Ambiguous),
        ("a: ‹&&› b", Ambiguous),
        ("a: ‹&x›{b: 1}", Ambiguous),
        ("a: &x\n ‹\t›{b: 1}", Refused),
        ("a: &x\n ‹\t›b: 1", Refused),
        ("a: !!str‹#› b", Refused),
        ("a:\n  b: c\n ‹\t›\n    d\n", Refused),
        ("a: !!str\n ‹\t›b", Refused),
        ("a: |\n  ‹\t›b\n", Refused),
        ("a: >-\n ‹\t›\n  b\n", Refused),
        ("‹\t›a: 1", Refused),
        ("a:\n  ‹\t›b: 1", Refused),
        ("a: 1\n‹\t›\nb: 2", Refused),
        ("a:\n  b: 1\n ‹\t›\n  c: 2", Refused),
        ("a: \"1\"\n  ‹\t›# c\nb: 2", Refused),
        ("# c\n‹\t›# d\na: 1", Refused),
        ("-‹\t›a", Refused),
        ("a: {}\n  ‹\t›", Refused),
        ("a: |\n  x\n‹\t›\nb: 1", Refused),
        ("? a\n:‹\t›b", Refused),
        ("a: \"x\\\\‹\\/›y\"", Refused),
        ("{‹a›\n  : 1}", Refused),
        ("# c\n‹...›\na: 1", Refused),
        ("{‹\"a\n b\"›: 1}", Refused),
        ("# c‹\u{2028}›hostPID: true", HiddenLineBreak),
        ("\n‹\u{feff}›a: 1", Ambiguous),
        ("a: ‹\u{1}›x", Binary),
        ("a: x‹\u{7}›", Binary),
    ] {
        let mut text = String::new();
        let mut marks = [None; 4];
        for c in marked.chars() {
            match "«»‹›".chars().position(|mark| mark == c) {
                Some(mark) => marks[mark] = Some(text.len() as u32),
                None => text.push(c),
            }
        }
        let stream = parse(&text);
        let problems = &stream.documents[0].problems;
        assert_eq!(problems.len(), 1, "{marked:?} {problems:?}");
        let problem = &problems[0];
        assert_eq!(problem.kind, kind, "{marked:?}");
        assert_eq!((Some(problem.span.start), Some(problem.span.end)), (marks[2], marks[3]), "{marked:?} {problem:?}");
        if marks[0].is_some() {
            let related = problem.related.unwrap();
            assert_eq!((Some(related.start), Some(related.end)), (marks[0], marks[1]), "{marked:?}");
        }
        assert_eq!(stream.documents[0].is_refused(), kind.is_fatal(), "{marked:?}");
        assert!(problem.message.ends_with('.'), "{}", problem.message);
    }
}

/// What `kubectl` 1.32 does with each text. Expected is the document with its marked place, or nothing.
#[test]
fn kubectl_divides_before_it_reads() {
    use ProblemKind::{Ambiguous, Refused, Template};
    for (marked, expected) in [
        ("kind: A\n---\nkind: B\n", None),
        ("kind: A\n...\n---\nkind: B\n", None),
        ("kind: A\n...\n# c\n--- # d\nkind: B\n", None),
        ("kind: A\n--- \t\nkind: B\n...\n# c\n", None),
        ("\u{feff}---\nkind: A\n---\r\nkind: B\n", None),
        ("kind: A\n...\n%YAML 1.1\n---\nkind: B\n", None),
        ("kind: A\n...\n‹kind:› B\n", Some((1, Ambiguous))),
        ("kind: A\n...\n# c\n\n‹kind:› B\n---\nkind: C\n", Some((1, Ambiguous))),
        ("---\n...\n‹{kind:› A}\n", Some((1, Ambiguous))),
        ("kind: A\n---\nkind: B\n...\n‹kind:› C\n", Some((2, Ambiguous))),
        ("‹---› {kind: A}\n", Some((0, Refused))),
        ("kind: A\n---\nkind: B\n‹---›\t!!map\nkind: C\n", Some((2, Refused))),
        ("kind: A\nb: \"-----BEGIN\n‹-----END› X-----\"\n---\nkind: B\n", Some((0, Refused))),
        ("‹%YAML 1.1›\n---\nkind: A\n", Some((0, Refused))),
        ("# c\n‹%TAG ! tag:x,2000:›\n--- # d\nkind: A\n", Some((0, Refused))),
        // Not what kubectl is given, or not what a template becomes.
        ("services: {}\n...\na: b\n", None),
        ("--- {services: {}}\n", None),
        ("- rule: a\n...\n- rule: b\n", None),
        ("%YAML 1.1\n---\nservices: {}\n", None),
        ("kind: A\nb: \"\n---{{ .x }}\n\"\n", None),
    ] {
        let text = marked.replace(['‹', '›'], "");
        let stream = parse(&text);
        let problems = stream.documents.iter().enumerate();
        let problems = problems.flat_map(|(at, document)| document.problems.iter().map(move |problem| (at, problem)));
        let found: Vec<_> = problems.filter(|(_, problem)| problem.kind != Template).collect();
        let marks = marked.find('‹').zip(marked.find('›')).map(|(from, to)| (from, to - '‹'.len_utf8()));
        let told = found.iter().map(|(at, problem)| (*at, problem.kind));
        assert_eq!(told.collect::<Vec<_>>(), Vec::from_iter(expected), "{marked:?}");
        let places = found.iter().map(|(_, problem)| (problem.span.start as usize, problem.span.end as usize));
        assert_eq!(places.collect::<Vec<_>>(), Vec::from_iter(marks), "{marked:?}");
    }
    // All documents are read all the same, and so many are told of as anybody reads.
    let text = "kind: A\n...\n".repeat(1_500);
    let stream = parse(&text);
    let told = stream.documents.iter().filter(|document| !document.problems.is_empty());
    assert_eq!((stream.documents.len(), told.count()), (1_500, 1_000));
    assert!(stream.documents.iter().all(|document| document.root().is_some()));
}

#[test]
fn tabs_that_are_only_blank() {
    for (text, value) in [
        ("a:\t1\t\n", json!({"a": 1})),
        ("a: 1\t# c\n", json!({"a": 1})),
        ("a: [1,\n\t2]\nb: 1\n", json!({"a": [1, 2], "b": 1})),
        ("a: x\n  \t# c\nb: 1\n", json!({"a": "x", "b": 1})),
        ("a:\n  b: x\n   \t\n  c: 1\n", json!({"a": {"b": "x", "c": 1}})),
        ("a: |\n  x\n  \t\nb: 1\n", json!({"a": "x\n\t\n", "b": 1})),
        ("a: \"x\n\ty\"\n", json!({"a": "x y"})),
        ("a: |1\n \tb\n", json!({"a": "\tb\n"})),
        ("[&x\n\tb]\n", json!(["b"])),
        ("a: x\n \ty\n", json!({"a": "x y"})),
        ("---\ta\n", json!("a")),
        ("a: &x\tb\n", json!({"a": "b"})),
        ("a: !!str\tx\n", json!({"a": "x"})),
        ("{\"a\":\n\t\"\\/\"}", json!({"a": "/"})),
    ] {
        check_value(text, value);
    }
}

#[test]
fn json_text_into_the_same_tree() {
    let text = " {\"a\": [1, -2.5, 1e3, true, null, \"x\\u00e9\\ud83d\\udea2\\n\"],\t\"b\": {}}\n[2]\n";
    let stream = parse(text);
    assert_eq!(stream.documents.len(), 2);
    let document = &stream.documents[0];
    assert!(document.json && document.complete);
    let root = document.root().unwrap();
    assert_eq!(root.to_json(), json!({"a": [1, -2.5, 1000, true, null, "xé🚢\n"], "b": {}}));
    assert_eq!(root.get("b").unwrap().span().slice(text), "{}");
    assert_eq!(root.entry("a").unwrap().key.span().slice(text), "\"a\"");
    assert_eq!(root.get("a").unwrap().items().nth(1).unwrap().span().slice(text), "-2.5");
    let long = format!("{{\"{}\": \"yes\"}}", "k".repeat(5_000));
    assert_eq!(parse(&long).documents[0].root().unwrap().to_json()["k".repeat(5_000)], "yes");
    assert_eq!(parse("{\"a\": 1, \"a\": 2}").documents[0].problems[0].kind, ProblemKind::DuplicateKey);
    // What is no JSON is YAML.
    check_value("{\"a\": yes,}", json!({"a": true}));
    check_value("[a, b] # c", json!(["a", "b"]));
    assert!(!parse("{a: b}").documents[0].json);
}

#[test]
fn templates() {
    #[track_caller]
    fn check(text: &str, expected: &serde_json::Value, templated: &[&str], problem: &str) {
        let stream = parse(text);
        let document = &stream.documents[0];
        let root = document.root().unwrap();
        assert_eq!(root.to_json(), *expected, "{text}");
        let kinds: Vec<_> = document.problems.iter().map(|p| (p.kind, p.span.slice(text))).collect();
        assert_eq!(kinds, [(ProblemKind::Template, problem)], "{text}");
        let mut seen = Vec::new();
        let mut waiting = vec![(String::new(), root)];
        while let Some((path, node)) = waiting.pop() {
            if node.is_templated() {
                seen.push(path.clone());
            }
            waiting.extend(node.items().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item)));
            waiting.extend(node.written_entries().map(|entry| (format!("{path}.{}", entry.name()), entry.value)));
        }
        seen.sort();
        assert_eq!(seen, templated, "{text}");
    }
    check(
        "image: {{ .Values.image | default \"a: b\" }}:{{ .t }} # {{ no }}\nb: 1\n",
        &json!({"image": "{{ .Values.image | default \"a: b\" }}:{{ .t }}", "b": 1}),
        &[".image"],
        "{{ .Values.image | default \"a: b\" }}",
    );
    check("a: \"{{ x }}\\n\"", &json!({"a": "{{ x }}\n"}), &[".a"], "{{ x }}");
    check("a: [1, {{ x }}]", &json!({"a": [1, "{{ x }}"]}), &[".a[1]"], "{{ x }}");
    check("{{ k }}: v", &json!({"{{ k }}": "v"}), &[""], "{{ k }}");
    check(
        "{{- if .Values.x }}\nspec:\n  hostPID: true\n  resources:\n    {{- toYaml .r | nindent 4 }}\n{{- else }}\nspec: 1\n{{- end }}\n",
        &json!({"spec": 1}),
        &[".spec.resources"],
        "{{- if .Values.x }}",
    );
    check(
        "spec:\n  a:\n    b: 1\n  {{- toYaml . | nindent 2 }}\n  c: 2\n",
        &json!({"spec": {"a": {"b": 1}, "c": 2}}),
        &[".spec"],
        "{{- toYaml . | nindent 2 }}",
    );
    check(
        "spec:\n  {{- toYaml . | nindent 2 }}\n  c: 2\n",
        &json!({"spec": {"c": 2}}),
        &[".spec"],
        "{{- toYaml . | nindent 2 }}",
    );
    check("l:\n  {{- toYaml . | nindent 2 }}\n  - c\n", &json!({"l": ["c"]}), &[".l"], "{{- toYaml . | nindent 2 }}");
    check(
        "{% set x = 1 %}\nl:\n- a\n{% for i in l %}\n- {{ i }}\n{% endfor %}\n",
        &json!({"l": ["a", "{{ i }}"]}),
        &[".l[1]"],
        "{% set x = 1 %}",
    );
    // In a block of text it is text.
    let block = "data: |\n  {{ range .x }}\n  y: {{ . }}\n# {{ doc }}\n";
    check_value(block, json!({"data": "{{ range .x }}\ny: {{ . }}\n"}));
    assert_eq!(parse(block).documents[0].comments.len(), 1);
    assert!(!parse(block).documents[0].is_templated());
    let json = parse("{\"a\": \"{{ x }}\"}");
    assert!(json.documents[0].root().unwrap().get("a").unwrap().is_templated());
}

#[test]
fn a_line_ends_where_kubernetes_ends_it() {
    for text in ["# c\u{2028}hostPID: yes", "# c\u{85}hostPID: yes", "a: 1 # \u{2029}hostPID: yes"] {
        let stream = parse(text);
        let root = stream.documents[0].root().unwrap();
        assert_eq!(root.get("hostPID").unwrap().as_bool(), Some(true), "{text:?}");
        assert_eq!(root.get("hostPID").unwrap().span().slice(text), "yes");
    }
    // In JSON it is a character like any other.
    check_value("{\"a\": \"x\u{2028}y\"}", json!({"a": "x\u{2028}y"}));
}

#[test]
fn aliases_that_multiply() {
    let long = "n".repeat(200_000);
    let levels: String = (0..20).map(|at| format!("b{at}: &b{} [*b{at}, *b{at}]\n", at + 1)).collect();
    for (text, multiplies) in [
        ("a: &a x\nb: *a\n".to_owned(), false),
        (format!("a: &a {long}\nb: [*a, *a]\n"), false),
        (format!("a: &a {long}\nb: [{}]\n", "*a, ".repeat(20)), true),
        (format!("a: {{? &a {long} : 1}}\nb: [{}]\n", "{*a : 1}, ".repeat(20)), true),
        (format!("b: &b0 x\n{levels}"), true),
        (format!("a: &a [{}]\nb: [{}]\n", "'', ".repeat(5_000), "*a, ".repeat(5_000)), true),
        (format!("a: &a [x]\nb: [*a, {}]\n", "1, ".repeat(100_000)), false),
        ("a: *missing\n".to_owned(), false),
    ] {
        assert_eq!(parse(&text).documents[0].multiplies(), multiplies, "{text:.40}");
    }
}
