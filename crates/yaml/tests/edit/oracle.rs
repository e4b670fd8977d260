//! The same operations by another editor, yaml-edit. Where both results mean what was asked for and keep the comments,
//! they are the same text, but for the differences that the table names.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use watertight_diagnostic::{Operation, Route, Step};
use watertight_yaml::edit::plan;
use watertight_yaml::parse;
use yaml_edit::{Document, YamlNode};

use crate::properties::{Written, looks, tree};
use crate::reference::{reference, values};

/// The other editor's result; `None` when it cannot do it or what it does has another meaning.
fn yaml_edit(before: &str, operation: &Operation) -> Option<String> {
    let document: Document = before.parse().ok()?;
    let (last, parents) = operation.route().steps.split_last()?;
    let mut at = YamlNode::Mapping(document.as_mapping()?);
    for step in parents {
        at = descend(&at, step)?;
    }
    match (operation, &at, last) {
        (Operation::Set { value, .. }, YamlNode::Mapping(map), Step::Key(key)) => match value {
            Value::Bool(value) => map.set(key.as_ref(), *value),
            Value::Number(value) => map.set(key.as_ref(), value.as_i64()?),
            Value::String(value) => map.set(key.as_ref(), value.as_str()),
            _ => return None,
        },
        (Operation::Remove { .. }, YamlNode::Mapping(map), Step::Key(key)) => {
            map.remove(key.as_ref())?;
        }
        (Operation::Remove { .. }, YamlNode::Sequence(list), Step::Index(index)) => {
            list.remove(*index)?;
        }
        (Operation::Append { value, .. }, parent, step) => match descend(parent, step)? {
            YamlNode::Sequence(list) => list.push(value.as_str()?),
            _ => return None,
        },
        _ => return None,
    }
    Some(document.to_string())
}

fn descend(node: &YamlNode, step: &Step) -> Option<YamlNode> {
    match (node, step) {
        (YamlNode::Mapping(map), Step::Key(key)) => map.get(key.as_ref()),
        (YamlNode::Sequence(list), Step::Index(index)) => list.get(*index),
        _ => None,
    }
}

fn operation(place: &(Vec<Step>, char), kind: u8) -> Option<Operation> {
    let at = Route { document: 0, steps: place.0.clone().into() };
    Some(match (kind, place.1) {
        (0, 's') => Operation::set(at, true),
        (1, 's') => Operation::set(at, "text"),
        (2, 'm') => Operation::set(at.key("fresh"), 5),
        (3, 'l') => Operation::append(at, "fresh"),
        (4, _) if !at.steps.is_empty() => Operation::remove(at),
        _ => return None,
    })
}

/// Differences that are meant, with what is different and why.
const EXCEPTIONS: [(&str, &str); 4] = [
    ("no change", "`yes` is true already: there is nothing to set. The other editor reads YAML 1.2."),
    (
        "quotes",
        "A text keeps the quotes it had, and a new item has those of its list. The other editor has its own mind.",
    ),
    ("comments", "The comment above a removed key goes with it, a comment inside goes, one below stays."),
    ("blank space", "`{}` and what moves up to a dash stand on the line of the key or dash, and blank lines stay."),
];

/// The exception that a difference falls under.
fn exception(before: &str, ours: &str, theirs: &str) -> Option<&'static str> {
    if ours == before {
        return Some("no change");
    }
    let unquoted = |text: &str| {
        let mut text = text.to_owned();
        for word in ["text", "fresh"] {
            text = text.replace(&format!("\"{word}\""), word).replace(&format!("'{word}'"), word);
        }
        text
    };
    if unquoted(ours) == unquoted(theirs) {
        return Some("quotes");
    }
    if tokens(ours) != tokens(theirs) {
        return None;
    }
    Some(if comments(ours) == comments(theirs) { "blank space" } else { "comments" })
}

fn comments(text: &str) -> Vec<String> {
    let stream = parse(text);
    let comments = stream.documents.iter().flat_map(|doc| doc.comments.iter());
    comments.map(|comment| comment.span.slice(text).to_owned()).collect()
}

/// The text without comments and blank space.
fn tokens(text: &str) -> String {
    let mut bare = text.to_owned();
    for comment in comments(text) {
        bare = bare.replace(&comment, "");
    }
    bare.split_whitespace().collect()
}

#[test]
fn another_editor_agrees() {
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, seed);
    let strategy = (tree(), looks(), any::<prop::sample::Index>(), 0u8..5);
    let mut counts: BTreeMap<&str, usize> = EXCEPTIONS.iter().map(|(name, _)| (*name, 0)).collect();
    for _ in 0..600 {
        let (tree, looks, place, kind) = strategy.new_tree(&mut runner).unwrap().current();
        let mut written = Written::default();
        written.collection(&tree, &[], 0, &looks);
        let before = written.text(&looks);
        let Some(operation) = operation(place.get(&written.places), kind) else { continue };
        let operation = std::slice::from_ref(&operation);
        let ours = watertight_text::apply(&before, &plan(&parse(&before), operation).edits).unwrap();
        let meant = reference(values(&before), operation);
        assert_eq!(values(&ours), meant);
        let theirs = yaml_edit(&before, &operation[0]).filter(|theirs| values(theirs) == meant);
        let outcome = match theirs {
            None => "the other editor is wrong",
            Some(theirs) if theirs == ours => "agreed",
            Some(theirs) => exception(&before, &ours, &theirs).unwrap_or_else(|| {
                panic!("{operation:?}\n--- before\n{before}\n--- ours\n{ours}\n--- theirs\n{theirs}\n---")
            }),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    println!("{counts:?}");
    let all: usize = counts.values().sum();
    assert!(counts["agreed"] * 3 > all * 2, "{counts:?}");
    assert!(counts.values().all(|count| *count > 0), "an exception that nothing needs: {counts:?}");
}
