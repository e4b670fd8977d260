//! What holds for every document and every list of operations.
//!
//! Documents are generated as trees and written in many ways: block and flow, several indentations, with comments that
//! know what they describe, with anchors, aliases and merge keys. Operations are drawn from the places of the tree.

use proptest::prelude::*;
use serde_json::{Value, json};
use watertight_diagnostic::{Operation, Route, Step};
use watertight_yaml::edit::plan;
use watertight_yaml::parse;

use crate::reference::{reference, values};

#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Scalar(&'static str),
    /// A literal, in lines.
    Literal(&'static str, Vec<&'static str>),
    Map(Vec<(&'static str, Element)>),
    List(Vec<Element>),
    Flow(Value),
    Empty(&'static str),
}

/// A value with the comments that describe it.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    lead: bool,
    trail: bool,
    /// A blank line above, with or without a comment that belongs to nothing.
    gap: u8,
    tree: Tree,
}

#[derive(Clone, Debug)]
pub(crate) struct Looks {
    step: usize,
    list: usize,
    dash: usize,
    newline: &'static str,
    ends: bool,
    start: &'static str,
}

const KEYS: [&str; 10] = ["a", "b", "c", "name", "spec", "x/y", "e f", "type", "drop", "0"];
const SCALARS: [&str; 18] = [
    "1",
    "true",
    "text",
    "'quoted'",
    "\"double\"",
    "~",
    "null",
    "0644",
    "yes",
    "a b c",
    "1.5",
    "'it''s'",
    "\"a\\nb\"",
    "http://x/y#z",
    "-1",
    "128Mi",
    "\"yes\"",
    "é",
];

fn scalar() -> impl Strategy<Value = Tree> {
    prop_oneof![
        12 => prop::sample::select(&SCALARS[..]).prop_map(Tree::Scalar),
        1 => Just(Tree::Empty("")),
        1 => Just(Tree::Empty("{}")),
        1 => Just(Tree::Empty("[]")),
        1 => (prop::sample::select(vec!["|", "|-", "|+", ">", ">-"]), prop::sample::select(vec![
            vec!["one"], vec!["one", "two"], vec!["one", "", "# no comment", "a: b"], vec!["- x", "  deeper"],
        ])).prop_map(|(header, lines)| Tree::Literal(header, lines)),
        2 => flow().prop_map(Tree::Flow),
    ]
}

fn flow() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(json!(1)), Just(json!("x")), Just(json!(true)), Just(json!("a, b")), Just(json!(null))];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(&KEYS[..]), inner), 1..3)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn element(tree: impl Strategy<Value = Tree>) -> impl Strategy<Value = Element> {
    (
        prop::bool::weighted(0.25),
        prop::bool::weighted(0.25),
        prop_oneof![8 => Just(0u8), 1 => Just(1), 1 => Just(2)],
        tree,
    )
        .prop_map(|(lead, trail, gap, tree)| Element { lead, trail, gap, tree })
}

pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let nested = scalar().prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            3 => entries(inner.clone()).prop_map(Tree::Map),
            1 => prop::collection::vec(element(inner), 1..4).prop_map(Tree::List),
        ]
    });
    entries(nested).prop_map(Tree::Map)
}

fn entries(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Vec<(&'static str, Element)>> {
    prop::collection::vec((prop::sample::select(&KEYS[..]), element(inner)), 1..5).prop_map(|entries| {
        let mut seen = Vec::new();
        entries
            .into_iter()
            .filter(|(key, _)| {
                !seen.contains(key) && {
                    seen.push(*key);
                    true
                }
            })
            .collect()
    })
}

pub(crate) fn looks() -> impl Strategy<Value = Looks> {
    (
        prop::sample::select(vec![2usize, 4, 3]),
        prop::sample::select(vec![0usize, 2, 4]),
        prop::sample::select(vec![2usize, 2, 2, 4]),
        prop::sample::select(vec!["\n", "\n", "\r\n"]),
        prop::bool::weighted(0.8),
        prop::sample::select(vec!["", "", "---\n", "# head\n\n", "\u{feff}"]),
    )
        .prop_map(|(step, list, dash, newline, ends, start)| Looks { step, list, dash, newline, ends, start })
}

/// A line with the element it belongs to.
pub(crate) struct Line {
    text: String,
    path: Vec<Step>,
}

/// A comment with the element that it describes; `None` for one that describes nothing.
pub(crate) struct Remark {
    text: String,
    owner: Option<Vec<Step>>,
    /// The innermost collection it stands in.
    inside: Vec<Step>,
}

#[derive(Default)]
pub(crate) struct Written {
    lines: Vec<Line>,
    remarks: Vec<Remark>,
    pub(crate) places: Vec<(Vec<Step>, char)>,
}

impl Written {
    fn push(&mut self, indent: usize, text: &str, path: &[Step]) {
        self.lines.push(Line { text: format!("{:indent$}{text}", ""), path: path.to_vec() });
    }

    fn remark(&mut self, owner: Option<&[Step]>, inside: &[Step]) -> String {
        let text = format!("# note{}.", self.remarks.len());
        self.remarks.push(Remark { text: text.clone(), owner: owner.map(<[Step]>::to_vec), inside: inside.to_vec() });
        text
    }

    pub(crate) fn collection(&mut self, tree: &Tree, path: &[Step], indent: usize, looks: &Looks) {
        match tree {
            Tree::Map(entries) => {
                self.places.push((path.to_vec(), 'm'));
                for (key, element) in entries {
                    let path = [path, &[Step::Key((*key).to_owned().into())]].concat();
                    let written =
                        if key.chars().all(|c| c.is_ascii_digit()) { format!("\"{key}\"") } else { (*key).to_owned() };
                    self.element(element, &format!("{written}:"), &path, indent, looks);
                }
            }
            Tree::List(items) => {
                self.places.push((path.to_vec(), 'l'));
                for (index, element) in items.iter().enumerate() {
                    let path = [path, &[Step::Index(index)]].concat();
                    self.element(element, "-", &path, indent, looks);
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, element: &Element, head: &str, path: &[Step], indent: usize, looks: &Looks) {
        let parent = &path[..path.len() - 1];
        if element.gap > 0 {
            self.push(0, "", path);
            if element.gap > 1 {
                let text = self.remark(None, parent);
                self.push(indent, &text, path);
                self.push(0, "", path);
            }
        }
        if element.lead {
            let text = self.remark(Some(path), parent);
            self.push(indent, &text, path);
        }
        let trail = if element.trail { format!(" {}", self.remark(Some(path), parent)) } else { String::new() };
        let is_item = head == "-";
        match &element.tree {
            Tree::Scalar(text) => {
                self.places.push((path.to_vec(), 's'));
                self.push(indent, &format!("{head} {text}{trail}"), path);
            }
            Tree::Empty(text) => {
                self.places.push((path.to_vec(), 'n'));
                self.push(indent, format!("{head} {text}").trim_end(), path);
                self.lines.last_mut().unwrap().text.push_str(&trail);
            }
            Tree::Flow(value) => {
                self.flow_places(value, path);
                self.push(indent, &format!("{head} {}{trail}", flow_text(value)), path);
            }
            Tree::Literal(header, lines) => {
                self.places.push((path.to_vec(), 's'));
                self.push(indent, &format!("{head} {header}{trail}"), path);
                for line in lines {
                    if line.is_empty() {
                        self.push(0, "", path);
                    } else {
                        self.push(indent + looks.step.max(looks.dash), line, path);
                    }
                }
            }
            tree @ (Tree::Map(_) | Tree::List(_)) if is_item && trail.is_empty() => {
                // The first element stands on the line of the dash, unless something stands above it.
                let at = self.lines.len();
                self.collection(tree, path, indent + looks.dash, looks);
                let first = &mut self.lines[at];
                if first.text.trim_start().starts_with('#') || first.text.is_empty() {
                    self.lines.insert(at, Line { text: format!("{:indent$}-", ""), path: path.to_vec() });
                } else {
                    first.text.replace_range(indent..=indent, "-");
                }
            }
            tree => {
                self.push(indent, &format!("{head}{trail}"), path);
                let deeper = match tree {
                    Tree::List(_) if !is_item => looks.list,
                    _ if is_item => looks.dash,
                    _ => looks.step,
                };
                self.collection(tree, path, indent + deeper, looks);
            }
        }
    }

    fn flow_places(&mut self, value: &Value, path: &[Step]) {
        match value {
            Value::Array(items) => {
                self.places.push((path.to_vec(), 'l'));
                for (index, item) in items.iter().enumerate() {
                    self.flow_places(item, &[path, &[Step::Index(index)]].concat());
                }
            }
            Value::Object(map) => {
                self.places.push((path.to_vec(), 'm'));
                for (key, value) in map {
                    self.flow_places(value, &[path, &[Step::Key(key.clone().into())]].concat());
                }
            }
            Value::Null => self.places.push((path.to_vec(), 'n')),
            _ => self.places.push((path.to_vec(), 's')),
        }
    }

    pub(crate) fn text(&self, looks: &Looks) -> String {
        let lines: Vec<_> = self.lines.iter().map(|line| line.text.as_str()).collect();
        let mut text = format!("{}{}\n", looks.start, lines.join("\n"));
        if !looks.ends {
            text.pop();
        }
        text.replace('\n', looks.newline)
    }
}

fn flow_text(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flow_text).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries: Vec<_> = map.iter().map(|(key, value)| format!("{key:?}: {}", flow_text(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

#[derive(Clone, Debug)]
struct Wish {
    place: prop::sample::Index,
    kind: u8,
    parents: u8,
    key: &'static str,
    value: Value,
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let value = prop_oneof![
        Just(json!(true)),
        Just(json!("RuntimeDefault")),
        Just(json!("yes")),
        Just(json!(0)),
        Just(json!("")),
        Just(json!(["ALL"])),
        Just(json!({"type": "x", "a": [1, {"b": 2}]})),
        Just(json!({})),
        Just(json!([])),
        Just(json!("two\nlines")),
        Just(json!(null)),
    ];
    let wish = (any::<prop::sample::Index>(), 0u8..9, 0u8..4, prop::sample::select(&KEYS[..]), value)
        .prop_map(|(place, kind, parents, key, value)| Wish { place, kind, parents, key, value });
    prop::collection::vec(wish, 1..6)
}

fn operation(wish: &Wish, places: &[(Vec<Step>, char)]) -> Operation {
    let (steps, _) = wish.place.get(places);
    let at = Route { document: 0, steps: steps.clone().into() };
    match wish.kind {
        0 | 1 => Operation::set(at, wish.value.clone()),
        2 => Operation::set(at.key(wish.key), wish.value.clone()),
        3 => Operation::set(at.key(wish.key).key("deep"), wish.value.clone()),
        4 => Operation::append(at.key(wish.key), wish.value.clone()),
        5 => Operation::append(at, wish.value.clone()),
        6 => Operation::keep_last(at),
        _ if at.steps.is_empty() => Operation::remove(at.key(wish.key)),
        _ => Operation::remove_with(at, wish.parents),
    }
}

/// Reasons that lie in the operations. All others would be faults of the planner.
fn is_fair(reason: &str) -> bool {
    ["earlier change", "so nothing can be put inside", "not a list", "is not there"]
        .iter()
        .any(|word| reason.contains(word))
}

fn related(operation: &Operation, path: &[Step]) -> bool {
    let steps = &operation.route().steps;
    steps.starts_with(path) || path.starts_with(steps)
}

/// The route of the outermost element that an operation may take away.
fn outermost(operation: &Operation) -> &[Step] {
    let steps = &operation.route().steps;
    match operation {
        Operation::Remove { parents, .. } => &steps[..steps.len().saturating_sub(usize::from(*parents)).max(1)],
        _ => steps,
    }
}

/// Whether an operation may take the element away or put another value in its place.
fn replaces(operation: &Operation, path: &[Step]) -> bool {
    !matches!(operation, Operation::Append { .. }) && path.starts_with(outermost(operation))
}

fn check_document(tree: &Tree, looks: &Looks, wishes: &[Wish]) -> Result<(), TestCaseError> {
    let mut written = Written::default();
    written.collection(tree, &[], 0, looks);
    let before = written.text(looks);
    let stream = parse(&before);
    prop_assume!(stream.documents.len() == 1);
    prop_assert!(stream.documents[0].complete, "{:?}\n{before}", stream.documents[0].problems);
    let operations: Vec<_> = wishes.iter().map(|wish| operation(wish, &written.places)).collect();
    let planned = plan(&stream, &operations);
    let after =
        watertight_text::apply(&before, &planned.edits).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let told = format!("{operations:?}\n{:?}\n--- before\n{before}\n--- after\n{after}\n---", planned.refused);

    for refusal in &planned.refused {
        prop_assert!(is_fair(&refusal.reason), "{}: {told}", refusal.reason);
    }
    let refused = |place: &usize| planned.refused.iter().any(|refusal| refusal.operation == *place);
    let accepted = operations.iter().enumerate().filter(|(place, _)| !refused(place));
    let accepted: Vec<Operation> = accepted.map(|(_, operation)| operation.clone()).collect();
    prop_assert_eq!(values(&after), reference(values(&before), &accepted), "{}", told);

    // Comments.
    let again = parse(&after);
    let mut last = 0;
    for remark in &written.remarks {
        let gone = match &remark.owner {
            Some(owner) => accepted.iter().any(|operation| replaces(operation, owner)),
            None => accepted.iter().any(|operation| replaces(operation, &remark.inside)),
        };
        let stands = again.documents[0].comments.iter().find(|comment| comment.span.slice(&after) == remark.text);
        match stands {
            Some(comment) => {
                prop_assert!(comment.span.start >= last, "{} moved: {told}", remark.text);
                last = comment.span.start;
            }
            None => prop_assert!(gone, "{} is lost: {told}", remark.text),
        }
        if let Some(owner) = &remark.owner {
            // A new value of something further out may bring the key back.
            let set = accepted
                .iter()
                .any(|operation| matches!(operation, Operation::Set { route, .. } if owner.starts_with(&route.steps)));
            let removed = !set
                && accepted.iter().any(
                    |operation| matches!(operation, Operation::Remove { route, .. } if owner.starts_with(&route.steps)),
                );
            prop_assert!(!(removed && stands.is_some()), "{} has nothing to describe: {told}", remark.text);
        }
    }

    // Lines.
    let mut rest = after.lines();
    for line in &written.lines {
        let text = line.text.trim_end();
        let touched = accepted.iter().any(|operation| {
            // What follows the first key of an item moves up to the dash.
            let moves_up = outermost(operation).split_last().is_some_and(|(_, parent)| line.path.starts_with(parent));
            related(operation, &line.path) || matches!(operation, Operation::Remove { .. }) && moves_up
        });
        // The header of a block scalar that ended the text says now that no line break belongs to it.
        let header = !looks.ends && text.contains(['|', '>']);
        if !touched && !text.is_empty() && !header {
            let text = text.trim_start_matches('\u{feff}');
            let found = rest.any(|line| line.trim_start_matches('\u{feff}') == text);
            prop_assert!(found, "the line {text:?} was not to change: {told}");
        }
    }

    if !accepted.iter().any(|operation| {
        matches!(operation, Operation::Remove { route, .. } if route.steps.iter().any(|step| matches!(step, Step::Index(_))))
    }) {
        let second = plan(&again, &accepted);
        prop_assert!(second.edits.is_empty(), "the second time {:?}: {told}", second);
    }
    prop_assert_eq!(after.starts_with('\u{feff}'), before.starts_with('\u{feff}'));
    if before.contains("\r\n") {
        prop_assert!(!after.replace("\r\n", "").contains('\n'), "{told}");
    }
    if looks.ends {
        prop_assert!(after.ends_with('\n'), "{told}");
    }
    Ok(())
}

/// One value of a document with shared nodes.
#[derive(Clone, Debug)]
enum Sharing {
    Own(Value),
    Anchor(Value),
    Alias(prop::sample::Index),
    /// Merge keys, and keys of its own behind them.
    Merge(Vec<prop::sample::Index>, Value),
}

fn sharing() -> impl Strategy<Value = Vec<(bool, Sharing)>> {
    let leaf = prop_oneof![Just(json!(1)), Just(json!("x")), Just(json!(true))];
    let object = |inner: BoxedStrategy<Value>| {
        prop::collection::vec((prop::sample::select(&KEYS[..4]), inner), 1..4)
            .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Value>())
    };
    let small = object(leaf.clone().boxed());
    let list = prop::collection::vec(leaf.clone(), 1..3).prop_map(Value::from);
    let map = object(prop_oneof![leaf, small, list.clone()].boxed());
    let index = || any::<prop::sample::Index>();
    let one = prop_oneof![
        1 => map.clone().prop_map(Sharing::Own),
        2 => map.clone().prop_map(Sharing::Anchor),
        1 => list.prop_map(Sharing::Anchor),
        3 => index().prop_map(Sharing::Alias),
        2 => (prop::collection::vec(index(), 1..3), map).prop_map(|(from, own)| Sharing::Merge(from, own)),
    ];
    prop::collection::vec((any::<bool>(), one), 2..7)
}

/// The text of a list of values or of a mapping, with the places in it.
fn write_sharing(values: &[(bool, Sharing)], as_list: bool) -> String {
    let mut text = String::new();
    let mut anchors: Vec<(String, bool)> = Vec::new();
    for (place, (flow, value)) in values.iter().enumerate() {
        let head = if as_list { "-".to_owned() } else { format!("k{place}:") };
        let maps: Vec<&String> = anchors.iter().filter(|(_, map)| *map).map(|(name, _)| name).collect();
        let block = |value: &Value| block_text(value, 2);
        let line = match value {
            Sharing::Own(value) if *flow => format!(" {}\n", flow_text(value)),
            Sharing::Own(value) => format!("\n{}", block(value)),
            Sharing::Anchor(value) => {
                let name = format!("n{place}");
                let body = if *flow { format!(" {}\n", flow_text(value)) } else { format!("\n{}", block(value)) };
                let line = format!(" &{name}{body}");
                anchors.push((name, value.is_object()));
                line
            }
            Sharing::Alias(_) if anchors.is_empty() => " plain\n".to_owned(),
            Sharing::Alias(index) => format!(" *{} # use\n", index.get(&anchors).0),
            Sharing::Merge(_, own) if maps.is_empty() => format!("\n{}", block(own)),
            Sharing::Merge(from, own) => {
                let names: Vec<_> = from.iter().map(|index| format!("*{}", index.get(&maps))).collect();
                let merged = if let [one] = &names[..] { one.clone() } else { format!("[{}]", names.join(", ")) };
                format!("\n  <<: {merged}\n{}", block(own))
            }
        };
        text.push_str(&head);
        text.push_str(&line);
    }
    text
}

fn block_text(value: &Value, indent: usize) -> String {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| match value {
                Value::Object(_) | Value::Array(_) => {
                    format!("{:indent$}{key}:\n{}", "", block_text(value, indent + 2))
                }
                scalar => format!("{:indent$}{key}: {scalar}\n", ""),
            })
            .collect(),
        Value::Array(items) => items.iter().map(|item| format!("{:indent$}- {item}\n", "")).collect(),
        scalar => format!("{:indent$}{scalar}\n", ""),
    }
}

/// Few cases in the daily run; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if asked { default } else { ProptestConfig { cases: 400, ..default } }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn only_what_is_named_changes(tree in tree(), looks in looks(), wishes in wishes()) {
        check_document(&tree, &looks, &wishes)?;
    }

    #[test]
    fn json_stays_json(value in flow(), pretty in any::<bool>(), wishes in wishes()) {
        let value = if value.is_array() || value.is_object() { value } else { json!([value]) };
        let before = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let mut written = Written::default();
        written.flow_places(&value, &[]);
        let operations: Vec<_> = wishes.iter().map(|wish| operation(wish, &written.places)).collect();
        let planned = plan(&parse(&before), &operations);
        for refusal in &planned.refused {
            prop_assert!(is_fair(&refusal.reason), "{} {before} {operations:?}", refusal.reason);
        }
        let after = watertight_text::apply(&before, &planned.edits).unwrap();
        let read: Result<Value, _> = serde_json::from_str(&after);
        prop_assert!(read.is_ok(), "{operations:?}\n{before}\n{after}");
        let refused = |place: usize| planned.refused.iter().any(|refusal| refusal.operation == place);
        let accepted: Vec<_> = operations.iter().enumerate().filter(|(place, _)| !refused(*place)).map(|(_, o)| o.clone()).collect();
        prop_assert_eq!(vec![read.unwrap()], reference(vec![value], &accepted));
        if pretty && accepted.iter().all(|operation| !matches!(operation, Operation::Set { route, .. } if route.steps.is_empty())) {
            // Pretty JSON stays as its own printer would write it.
            let printed = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&after).unwrap()).unwrap();
            prop_assert_eq!(printed, after);
        }
    }

    #[test]
    fn uses_of_shared_nodes_change_alone(sharing in sharing(), as_list in any::<bool>(), mut wishes in wishes(), twice in any::<bool>()) {
        let before = write_sharing(&sharing, as_list);
        let stream = parse(&before);
        prop_assert!(stream.documents[0].complete, "{before}");
        let old = values(&before);
        let mut written = Written::default();
        written.flow_places(&old[0], &[]);
        let mut operations: Vec<_> = wishes.iter_mut().map(|wish| operation(wish, &written.places)).collect();
        if twice {
            // The same change at every place that could be a use of the same node.
            let below = |operation: &Operation| operation.route().steps.get(1..).map(<[Step]>::to_vec).unwrap_or_default();
            let first = operations[0].clone();
            let tops: Vec<Step> = match &old[0] {
                Value::Object(map) => map.keys().cloned().map(|key| Step::Key(key.into())).collect(),
                Value::Array(items) => (0..items.len()).map(Step::Index).collect(),
                _ => Vec::new(),
            };
            operations = tops.into_iter().map(|top| {
                let route = Route { document: 0, steps: [vec![top], below(&first)].concat().into() };
                match &first {
                    Operation::Set { value, .. } => Operation::set(route, value.clone()),
                    Operation::Append { value, .. } => Operation::append(route, value.clone()),
                    Operation::Remove { parents, .. } => Operation::remove_with(route, *parents),
                    Operation::KeepLast { .. } => Operation::keep_last(route),
                }
            }).collect();
        }
        let planned = plan(&stream, &operations);
        let after = watertight_text::apply(&before, &planned.edits).unwrap();
        let told = format!("{operations:?}\n{:?}\n--- before\n{before}\n--- after\n{after}\n---", planned.refused);
        for refusal in &planned.refused {
            prop_assert!(is_fair(&refusal.reason), "{}: {told}", refusal.reason);
        }
        let refused = |place: usize| planned.refused.iter().any(|refusal| refusal.operation == place);
        let accepted: Vec<_> = operations.iter().enumerate().filter(|(place, _)| !refused(*place)).map(|(_, o)| o.clone()).collect();
        prop_assert_eq!(values(&after), reference(old, &accepted), "{}", told);
        if !accepted.iter().any(|operation| {
            matches!(operation, Operation::Remove { route, .. } if route.steps.iter().any(|step| matches!(step, Step::Index(_))))
        }) {
            let second = plan(&parse(&after), &accepted);
            prop_assert!(second.edits.is_empty(), "the second time {:?}: {told}", second);
        }
    }

    #[test]
    fn any_text_is_survived(text in "([ab]: |- |  |[ab]|\\[|\\]|\\{|\\}|, |&x |\\*x|<<: |\\||>|#|'|\"|\n|\n  |\r\n|\t|\\? |!!str |~|1|---\n|\\.\\.\\.\n|é|\u{feff}){0,24}") {
        let at = |keys: &'static str| Route::root(0).keys(keys);
        let operations = [
            Operation::set(at("a"), 1),
            Operation::set(at("a.b"), "x"),
            Operation::append(at("b"), "x"),
            Operation::remove(at("a.a")),
            Operation::remove(Route::root(0).index(0)),
            Operation::set(Route::root(1).key("b"), json!({"c": [1]})),
            Operation::append(Route::root(0), "x"),
        ];
        for operation in &operations {
            check_alone(&text, std::slice::from_ref(operation))?;
        }
        let planned = plan(&parse(&text), &operations);
        prop_assert!(watertight_text::apply(&text, &planned.edits).is_ok());
    }
}

proptest! {
    #![proptest_config(config())]

    /// Taking out the keys that no reader takes leaves the value as it was, and no key twice.
    #[test]
    fn doubled_keys_go_and_the_value_stays(tree in doubled(), looks in looks()) {
        let mut written = Written::default();
        written.collection(&tree, &[], 0, &looks);
        let before = written.text(&looks);
        let mut text = before.clone();
        // Behind each round the keys within what was the last of equal ones can be named.
        for _ in 0..8 {
            let stream = parse(&text);
            let doubled: Vec<_> = stream.documents[0].problems.iter().filter_map(|problem| problem.route.clone()).collect();
            let operations: Vec<_> = doubled.into_iter().map(Operation::keep_last).collect();
            let planned = plan(&stream, &operations);
            prop_assert!(planned.refused.is_empty(), "{:?}\n{text}", planned.refused);
            text = watertight_text::apply(&text, &planned.edits).unwrap();
        }
        prop_assert!(parse(&text).documents[0].problems.is_empty(), "--- before\n{before}\n--- after\n{text}");
        prop_assert_eq!(values(&text), values(&before), "--- before\n{}\n--- after\n{}", before, text);
        prop_assert_eq!(text.ends_with('\n'), before.ends_with('\n'));
    }
}

/// A tree in which keys stand several times.
fn doubled() -> impl Strategy<Value = Tree> {
    let nested = scalar().prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            3 => doubled_entries(inner.clone()).prop_map(Tree::Map),
            1 => prop::collection::vec(element(inner), 1..3).prop_map(Tree::List),
        ]
    });
    doubled_entries(nested).prop_map(Tree::Map)
}

fn doubled_entries(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Vec<(&'static str, Element)>> {
    prop::collection::vec((prop::sample::select(&KEYS[..3]), element(inner)), 1..6)
}

/// Whatever the text, an operation is carried out or refused.
fn check_alone(text: &str, operation: &[Operation]) -> Result<(), TestCaseError> {
    let planned = plan(&parse(text), operation);
    let after = watertight_text::apply(text, &planned.edits).map_err(|error| TestCaseError::fail(error.to_string()))?;
    if planned.refused.is_empty() {
        prop_assert_eq!(values(&after), reference(values(text), operation), "{:?}\n{:?}\n{:?}", operation, text, after);
    } else {
        prop_assert_eq!(text, after);
    }
    Ok(())
}

#[test]
fn depth_and_length_are_survived() {
    let deep = |open: &str, close: &str| format!("{}1{}\n", open.repeat(990), close.repeat(990));
    let route = Route { document: 0, steps: vec![Step::Key("a".into()); 990].into() };
    let nested: String = (0..990).map(|level| format!("{:level$}a:\n", "")).collect();
    for text in [deep("{a: ", "}"), nested + &" ".repeat(990) + "b: 1\n"] {
        for steps in [1, 150, 990] {
            let route = Route { document: 0, steps: route.steps[..steps].into() };
            for operation in [Operation::set(route.clone(), json!({"c": 5})), Operation::remove(route)] {
                check_alone(&text, &[operation]).unwrap();
            }
        }
    }
    let long: String = (0..5_000).map(|place| format!("- a:\n    b: {place} # c\n")).collect();
    let operations: Vec<_> =
        (0..5_000).map(|place| Operation::set(Route::root(0).index(place).keys("a.c"), true)).collect();
    let planned = plan(&parse(&long), &operations);
    assert!(planned.refused.is_empty());
    assert_eq!(planned.edits.len(), 5_000);
}
