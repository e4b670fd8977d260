//! Sockets by family and type. Ports and addresses in a rule are dropped by the compiler for every feature set that is in
//! use today, so that such a rule is about all sockets of its family and type.

use super::resolve::Voice;
use crate::tree::Network;

/// The accesses of a socket in the order of their bits.
pub(super) const ACCESSES: [&str; 14] = [
    "create", "connect", "bind", "listen", "accept", "send", "receive", "getattr", "setattr", "getopt", "setopt",
    "shutdown", "read", "write",
];

/// The families, as the kernel numbers them from 0 on, apart from holes.
const FAMILIES: &[&str] = &[
    "unspec",
    "unix",
    "inet",
    "ax25",
    "ipx",
    "appletalk",
    "netrom",
    "bridge",
    "atmpvc",
    "x25",
    "inet6",
    "rose",
    "netbeui",
    "security",
    "key",
    "netlink",
    "packet",
    "ash",
    "econet",
    "atmsvc",
    "rds",
    "sna",
    "irda",
    "pppox",
    "wanpipe",
    "llc",
    "ib",
    "mpls",
    "can",
    "tipc",
    "bluetooth",
    "iucv",
    "rxrpc",
    "isdn",
    "phonet",
    "ieee802154",
    "caif",
    "alg",
    "nfc",
    "vsock",
    "kcm",
    "qipcrtr",
    "smc",
    "xdp",
    "mctp",
];

/// The types that a rule can name.
const TYPES: &[&str] = &["stream", "dgram", "raw", "rdm", "seqpacket", "packet"];

/// A rule on sockets, compiled.
#[derive(Debug)]
pub(super) struct NetworkEntry {
    pub(super) voice: Voice,
    /// `None`: every family.
    family: Option<String>,
    /// `None`: every type.
    kind: Option<&'static str>,
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
    let kind = match (kind.as_deref(), protocol.as_deref()) {
        (None, None) => None,
        (Some(word), _) => Some(kind_of(word)?),
        (None, Some(protocol)) => Some(kind_of(protocol)?),
    };
    let perms = accesses(network.words.iter().map(|word| word.value.as_str()));
    Some(NetworkEntry { voice: Voice { perms, ..voice }, family, kind })
}

/// A rule for the sockets of one family, whatever their type; or all sockets.
pub(super) fn every(voice: Voice, family: Option<&str>, kind: Option<&str>) -> NetworkEntry {
    NetworkEntry { voice, family: family.map(str::to_owned), kind: kind.and_then(kind_of) }
}

/// The voices of the rules that match.
pub(super) fn voices(entries: &[NetworkEntry], family: &str, kind: &str) -> Vec<Voice> {
    entries
        .iter()
        .filter(|entry| entry.family.as_ref().is_none_or(|name| same_family(name, family)))
        .filter(|entry| entry.kind.is_none_or(|name| name == kind))
        .map(|entry| entry.voice)
        .collect()
}

/// The bits of the accesses that are named; of all when none is.
pub(super) fn accesses<'w>(words: impl Iterator<Item = &'w str>) -> u32 {
    let mut bits = 0;
    for word in words {
        bits |= access(word);
    }
    if bits == 0 { (1 << ACCESSES.len()) - 1 } else { bits }
}

/// The bit of one access; 0 for an unknown word.
pub(super) fn access(word: &str) -> u32 {
    let word = match word {
        "r" | "read" => "receive",
        "w" | "write" => "send",
        "rw" | "wr" => return access("receive") | access("send"),
        "getattr" | "setattr" | "getopt" | "setopt" => word,
        other => other,
    };
    ACCESSES.iter().position(|name| *name == word).map_or(0, |bit| 1 << bit)
}

/// Whether there is such a family.
pub fn is_family(word: &str) -> bool {
    FAMILIES.contains(&word) || word == "local" || word == "route"
}

/// The type that a word stands for: its own name, or that of a protocol that goes over it.
fn kind_of(word: &str) -> Option<&'static str> {
    match word {
        "tcp" => Some("stream"),
        "udp" => Some("dgram"),
        "icmp" => Some("raw"),
        _ => TYPES.iter().find(|name| **name == word).copied(),
    }
}

fn same_family(one: &str, other: &str) -> bool {
    let plain = |name: &'_ str| match name {
        "local" => "unix".to_owned(),
        "route" => "netlink".to_owned(),
        name => name.to_owned(),
    };
    plain(one) == plain(other)
}
