//! Manifests whose indentation is taken away must come back as they were, or not at all.

// Printing is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fs;

use serde_json::{Map, Value};
use watertight_pod::restore::{looks_flat, restore};
use watertight_yaml::{Kind, Node, parse};

fn main() {
    let Some(corpus) = watertight_tests::corpus() else {
        println!("restore: skipped, no corpus");
        return;
    };
    let (mut same, mut doubted, mut named) = (0, 0, 0);
    let (mut other, mut none) = (Vec::new(), Vec::new());
    for path in watertight_tests::files(&corpus.join("manifests"), &["yaml", "yml"]) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        // A document at a time: those of kinds without a pod are left as they are.
        for document in text.split("\n---").filter(|document| is_plain(document)) {
            let Some(wanted) = value_of(document) else { continue };
            let flat: String = document.lines().map(|line| line.trim().to_owned() + "\n").collect();
            if !looks_flat(&flat) {
                continue;
            }
            let Some(restored) = restore(&flat) else {
                none.push(path.clone());
                continue;
            };
            doubted += usize::from(!restored.doubts.is_empty());
            match value_of(&restored.text) {
                Some(value) if value == wanted => same += 1,
                _ if !restored.doubts.is_empty() => named += 1,
                _ => other.push(path.clone()),
            }
        }
    }
    let total = same + named + other.len() + none.len();
    println!(
        "restore: {same}/{total} as they were; {} not restored; otherwise: {named} with the doubt named, {} without; \
         doubts in all: {doubted}",
        none.len(),
        other.len()
    );
    if std::env::var_os("WATERTIGHT_LIST").is_some() {
        other.iter().for_each(|path| println!("  otherwise: {}", path.display()));
        none.iter().for_each(|path| println!("  not restored: {}", path.display()));
    }
    // A wrong structure that looks right is worse than none.
    assert!(other.len() * 100 <= total, "too many restored otherwise: {other:#?}");
    assert!(same * 100 >= total * FLOOR, "fewer restored than before");
}

/// Percent of the manifests that came back when this was last looked at.
const FLOOR: usize = 91;

/// Without what cannot be told from lines at the left edge.
fn is_plain(text: &str) -> bool {
    !text.contains("{{")
}

fn value_of(text: &str) -> Option<Value> {
    let stream = parse(text);
    let [document] = stream.documents.as_slice() else { return None };
    document.complete.then(|| document.root().map(value).unwrap_or_default())
}

fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => {
            let entries = node.written_entries().map(|entry| (entry.name().into_owned(), value(entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Kind::Sequence => Value::Array(node.items().map(value).collect()),
        // Lines of a text that were indented among each other cannot be told from the others any more.
        _ => {
            let lines: Vec<&str> = node.written().unwrap_or_default().lines().map(str::trim).collect();
            Value::String(lines.join("\n"))
        }
    }
}
