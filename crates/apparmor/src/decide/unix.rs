//! Abstract and unnamed sockets. Kernels that tell them apart look at both ends; others see only that a socket of the
//! family is used, for which the compiler adds a plain network rule.

use super::network;
use super::operation::UnixUse;
use super::resolve::Voice;
use super::values::spread;
use crate::glob::{Glob, GlobError, Part};
use crate::tree::{Access, Setting};

/// A compiled rule.
#[derive(Debug)]
pub(super) struct UnixEntry {
    voice: Voice,
    kind: Option<String>,
    address: Option<Vec<Address>>,
    peer_address: Option<Vec<Address>>,
    peer_label: Option<Vec<Glob>>,
}

impl UnixEntry {
    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let addresses = self.address.iter().chain(&self.peer_address).flatten();
        let addresses = addresses.map(|address| match address {
            Address::Named(glob) => size_of::<Address>() + glob.bytes(),
            _ => size_of::<Address>(),
        });
        let labels = self.peer_label.iter().flatten().map(Glob::bytes);
        size_of::<Self>() + addresses.chain(labels).sum::<usize>()
    }
}

/// What an address has to be.
#[derive(Debug)]
enum Address {
    /// `none`: there is none.
    Unnamed,
    /// `auto`: the kernel picks five hexadecimal digits.
    Picked,
    Named(Glob),
}

impl Address {
    fn matches(&self, address: &str) -> bool {
        match (self, address.strip_prefix('@')) {
            (Self::Unnamed, None) => address.is_empty(),
            (Self::Picked, Some(name)) => {
                name.len() == 5 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            }
            (Self::Named(glob), Some(name)) => glob.matches(name.as_bytes()),
            _ => false,
        }
    }
}

pub(super) fn compile(voice: Voice, access: &Access) -> Result<UnixEntry, GlobError> {
    let perms = network::accesses(access.words.iter().map(|word| word.value.as_str()));
    let find = |settings: &'_ [Setting], name: &str| settings.iter().find(|s| s.name.value == name).cloned();
    Ok(UnixEntry {
        voice: Voice { perms, ..voice },
        kind: kind(access),
        address: addresses(find(&access.settings, "addr"))?,
        peer_address: addresses(find(&access.peer, "addr"))?,
        peer_label: labels(find(&access.peer, "label"))?,
    })
}

/// The type that a rule is about, when it is about one.
pub(super) fn kind(access: &Access) -> Option<String> {
    let setting = access.settings.iter().find(|setting| setting.name.value == "type")?;
    setting.values.first().map(|value| value.value.clone())
}

/// A rule without conditions.
pub(super) fn every(voice: Voice) -> UnixEntry {
    let voice = Voice { perms: u32::MAX, ..voice };
    UnixEntry { voice, kind: None, address: None, peer_address: None, peer_label: None }
}

/// A rule about one type, or all, without further conditions.
pub(super) fn of_kind(voice: Voice, kind: Option<&str>) -> UnixEntry {
    UnixEntry { kind: kind.map(str::to_owned), ..every(voice) }
}

pub(super) fn voices(entries: &[UnixEntry], wanted: &UnixUse) -> Vec<Voice> {
    let address = |patterns: &Option<Vec<Address>>, found: &str| {
        patterns.as_ref().is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(found)))
    };
    entries
        .iter()
        .filter(|entry| entry.kind.as_ref().is_none_or(|kind| *kind == wanted.kind))
        .filter(|entry| address(&entry.address, &wanted.address))
        .filter(|entry| address(&entry.peer_address, &wanted.peer_address))
        .filter(|entry| {
            let labels = entry.peer_label.as_ref();
            labels.is_none_or(|globs| globs.iter().any(|glob| glob.matches(wanted.peer_label.as_bytes())))
        })
        .map(|entry| entry.voice)
        .collect()
}

fn addresses(setting: Option<Setting>) -> Result<Option<Vec<Address>>, GlobError> {
    let Some(setting) = setting else { return Ok(None) };
    let mut out = Vec::new();
    for value in &setting.values {
        for pattern in spread(Some(value)).into_iter().flatten() {
            out.push(match pattern.as_slice() {
                b"none" => Address::Unnamed,
                b"auto" => Address::Picked,
                [b'@', name @ ..] => Address::Named(Glob::of_parts(&[Part::Address(name)])?),
                name => Address::Named(Glob::of_parts(&[Part::Address(name)])?),
            });
        }
    }
    Ok(Some(out))
}

fn labels(setting: Option<Setting>) -> Result<Option<Vec<Glob>>, GlobError> {
    let Some(setting) = setting else { return Ok(None) };
    let mut out = Vec::new();
    for value in &setting.values {
        for pattern in spread(Some(value)).into_iter().flatten() {
            out.push(Glob::name(&pattern)?);
        }
    }
    Ok(Some(out))
}
