//! Sockets by family and type. Ports and addresses in a rule are dropped by the compiler for every feature set that is in
//! use today, so that such a rule is about all sockets of its family and type.

use super::resolve::Voice;
use crate::names::network::{FAMILIES, PROTOCOLS, TYPES};
use crate::tree::Network;

/// The accesses of a socket in the order of their bits.
pub(super) const ACCESSES: [&str; 14] = [
    "create", "connect", "bind", "listen", "accept", "send", "receive", "getattr", "setattr", "getopt", "setopt",
    "shutdown", "read", "write",
];

/// A rule on sockets, compiled.
#[derive(Debug)]
pub(super) struct NetworkEntry {
    pub(super) voice: Voice,
    /// `None`: every family.
    family: Option<String>,
    /// `None`: every type.
    kind: Option<&'static str>,
    /// The type is given by a protocol, which only these families know.
    only: Option<&'static [&'static str]>,
}

/// Compiles a rule. `None` when its words fit no socket, which the parser refuses.
pub(super) fn compile(voice: Voice, network: &Network) -> Option<NetworkEntry> {
    let word = |text: &Option<crate::tree::Text>| text.as_ref().map(|text| text.value.clone());
    let (mut family, mut kind, mut protocol) = (word(&network.family), word(&network.kind), word(&network.protocol));
    // One word alone may be a type or a protocol; a family of that name comes first.
    if let Some(only) = family.clone()
        && !is_family(&only)
    {
        protocol = protocol.or(kind.take());
        kind = Some(only);
        family = None;
    }
    let only = if family.is_none() { kind.as_deref().and_then(families_of) } else { None };
    let kind = match (kind.as_deref(), protocol.as_deref()) {
        (None, None) => None,
        (Some(word), _) => Some(kind_of(word)?),
        (None, Some(protocol)) => Some(kind_of(protocol)?),
    };
    let perms = accesses(network.words.iter().map(|word| word.value.as_str()));
    Some(NetworkEntry { voice: Voice { perms, ..voice }, family, kind, only })
}

/// A rule for the sockets of one family, whatever their type; or all sockets.
pub(super) fn every(voice: Voice, family: Option<&str>, kind: Option<&str>) -> NetworkEntry {
    NetworkEntry { voice, family: family.map(str::to_owned), kind: kind.and_then(kind_of), only: None }
}

impl NetworkEntry {
    /// Whether the rule is about such sockets.
    pub(super) fn matches(&self, family: &str, kind: &str) -> bool {
        self.family.as_ref().is_none_or(|name| name == family)
            && self.only.is_none_or(|families| families.contains(&family))
            && self.kind.is_none_or(|name| name == kind)
    }
}

/// The voices of the rules that match.
pub(super) fn voices(entries: &[NetworkEntry], family: &str, kind: &str) -> Vec<Voice> {
    entries.iter().filter(|entry| entry.matches(family, kind)).map(|entry| entry.voice).collect()
}

/// The bits of the accesses that are named; of all when none is.
pub(super) fn accesses<'w>(words: impl Iterator<Item = &'w str>) -> u32 {
    let mut bits = 0;
    for word in words {
        bits |= access(word);
    }
    if bits == 0 { (1 << ACCESSES.len()) - 1 } else { bits }
}

/// The bit of one access, or those of several with blanks between; 0 for an unknown word.
pub(super) fn access(word: &str) -> u32 {
    let word = match word {
        words if words.contains(' ') => return words.split(' ').fold(0, |bits, word| bits | access(word)),
        "r" | "read" => "receive",
        "w" | "write" => "send",
        "rw" | "wr" => return access("receive") | access("send"),
        "getattr" | "setattr" | "getopt" | "setopt" => word,
        other => other,
    };
    ACCESSES.iter().position(|name| *name == word).map_or(0, |bit| 1 << bit)
}

fn is_family(word: &str) -> bool {
    FAMILIES.iter().any(|(name, _)| *name == word)
}

/// The families that know a protocol by its name; `None` when the word is no protocol.
fn families_of(word: &str) -> Option<&'static [&'static str]> {
    let (.., newer) = PROTOCOLS.iter().find(|(name, ..)| *name == word)?;
    Some(if *newer { &["inet", "inet6"] } else { &["inet"] })
}

/// The type that a word stands for: its own name, or that of a protocol that goes over it.
fn kind_of(word: &str) -> Option<&'static str> {
    let number = PROTOCOLS.iter().find(|(name, ..)| *name == word).map(|(_, number, _)| *number);
    TYPES.iter().find(|(name, kind)| *name == word || Some(*kind) == number).map(|(name, _)| *name)
}
