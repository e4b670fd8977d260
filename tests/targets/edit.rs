//! A change of a text changes what it names and nothing else, and has nothing to do a second time.

use serde_json::{Value, json};
use watertight_diagnostic::{Operation, Route, Step};
use watertight_text::apply;
use watertight_yaml::edit::plan;
use watertight_yaml::{Kind, Node, Stream, parse};

/// Texts longer than this are left to the other targets: a value is compared after each change.
const LONGEST: usize = 4_096;

/// The first four bytes choose the change, the others are the text.
pub(super) fn run(bytes: &[u8]) {
    let Some((&[place, act, value, more], bytes)) = bytes.split_first_chunk::<4>() else { return };
    let text = super::text(bytes);
    if text.len() > LONGEST {
        return;
    }
    let stream = parse(&text);
    let routes = routes(&stream);
    let at = (usize::from(place) << 8 | usize::from(more)) % routes.len().max(1);
    let Some((route, kind)) = routes.get(at) else { return };
    let value = match value % 6 {
        0 => json!(true),
        1 => json!(1000),
        2 => json!("yes"),
        3 => json!({"type": "RuntimeDefault", "a b": [1, null]}),
        4 => json!(["ALL"]),
        _ => json!("two\nlines # and no comment"),
    };
    let operation = match act % 4 {
        0 => Operation::set(route.clone(), value),
        1 if *kind == Kind::Mapping => Operation::set(route.key("new"), value),
        2 if *kind == Kind::Sequence => Operation::Append { route: route.clone(), value },
        _ if !route.steps.is_empty() => Operation::Remove { route: route.clone(), parents: more % 3 },
        _ => return,
    };
    check(&text, &stream, &operation);
}

fn check(text: &str, stream: &Stream<'_>, operation: &Operation) {
    let planned = plan(stream, std::slice::from_ref(operation));
    if !planned.refused.is_empty() {
        assert!(planned.edits.is_empty(), "a refused operation edits: {operation:?}");
        return;
    }
    let changed = apply(text, &planned.edits).unwrap_or_else(|error| panic!("{operation:?}: {error:?}"));
    let again = parse(&changed);
    assert_eq!(again.documents.len(), stream.documents.len(), "{operation:?}\n{text}\n{changed}");
    for (before, after) in stream.documents.iter().zip(&again.documents) {
        if before.index == operation.route().document {
            assert!(after.complete || !before.complete, "{operation:?} broke\n{text}\ninto\n{changed}");
            reached(after.at(operation.route()), operation, &changed);
        } else {
            let value = |root: Option<Node<'_>>| root.map(Node::to_json);
            assert_eq!(value(before.root()), value(after.root()), "{operation:?} changed another document\n{text}");
        }
    }
    let second = plan(&again, std::slice::from_ref(operation));
    // The item that moved up to the place of one that went is another.
    let in_list = operation.route().steps.iter().any(|step| matches!(step, Step::Index(_)));
    if !(in_list && matches!(operation, Operation::Remove { .. })) {
        assert!(second.edits.is_empty(), "{operation:?} does not rest\n{text}\n{changed}\n{:?}", second.edits);
    }
}

fn reached(node: Option<Node<'_>>, operation: &Operation, changed: &str) {
    let is = |value: &Value| node.is_some_and(|node| node.to_json() == *value);
    match operation {
        Operation::Set { value, .. } => assert!(is(value), "{operation:?}\n{changed}"),
        Operation::Append { value, .. } => {
            let items = node.map(Node::to_json).unwrap_or_default();
            let there = items.as_array().is_some_and(|items| items.contains(value));
            assert!(there, "{operation:?}\n{changed}");
        }
        Operation::Remove { .. } | Operation::KeepLast { .. } => {}
    }
}

/// The first thousand places of the text.
fn routes(stream: &Stream<'_>) -> Vec<(Route, Kind)> {
    let mut found = Vec::new();
    for document in stream.documents.iter().filter(|document| !document.is_refused()) {
        let mut open: Vec<(Route, Node<'_>)> =
            document.root().map(|root| (Route::root(document.index), root)).into_iter().collect();
        while let Some((route, node)) = open.pop() {
            found.push((route.clone(), node.kind()));
            if found.len() >= 1_000 {
                return found;
            }
            match node.kind() {
                Kind::Mapping => {
                    open.extend(node.entries().into_iter().map(|e| (route.key(e.name().into_owned()), e.value)));
                }
                Kind::Sequence => open.extend(node.items().enumerate().map(|(at, item)| (route.index(at), item))),
                _ => {}
            }
        }
    }
    found
}
