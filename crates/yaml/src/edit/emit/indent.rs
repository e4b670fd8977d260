//! How things are indented.

use std::collections::BTreeMap;

use super::super::render::Indent;
use super::super::source::{Element, Source};
use crate::{CollectionStyle, Kind, Node};

/// The indentation that most of a document has.
pub(super) fn document_indent(src: &Source<'_>, root: Node<'_>) -> Indent {
    let mut tally = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
    let mut open = vec![src.node(root.id())];
    while let Some(node) = open.pop() {
        if src.style(node) != Some(CollectionStyle::Block) {
            continue;
        }
        let column = src.block_column(node);
        for entry in node.written_entries() {
            count(src, entry.value, column, &mut tally);
            open.push(entry.value);
        }
        if node.kind() == Kind::Sequence {
            for item in node.items() {
                if src.style(item) == Some(CollectionStyle::Block) {
                    let [_, _, items] = &mut tally;
                    note(items, src.block_column(item), column);
                }
                open.push(item);
            }
        }
    }
    let most = |tally: &BTreeMap<usize, usize>| tally.iter().max_by_key(|(_, times)| **times).map(|(by, _)| *by);
    let [mappings, lists, items] = &tally;
    let mapping = most(mappings).filter(|by| *by > 0).unwrap_or(2);
    Indent { mapping, list: most(lists).unwrap_or(mapping), item: most(items).filter(|by| *by > 1).unwrap_or(2) }
}

fn count(src: &Source<'_>, value: Node<'_>, column: usize, tally: &mut [BTreeMap<usize, usize>; 3]) {
    if src.style(value) == Some(CollectionStyle::Block) {
        let [mappings, lists, _] = tally;
        let tally = if value.kind() == Kind::Mapping { mappings } else { lists };
        note(tally, src.block_column(src.node(value.id())), column);
    }
}

fn note(tally: &mut BTreeMap<usize, usize>, inner: usize, outer: usize) {
    if let Some(by) = inner.checked_sub(outer) {
        *tally.entry(by).or_insert(0) += 1;
    }
}

/// The indentation of the siblings, where there are some to look at.
pub(super) fn local_indent(
    src: &Source<'_>,
    elements: &[Element<'_>],
    kind: Kind,
    column: usize,
    general: Indent,
) -> Indent {
    let mut indent = general;
    let blocks = |wanted: Kind| {
        let found = elements
            .iter()
            .map(|element| element.value)
            .find(|value| src.style(*value) == Some(CollectionStyle::Block) && value.kind() == wanted)?;
        src.block_column(src.node(found.id())).checked_sub(column)
    };
    if kind == Kind::Mapping {
        indent.mapping = blocks(Kind::Mapping).filter(|by| *by > 0).unwrap_or(indent.mapping);
        indent.list = blocks(Kind::Sequence).unwrap_or(indent.list);
    } else {
        indent.item = blocks(Kind::Mapping).filter(|by| *by > 1).unwrap_or(indent.item);
    }
    indent
}
