//! What a document means, as far as the planner has to know: values, and which keys come in by a merge.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::tree::NodeId;
use crate::{Entry, Kind, Node};

/// The value that Kubernetes' reader gets.
pub(super) fn json(node: Node<'_>) -> Value {
    node.to_json()
}

/// Whether two nodes have the same value. Nothing is written out for it: a document may have a million values.
pub(super) fn same(one: Node<'_>, other: Node<'_>) -> bool {
    let mut open = vec![(one, other)];
    while let Some((one, other)) = open.pop() {
        match (one.kind(), other.kind()) {
            (Kind::Sequence, Kind::Sequence) => {
                if one.items().len() != other.items().len() {
                    return false;
                }
                open.extend(one.items().zip(other.items()));
            }
            (Kind::Mapping, Kind::Mapping) => {
                let (mine, theirs) = (entries(one), entries(other));
                if mine.len() != theirs.len() {
                    return false;
                }
                let are_alike = mine.iter().zip(&theirs).all(|(mine, theirs)| mine.name() == theirs.name());
                if are_alike {
                    open.extend(mine.iter().zip(&theirs).map(|(mine, theirs)| (mine.value, theirs.value)));
                    continue;
                }
                let theirs = by_name(&theirs);
                for mine in &mine {
                    let Some(theirs) = theirs.get(&mine.name()) else { return false };
                    open.push((mine.value, *theirs));
                }
            }
            (Kind::Sequence | Kind::Mapping, _) | (_, Kind::Sequence | Kind::Mapping) => return false,
            _ if json(one) != json(other) => return false,
            _ => {}
        }
    }
    true
}

/// The values of entries, for look-ups.
pub(super) fn by_name<'e, 'd>(entries: &'e [Entry<'d>]) -> HashMap<Cow<'e, str>, Node<'d>> {
    entries.iter().map(|entry| (entry.name(), entry.value)).collect()
}

/// Keys with their values as Kubernetes' reader gets them, merged ones included.
pub(super) fn entries<'d>(map: Node<'d>) -> Vec<Entry<'d>> {
    map.entries()
}

/// So many keys of a mapping are looked through one by one.
const FEW: usize = 32;

/// Looks up keys. Those of a larger mapping are learnt once: all of them may be asked for.
#[derive(Default)]
pub(super) struct Keys<'d> {
    known: RefCell<HashMap<NodeId, Known<'d>>>,
}

/// The keys of a mapping.
struct Known<'d> {
    /// As Kubernetes' reader sees them.
    entries: HashMap<Cow<'d, str>, Entry<'d>>,
    /// How often each is written in the mapping itself.
    written: HashMap<Cow<'d, str>, usize>,
}

impl<'d> Keys<'d> {
    /// The entry that Kubernetes' reader uses for a key.
    pub(super) fn entry(&self, map: Node<'d>, key: &str) -> Option<Entry<'d>> {
        if map.written_entries().len() <= FEW {
            return map.entry(key);
        }
        self.of(map, |known| known.entries.get(key).copied())
    }

    pub(super) fn get(&self, map: Node<'d>, key: &str) -> Option<Node<'d>> {
        self.entry(map, key).map(|entry| entry.value)
    }

    /// How often a key is written in a mapping itself.
    pub(super) fn written(&self, map: Node<'d>, key: &str) -> usize {
        if map.written_entries().len() <= FEW {
            return own_entries(map).filter(|entry| entry.name() == key).count();
        }
        self.of(map, |known| known.written.get(key).copied().unwrap_or_default())
    }

    fn of<T>(&self, map: Node<'d>, ask: impl Fn(&Known<'d>) -> T) -> T {
        let mut known = self.known.borrow_mut();
        ask(known.entry(map.content().id()).or_insert_with(|| Known::of(map)))
    }
}

impl<'d> Known<'d> {
    fn of(map: Node<'d>) -> Self {
        let mut written = HashMap::new();
        own_entries(map).for_each(|entry| *written.entry(entry.name()).or_default() += 1);
        Self { entries: entries(map).into_iter().map(|entry| (entry.name(), entry)).collect(), written }
    }
}

/// What is written in a mapping itself.
fn own_entries<'d>(map: Node<'d>) -> impl Iterator<Item = Entry<'d>> {
    map.written_entries().filter(|entry| !is_merge(entry))
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
