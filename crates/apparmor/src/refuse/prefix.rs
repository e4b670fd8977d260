//! Prefixes that a kind of rule does not take.

use crate::refusal::{Code, Refusal};
use crate::tree::{Rule, RuleKind};

pub(super) fn check(rule: &Rule, found: &mut Vec<Refusal>) {
    let prefix = &rule.prefix;
    let about_files = matches!(rule.kind, RuleKind::File(_) | RuleKind::Link(_));
    if prefix.whose.is_some() && !about_files {
        let message = "`owner` and `other` go with rules about files only.";
        found.push(Refusal::new(Code::Prefix, prefix.span, message));
    }
    let ranked = prefix.priority.is_some_and(|priority| priority != 0);
    if ranked && matches!(rule.kind, RuleKind::All) {
        found.push(Refusal::new(Code::Prefix, prefix.span, "An `all` rule takes no priority."));
    }
}
