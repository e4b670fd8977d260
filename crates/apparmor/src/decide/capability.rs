//! Capabilities: two masks, and what is denied is gone whatever the priorities say.

use super::resolve::{Decision, Voice};
use crate::tree::{Action, Prefix, Text};

/// A rule on capabilities, compiled.
#[derive(Debug)]
pub(super) struct CapabilityEntry {
    pub(super) rule: u32,
    pub(super) deny: bool,
    pub(super) audit: bool,
    /// The names; none means all of them.
    pub(super) names: Vec<String>,
}

pub(super) fn compile(rule: u32, prefix: &Prefix, names: &[Text]) -> CapabilityEntry {
    CapabilityEntry {
        rule,
        deny: prefix.action == Action::Deny,
        audit: prefix.audit,
        names: names.iter().map(|name| name.value.to_ascii_lowercase()).collect(),
    }
}

pub(super) fn decide(entries: &[CapabilityEntry], name: &str) -> Decision {
    let wanted = name.to_ascii_lowercase();
    let wanted = wanted.strip_prefix("cap_").unwrap_or(&wanted);
    let voices: Vec<Voice> = entries
        .iter()
        .filter(|entry| entry.names.is_empty() || entry.names.iter().any(|name| name == wanted))
        .map(|entry| Voice {
            rule: entry.rule,
            priority: 0,
            action: if entry.deny { Action::Deny } else { Action::Allow },
            audit: entry.audit,
            exact: false,
            perms: 1,
            exec: None,
        })
        .collect();
    super::resolve::decide(&voices, 1, false)
}
