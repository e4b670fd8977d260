//! A profile as it is written, before anybody has said who reads it.

use watertight_diagnostic::Route;
use watertight_text::Span;

use crate::Reader;

/// Something written, with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written<T> {
    /// What it says.
    pub value: T,
    /// Its bytes.
    pub span: Span,
    /// Where it stands.
    pub route: Route,
}

/// A profile in any of the JSON dialects: every key that some reader knows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Profile {
    /// Bytes of the whole.
    pub span: Span,
    /// Where it stands.
    pub route: Route,
    /// `defaultAction`
    pub default_action: Option<Written<String>>,
    /// `defaultErrnoRet`
    pub default_errno_ret: Option<Written<u64>>,
    /// `defaultErrno`, which only containers-common knows.
    pub default_errno: Option<Written<String>>,
    /// `architectures`
    pub architectures: Vec<Written<String>>,
    /// `archMap`, which OCI does not know.
    pub arch_map: Vec<ArchMap>,
    /// Where `archMap` stands.
    pub arch_map_site: Option<Span>,
    /// `flags`; absent and empty differ.
    pub flags: Option<Vec<Written<String>>>,
    /// `listenerPath`
    pub listener_path: Option<Written<String>>,
    /// `syscalls`
    pub entries: Vec<Entry>,
    /// Where `syscalls` stands.
    pub entries_site: Option<Span>,
}

/// One item of `archMap`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ArchMap {
    /// `architecture`
    pub architecture: Option<Written<String>>,
    /// `subArchitectures`
    pub sub_architectures: Vec<Written<String>>,
}

/// One item of `syscalls`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Entry {
    /// Its bytes.
    pub span: Span,
    /// Where it stands.
    pub route: Route,
    /// `name`, the old key for one call.
    pub name: Option<Written<String>>,
    /// `names`
    pub names: Vec<Written<String>>,
    /// `action`
    pub action: Option<Written<String>>,
    /// `errnoRet`
    pub errno_ret: Option<Written<u64>>,
    /// `errno`, which only containers-common knows.
    pub errno: Option<Written<String>>,
    /// `args`
    pub args: Vec<Arg>,
    /// `includes`
    pub includes: Gate,
    /// `excludes`
    pub excludes: Gate,
}

/// One item of `args`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Arg {
    /// Its bytes.
    pub span: Span,
    /// Where it stands.
    pub route: Route,
    /// `index`; 0 when missing, as the readers decode it.
    pub index: u64,
    /// `value`
    pub value: u64,
    /// `valueTwo`
    pub value_two: u64,
    /// `op`
    pub op: Option<Written<String>>,
}

/// `includes` or `excludes`: when an entry counts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Gate {
    /// Where it stands; `None` when it is not written.
    pub site: Option<Span>,
    /// `caps`
    pub caps: Vec<Written<String>>,
    /// `arches`
    pub arches: Vec<Written<String>>,
    /// `minKernel`
    pub min_kernel: Option<Written<String>>,
}

impl Entry {
    /// The calls that it names for a reader, in the order in which rules are made of them.
    pub fn names_for(&self, reader: Reader) -> impl Iterator<Item = &Written<String>> {
        let old = self.name.iter().filter(move |name| reader.knows_gates() && !name.value.is_empty());
        old.chain(&self.names)
    }
}

impl Profile {
    /// Whether it says nothing at all, which readers take for "no seccomp".
    pub fn is_empty(&self) -> bool {
        let has_action = self.default_action.as_ref().is_some_and(|action| !action.value.is_empty());
        !has_action && self.entries.is_empty()
    }
}
