//! Families, types and protocols of sockets.

/// Families with their numbers in Linux (`AF_…`), by name. Local names and routing are not among them.
pub const FAMILIES: &[(&str, u16)] = &[
    ("unspec", 0),
    ("unix", 1),
    ("inet", 2),
    ("ax25", 3),
    ("ipx", 4),
    ("appletalk", 5),
    ("netrom", 6),
    ("bridge", 7),
    ("atmpvc", 8),
    ("x25", 9),
    ("inet6", 10),
    ("rose", 11),
    ("netbeui", 13),
    ("security", 14),
    ("key", 15),
    ("netlink", 16),
    ("packet", 17),
    ("ash", 18),
    ("econet", 19),
    ("atmsvc", 20),
    ("rds", 21),
    ("sna", 22),
    ("irda", 23),
    ("pppox", 24),
    ("wanpipe", 25),
    ("llc", 26),
    ("ib", 27),
    ("mpls", 28),
    ("can", 29),
    ("tipc", 30),
    ("bluetooth", 31),
    ("iucv", 32),
    ("rxrpc", 33),
    ("isdn", 34),
    ("phonet", 35),
    ("ieee802154", 36),
    ("caif", 37),
    ("alg", 38),
    ("nfc", 39),
    ("vsock", 40),
    ("kcm", 41),
    ("qipcrtr", 42),
    ("smc", 43),
    ("xdp", 44),
    ("mctp", 45),
];

/// Types that every family has, with their numbers (`SOCK_…`).
pub const TYPES: &[(&str, u8)] =
    &[("stream", 1), ("dgram", 2), ("raw", 3), ("rdm", 4), ("seqpacket", 5), ("packet", 10)];

/// Protocols that stand for a type, and whether `inet6` knows them too.
pub const PROTOCOLS: &[(&str, u8, bool)] = &[("tcp", 1, true), ("udp", 2, true), ("icmp", 3, false)];

/// The types that `unix` rules know by `type=…`.
pub const UNIX_TYPES: &[&str] = &["none", "stream", "dgram", "raw", "rdm", "seqpacket", "dccp", "packet"];

/// Whether a family has that name.
pub fn is_family(name: &str) -> bool {
    FAMILIES.iter().any(|&(family, _)| family == name)
}

/// Whether a type or a protocol has that name.
pub fn is_kind(name: &str) -> bool {
    TYPES.iter().any(|&(kind, _)| kind == name) || PROTOCOLS.iter().any(|&(protocol, ..)| protocol == name)
}

/// Whether a family has sockets of that type or protocol.
pub fn has(family: &str, kind: &str) -> bool {
    let protocol = PROTOCOLS.iter().find(|&&(protocol, ..)| protocol == kind);
    match protocol {
        Some(&(.., six)) => family == "inet" || (family == "inet6" && six),
        None => is_family(family) && TYPES.iter().any(|&(name, _)| name == kind),
    }
}
