//! How programs are started: modes that do not go with their rule, and too many targets.

use std::collections::BTreeSet;

use crate::policy::Profile;
use crate::refusal::{Code, Refusal};
use crate::tree::{Action, Exec, ExecMode, FileRule, Guard, Rule, RuleKind};

/// How many different profiles a profile's rules may name as targets.
const TARGETS: usize = 12;

/// Whether the mode goes with `deny` and `allow`.
pub(crate) fn mode(rule: &Rule) -> Vec<Refusal> {
    let RuleKind::File(file) = &rule.kind else { return Vec::new() };
    let Some(exec) = &file.exec else { return Vec::new() };
    let span = if file.perms_span.is_empty() { rule.span } else { file.perms_span };
    // `unsafe` counts as a mode.
    let bare = exec.mode == ExecMode::Any && file.guard != Some(Guard::Unsafe);
    let message = match (rule.prefix.action, bare) {
        (Action::Deny, false) => "A `deny` rule refuses every way to start a program: write a plain `x`.",
        (Action::Allow | Action::Prompt, true) => {
            "A plain `x` does not say under which profile the program runs: write `ix` to keep this one, or `Px`, `Cx`, `Ux`."
        }
        _ => return Vec::new(),
    };
    vec![Refusal::new(Code::Permissions, span, message)]
}

/// Whether the rules of a profile name more targets than can be encoded.
pub(crate) fn transitions(profile: &Profile) -> Vec<Refusal> {
    let mut names = BTreeSet::new();
    for rule in &profile.rules {
        let RuleKind::File(FileRule { exec: Some(Exec { mode, target: Some(target), .. }), .. }) = &rule.rule.kind
        else {
            continue;
        };
        let child = matches!(mode, ExecMode::Child | ExecMode::ChildInherit | ExecMode::ChildUnconfined);
        names.insert((child, target.value.as_str()));
        if names.len() > TARGETS {
            let message = "A profile may name at most 12 different targets behind `->`.";
            return vec![Refusal::at(Code::ExecConflict, rule.origin, message)];
        }
    }
    Vec::new()
}
