//! `network`: families, types, addresses and ports.

use core::net::{Ipv4Addr, Ipv6Addr};

use watertight_text::Span;

use super::settings::{Shape, value};
use crate::names::network;
use crate::refusal::{Code, Refusal};
use crate::tree::{Network, Setting, Text};

pub(super) const LOCAL_ONLY: &str = "create, shutdown, setattr, getattr, bind, listen, setopt and getopt have no other end: they do not go with `peer=(…)`.";

const OURS: Shape<'_> = Shape {
    class: "network",
    names: &["ip", "port", "interface", "label"],
    lists: &["ip", "port", "interface", "label"],
    repeated: &[],
};
const PEER: Shape<'_> =
    Shape { class: "network", names: &["ip", "port", "label"], lists: &["ip", "port", "label"], repeated: &[] };

/// Whether an access looks at our own end alone.
pub(super) fn is_local_only(word: &Text) -> bool {
    let words = ["create", "shutdown", "setattr", "getattr", "bind", "listen", "setopt", "getopt"];
    words.contains(&word.value.as_str())
}

pub(super) fn check(rule: &Network, span: Span, found: &mut Vec<Refusal>) {
    OURS.check(&rule.settings, found);
    PEER.check(&rule.peer, found);
    for settings in [&rule.settings, &rule.peer] {
        if let Some(ip) = value(settings, "ip")
            && !is_address(&ip.value)
        {
            let message = ["`", &ip.value, "` is no address; one IPv4 or IPv6 address, or `none`."].concat();
            found.push(Refusal::new(Code::Network, ip.span, message));
        }
        if let Some(port) = value(settings, "port")
            && !is_port(&port.value)
        {
            let message = ["`", &port.value, "` is no port, nor a range such as `8000-8080`."].concat();
            found.push(Refusal::new(Code::Network, port.span, message));
        }
    }
    let has = |settings: &[Setting]| value(settings, "ip").is_some() || value(settings, "port").is_some();
    let (ours, peer) = (has(&rule.settings), has(&rule.peer));
    let known = match (&rule.family, &rule.kind) {
        (Some(family), Some(kind)) => network::has(&family.value, &kind.value),
        (Some(family), None) => network::is_family(&family.value),
        (None, Some(kind)) => network::is_kind(&kind.value),
        (None, None) => true,
    };
    if !known {
        let end = rule.kind.as_ref().or(rule.family.as_ref()).map_or(span, |text| text.span);
        let start = rule.family.as_ref().map_or(end, |text| text.span);
        let message = "There is no such family, or it has no such type.";
        found.push(Refusal::new(Code::Network, start.cover(end), message));
    }
    if let Some(family) = &rule.family
        && (ours || peer)
        && known
        && !matches!(family.value.as_str(), "inet" | "inet6")
    {
        found.push(Refusal::new(Code::Network, family.span, "Only inet and inet6 have addresses and ports."));
    }
    if peer && rule.words.iter().any(is_local_only) {
        found.push(Refusal::new(Code::Setting, span, LOCAL_ONLY));
    }
}

fn is_address(text: &str) -> bool {
    text == "none" || text.parse::<Ipv6Addr>().is_ok() || text.parse::<Ipv4Addr>().is_ok()
}

fn is_port(text: &str) -> bool {
    if let Some((from, to)) = text.split_once('-')
        && let (Some(from), Some(to)) = (number(from), number(to))
        && from <= to
    {
        return true;
    }
    number(text).is_some()
}

/// As C reads a port: blanks and a plus in front do no harm.
fn number(text: &str) -> Option<u16> {
    let text = text.trim_start();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ports() {
        for (text, expected) in
            [("127.0.0.1", true), ("::1", true), ("none", true), ("10.0.0.0/8", false), ("1.2", false)]
        {
            assert_eq!(is_address(text), expected, "{text}");
        }
        for (text, expected) in [
            ("80", true),
            ("80-90", true),
            ("90-80", false),
            ("-1", false),
            ("65536", false),
            ("1-", false),
            ("", false),
        ] {
            assert_eq!(is_port(text), expected, "{text}");
        }
    }
}
