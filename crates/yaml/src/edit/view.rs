//! What a document means, as far as the planner has to know: values, and which keys come in by a merge.

use serde_json::Value;

use crate::{Entry, Kind, Node};

/// The value that Kubernetes' reader gets.
pub(super) fn json(node: Node<'_>) -> Value {
    node.to_json()
}

/// Keys with their values as Kubernetes' reader gets them, merged ones included.
pub(super) fn entries<'d>(map: Node<'d>) -> Vec<Entry<'d>> {
    map.entries()
}

/// Whether an entry is a merge, `<<: …`.
pub(super) fn is_merge(entry: &Entry<'_>) -> bool {
    entry.key.is_merge_key()
}

pub(super) fn has_merge(map: Node<'_>) -> bool {
    map.written_entries().any(|entry| is_merge(&entry))
}

/// What a mapping merges, as written: aliases and mappings.
pub(super) fn merge_sources<'d>(map: Node<'d>) -> Vec<Node<'d>> {
    let mut out = Vec::new();
    for entry in map.written_entries().filter(is_merge) {
        if entry.value.kind() == Kind::Sequence {
            out.extend(entry.value.items());
        } else {
            out.push(entry.value);
        }
    }
    out
}

/// Whether a key would still be there if it were not written in this mapping itself.
pub(super) fn comes_by_merge(map: Node<'_>, key: &str) -> bool {
    merge_sources(map).into_iter().any(|source| source.get(key).is_some())
}
