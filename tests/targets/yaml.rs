//! A tree stands inside its text, and what is read from JSON is what JSON says.

use serde_json::Value;
use watertight_text::Span;
use watertight_yaml::{Document, Kind, Node, parse};

/// Nodes of one document that are looked at: aliases may make very many of few.
const NODES: usize = 20_000;

pub(super) fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    let stream = parse(&text);
    let mut end = 0;
    for document in &stream.documents {
        inside(document.span, &text);
        assert!(document.span.start >= end, "documents overlap");
        end = document.span.end;
        for comment in &document.comments {
            comment.words(&text);
        }
        walk(document, &text);
    }
    let places = stream.documents.iter().flat_map(|document| &document.problems).chain(&stream.problems);
    for problem in places {
        inside(problem.span, &text);
    }
    as_json(&text, &stream.documents);
}

fn walk(document: &Document<'_>, text: &str) {
    let mut open: Vec<Node<'_>> = document.root().into_iter().collect();
    let mut seen = 0;
    while let Some(node) = open.pop() {
        seen += 1;
        if seen > NODES {
            return;
        }
        inside(node.span(), text);
        match node.kind() {
            Kind::Mapping => {
                for entry in node.entries() {
                    inside(entry.key.span(), text);
                    assert!(node.get(&entry.name()).is_some(), "a key that is there is found");
                    open.push(entry.value);
                }
            }
            Kind::Sequence => open.extend(node.items()),
            _ => {
                node.scalar();
                node.written();
            }
        }
    }
}

fn inside(span: Span, text: &str) {
    let range = span.range();
    assert!(text.get(range.clone()).is_some(), "{range:?} is no part of the text");
}

/// What is JSON without surprises reads to the same value.
fn as_json(text: &str, documents: &[Document<'_>]) {
    if !text.trim_start().starts_with(['{', '[']) || text.len() > 10_000 {
        return;
    }
    let Ok(theirs) = serde_json::from_str::<Value>(text) else { return };
    assert!(documents.len() < 2, "JSON is one document, not {}", documents.len());
    // What looks binary has none.
    let Some(document) = documents.first() else { return };
    if document.is_refused() || !document.problems.is_empty() || !document.templates.is_empty() {
        return;
    }
    if let Some(root) = document.root() {
        let ours = root.to_json();
        assert!(same(&ours, &theirs), "{ours} is not {theirs}");
    }
}

/// Equal, but for the spelling of numbers.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => ours == theirs,
    }
}
