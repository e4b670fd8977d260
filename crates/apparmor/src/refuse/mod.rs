//! What the parser refuses although it can be read: one file a kind of rule, each checked as it stands, and then what
//! shows only in the whole policy.

mod beginnings;
mod capability;
mod conflict;
mod dbus;
mod exec;
mod flags;
mod header;
mod io_uring;
mod mount;
mod mqueue;
mod network;
mod pattern;
mod prefix;
mod ptrace;
mod rlimit;
mod settings;
mod signal;
mod unix;
mod userns;

use std::collections::HashSet;

use crate::glob::Effort;
use crate::policy::{Origin, Policy, Profile};
use crate::refusal::Refusal;
use crate::tree::{Profile as Syntax, Rule, RuleKind};

pub(crate) use exec::mode as exec_mode;
pub(crate) use exec::transitions;

/// What is wrong with a rule by itself. Places are spans of its own source.
pub(crate) fn rule(rule: &Rule) -> Vec<Refusal> {
    let mut found = Vec::new();
    prefix::check(rule, &mut found);
    match &rule.kind {
        RuleKind::File(_) | RuleKind::Link(_) => found.extend(exec::mode(rule)),
        RuleKind::Capability(names) => capability::check(names, &mut found),
        RuleKind::Network(kind) => network::check(kind, rule.span, &mut found),
        RuleKind::Mount(kind) => mount::check(kind, &mut found),
        RuleKind::PivotRoot(kind) => mount::check_pivot_root(kind, &mut found),
        RuleKind::Ptrace(kind) => ptrace::check(kind, &mut found),
        RuleKind::Signal(kind) => signal::check(kind, &mut found),
        RuleKind::Dbus(kind) => dbus::check(kind, rule.span, &mut found),
        RuleKind::Unix(kind) => unix::check(kind, rule.span, &mut found),
        RuleKind::Mqueue(kind) => mqueue::check(kind, &mut found),
        RuleKind::IoUring(kind) => io_uring::check(kind, &mut found),
        RuleKind::Userns(kind) => userns::check(kind, &mut found),
        RuleKind::Rlimit(kind) => rlimit::check(kind, &mut found),
        RuleKind::ChangeProfile(_) | RuleKind::All => {}
    }
    found
}

/// What is wrong with the head of a profile. `child` says that it stands in another one.
pub(crate) fn header(profile: &Syntax, child: bool) -> Vec<Refusal> {
    let mut found = Vec::new();
    header::check(profile, child, &mut found);
    flags::check(&profile.flags, &mut found);
    found
}

/// What shows only when everything is in its place; and the profiles of which that cannot be said, because their rules are
/// too many or too large to be compared. `bytes` are those of all texts together.
pub(crate) fn policy(policy: &Policy, bytes: usize) -> (Vec<Refusal>, HashSet<Origin>) {
    let (mut found, mut uncompared) = (Vec::new(), HashSet::new());
    let mut effort = Effort::of_file(bytes);
    for profile in policy.walk() {
        if !effort.lend(|effort| one(profile, effort, &mut found)) {
            uncompared.insert(profile.origin);
        }
    }
    (found, uncompared)
}

/// Gives whether all rules could be compared.
fn one(profile: &Profile, effort: &mut Effort, found: &mut Vec<Refusal>) -> bool {
    pattern::check(profile, found);
    for rule in &profile.rules {
        if let RuleKind::Mount(kind) = &rule.rule.kind
            && !rule.open
            && !rule.large
        {
            mount::check_encoding(kind, rule.origin, found);
        }
    }
    conflict::check(profile, effort, found)
}
