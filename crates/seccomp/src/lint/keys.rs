//! Every key of a profile with what its reader makes of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use watertight_diagnostic::Route;
use watertight_yaml::{Entry, Kind, Node};

use super::{Form, Subject};
use crate::Reader;
use crate::keys::{Level, step};

/// What a reader makes of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    Known,
    /// Another reader would know it.
    Ignored(&'static str),
    Unknown,
}

/// A key as it is written.
pub(super) struct Key<'d> {
    pub(super) level: Level,
    pub(super) entry: Entry<'d>,
    pub(super) route: Route,
    pub(super) standing: Standing,
    /// The place among all keys of the first one of this name, whatever its case, in the same mapping.
    pub(super) first: Option<usize>,
}

/// Every key in the order of the text.
pub(super) fn all<'d>(subject: &Subject<'d>) -> Vec<Key<'d>> {
    let mut keys = Vec::new();
    walk(subject, Level::Top, subject.node, &subject.route, &mut keys);
    keys
}

fn walk<'d>(subject: &Subject<'d>, level: Level, node: Node<'d>, route: &Route, keys: &mut Vec<Key<'d>>) {
    let mut seen: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    if node.kind() != Kind::Mapping {
        return;
    }
    for entry in node.written_entries() {
        let name = entry.name();
        let at = route.key(step(&name));
        let is_lower = !name.contains(|letter: char| letter.is_ascii_uppercase());
        let lower = if is_lower { name } else { Cow::Owned(name.to_ascii_lowercase()) };
        let standing = standing(subject, level, &lower);
        let place = *seen.entry(lower.clone()).or_insert(keys.len());
        let first = Some(place).filter(|place| *place < keys.len());
        let below = match (level, lower.as_ref()) {
            (Level::Top, "syscalls") => Some(Level::Entry),
            (Level::Top, "archmap") => Some(Level::ArchMap),
            (Level::Entry, "args") => Some(Level::Arg),
            (Level::Entry, "includes" | "excludes") => Some(Level::Gate),
            _ => None,
        };
        let Some(below) = below else {
            keys.push(Key { level, entry, route: at, standing, first });
            continue;
        };
        keys.push(Key { level, entry, route: at.clone(), standing, first });
        if below == Level::Gate {
            walk(subject, below, entry.value, &at, keys);
        } else if entry.value.kind() == Kind::Sequence {
            for (index, item) in entry.value.items().enumerate() {
                walk(subject, below, item, &at.index(index), keys);
            }
        }
    }
}

fn standing(subject: &Subject<'_>, level: Level, lower: &str) -> Standing {
    let known = level.known();
    let is_in = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(lower));
    let gates = subject.reader.knows_gates();
    let is_object = subject.form == Form::Object;
    if is_object && lower == "defaulterrnoret" {
        return Standing::Ignored("runc");
    }
    if is_in(known.oci) {
        let is_dropped = lower == "minkernel" && subject.reader == Reader::ContainersCommon;
        return if is_dropped { Standing::Ignored("Docker") } else { Standing::Known };
    }
    if is_in(known.docker) {
        // A comment says nothing to a machine wherever it stands.
        return if gates || lower == "comment" {
            Standing::Known
        } else {
            Standing::Ignored("Docker, Podman and CRI-O")
        };
    }
    if is_in(known.common) {
        let is_known = subject.reader == Reader::ContainersCommon;
        return if is_known { Standing::Known } else { Standing::Ignored("Podman and CRI-O") };
    }
    if is_in(known.object) {
        return if is_object { Standing::Known } else { Standing::Ignored("the Security Profiles Operator") };
    }
    Standing::Unknown
}
