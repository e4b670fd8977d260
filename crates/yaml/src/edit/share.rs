//! What becomes of anchors and aliases when a node that stands in several places is to change in some of them.
//!
//! An anchor's node and its aliases are *uses* of one value. A change that is asked for at every use is made once, at
//! the anchor. When the anchor's own place is to change and other uses are not, those uses keep the old value: the first
//! of them gets a copy and the anchor with it. A change at an alias alone is made there, see `emit`.

use std::collections::{BTreeMap, HashMap, HashSet};
use watertight_text::sort;

use watertight_diagnostic::Step;

use super::change::{Change, Inside};
use super::render::Out;
use super::view::{self, Keys};
use crate::tree::{Content, NodeId};
use crate::{Document, Kind, Node};

/// Decisions about shared nodes.
#[derive(Default)]
pub(super) struct Shared {
    /// Aliases that are replaced although nothing was asked for there, with what replaces them.
    pub(super) replaced: HashMap<NodeId, Out>,
    /// Aliases whose change cannot refer to the anchor.
    pub(super) copied: HashSet<NodeId>,
    /// Aliases whose change is made at the anchor.
    pub(super) done: HashSet<NodeId>,
    /// Keys whose change is made at an anchor that is merged into the mapping.
    pub(super) merged: HashSet<(NodeId, String)>,
    /// Nodes that lose their anchor.
    pub(super) stripped: HashSet<NodeId>,
}

#[derive(Clone, Copy)]
enum Fate<'c> {
    Stays,
    Changes(&'c Change),
    Goes,
}

struct Use<'d, 'c> {
    alias: Node<'d>,
    fate: Fate<'c>,
    /// The mapping that merges it, with its changes.
    merging: Option<(Node<'d>, Option<&'c Inside>)>,
}

#[derive(Default)]
struct Census<'d, 'c> {
    uses: BTreeMap<NodeId, Vec<Use<'d, 'c>>>,
    anchors: HashMap<NodeId, Fate<'c>>,
}

/// Whether keys that come by merge have to be written out, because one of them is to go.
pub(super) fn expands(map: Node<'_>, inside: &Inside) -> bool {
    view::has_merge(map)
        && inside.children.iter().any(|(step, change)| match (step, change) {
            (Step::Key(key), Change::Remove) => view::comes_by_merge(map, key),
            _ => false,
        })
}

pub(super) fn decide<'d>(doc: &'d Document<'d>, change: &Change, keys: &Keys<'d>) -> Shared {
    let mut shared = Shared::default();
    let aliased = doc.nodes.iter().any(|data| matches!(data.content, Content::Alias(_)));
    let Some(root) = doc.root().filter(|_| aliased) else { return shared };
    let mut census = Census::default();
    census.visit(root, Fate::Changes(change), keys);
    for (target, mut uses) in census.uses {
        uses.retain(|used| !matches!(used.fate, Fate::Goes));
        sort::by_key(&mut uses, |used| used.alias.span());
        let Some(fate) = census.anchors.get(&target) else { continue };
        let target = crate::tree::node(doc, target);
        if !matches!(fate, Fate::Stays) {
            shared.settle(target, *fate, &uses, keys);
        }
    }
    shared
}

impl<'d, 'c> Census<'d, 'c> {
    fn visit(&mut self, node: Node<'d>, fate: Fate<'c>, keys: &Keys<'d>) {
        if node.is_alias() {
            self.record(node, fate, None);
            return;
        }
        if node.anchor().is_some() {
            let keeps = matches!(fate, Fate::Changes(change) if change.keeps_value());
            self.anchors.insert(node.id(), if keeps { Fate::Stays } else { fate });
        }
        let inside = match fate {
            Fate::Changes(Change::Inside(inside)) => Some(inside),
            _ => None,
        };
        let unplaced = match fate {
            Fate::Changes(Change::Set(_) | Change::Remove) | Fate::Goes => Fate::Goes,
            _ => Fate::Stays,
        };
        match node.kind() {
            Kind::Mapping => {
                let expanded = inside.is_some_and(|inside| expands(node, inside));
                for entry in node.written_entries() {
                    if view::is_merge(&entry) {
                        let fate = if expanded { Fate::Goes } else { unplaced };
                        self.visit_merge((node, inside), entry.value, fate, keys);
                        continue;
                    }
                    let name = entry.name();
                    let fate = match inside.and_then(|inside| inside.key(&name)) {
                        None => unplaced,
                        Some(Change::Remove) => Fate::Goes,
                        // The last of two equal keys is the one that counts.
                        Some(change) if keys.get(node, &name).is_some_and(|value| value.id() == entry.value.id()) => {
                            Fate::Changes(change)
                        }
                        Some(Change::Inside(inside)) if inside.alone => Fate::Goes,
                        Some(_) => Fate::Stays,
                    };
                    self.visit(entry.value, fate, keys);
                }
            }
            Kind::Sequence => {
                for (index, item) in node.items().enumerate() {
                    let fate = match inside.and_then(|inside| inside.get(&Step::Index(index))) {
                        None => unplaced,
                        Some(Change::Remove) => Fate::Goes,
                        Some(change) => Fate::Changes(change),
                    };
                    self.visit(item, fate, keys);
                }
            }
            _ => {}
        }
    }

    fn visit_merge(
        &mut self,
        merging: (Node<'d>, Option<&'c Inside>),
        value: Node<'d>,
        fate: Fate<'c>,
        keys: &Keys<'d>,
    ) {
        if value.is_alias() {
            self.record(value, fate, Some(merging));
        } else if value.kind() == Kind::Sequence {
            for item in value.items() {
                self.visit_merge(merging, item, fate, keys);
            }
        } else {
            self.visit(value, fate, keys);
        }
    }

    fn record(&mut self, alias: Node<'d>, fate: Fate<'c>, merging: Option<(Node<'d>, Option<&'c Inside>)>) {
        self.uses.entry(alias.content().id()).or_default().push(Use { alias, fate, merging });
    }
}

impl Shared {
    /// Decides about the uses of an anchor whose own place changes or goes.
    fn settle<'d>(&mut self, target: Node<'d>, fate: Fate<'_>, uses: &[Use<'d, '_>], keys: &Keys<'d>) {
        let mut others = Vec::new();
        let mut agreeing = false;
        for used in uses {
            if let (Some((map, inside)), Fate::Changes(Change::Inside(here))) = (used.merging, fate)
                && let Some(keys) = follows(target, here, (map, inside), keys)
            {
                agreeing = true;
                self.merged.extend(keys.into_iter().map(|key| (map.id(), key)));
                continue;
            }
            let agrees = match (fate, used.fate) {
                (Fate::Changes(here), Fate::Changes(there)) => here == there,
                _ => false,
            };
            if agrees {
                agreeing = true;
                self.done.insert(used.alias.id());
            } else if !matches!(used.fate, Fate::Changes(Change::Set(_))) {
                others.push(used);
            }
        }
        let anchor_text = target.anchor();
        let name = anchor_text.map(|span| span.slice(target.source()).trim_start_matches('&')).unwrap_or_default();
        let old = || view::json(target);
        if agreeing {
            for used in others {
                match used.fate {
                    Fate::Changes(_) => {
                        self.copied.insert(used.alias.id());
                    }
                    _ => {
                        self.replaced.insert(used.alias.id(), Out::Value(old()));
                    }
                }
            }
            return;
        }
        let mut moved = false;
        for used in others {
            match used.fate {
                Fate::Changes(_) if moved => {}
                Fate::Changes(_) => {
                    self.copied.insert(used.alias.id());
                }
                _ if moved => {}
                _ => {
                    moved = true;
                    self.stripped.insert(target.id());
                    self.replaced.insert(used.alias.id(), Out::Anchored(name.to_owned(), old()));
                }
            }
        }
    }
}

/// Whether a mapping that merges `target` may follow the change of it: then the keys whose change is made there.
fn follows<'d>(
    target: Node<'d>,
    here: &Inside,
    (map, inside): (Node<'d>, Option<&Inside>),
    keys: &Keys<'d>,
) -> Option<Vec<String>> {
    let mut followed = Vec::new();
    for (step, change) in &here.children {
        let Step::Key(key) = step else { return None };
        let own = keys.written(map, key) > 0;
        if own && inside.and_then(|inside| inside.key(key)) == Some(&Change::Remove) {
            return None;
        }
        if own {
            continue;
        }
        let same = inside.and_then(|inside| inside.key(key)) == Some(change);
        let inherited = match keys.get(map, key) {
            None => true,
            Some(value) => keys.get(target, key).is_some_and(|node| node.id() == value.id()),
        };
        if !same || !inherited {
            return None;
        }
        followed.push(key.to_string());
    }
    Some(followed)
}
