use std::collections::{BTreeMap, BTreeSet};

use watertight_text::sort;

use super::{Draft, minimise};
use crate::{Action, Filter, FilterRule, Origin, Syscall, SyscallRef};

/// Two profiles in one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merged {
    /// The profile that lets pass what either of the two does.
    pub draft: Draft,
    /// Calls for which that cannot be said in a profile: one of the two has a condition on them where the other has
    /// another answer than its default. They got the stricter of the two.
    pub unsaid: Vec<String>,
}

/// The union: each call is treated as by the laxer of the two, and so is every call that neither names.
///
/// The ABIs are those of both, the machine that of `left`.
pub fn merge(left: &Filter, right: &Filter) -> Merged {
    let default_action = left.default_action.max(right.default_action);
    let mut merged = Filter::new(default_action, left.native);
    merged.architectures = left.architectures.clone();
    merged.architectures.extend(right.architectures.iter().filter(|arch| !left.architectures.contains(arch)));
    let (left, right) = (Parts::of(left), Parts::of(right));
    let calls: BTreeSet<Syscall> = left.calls.keys().chain(right.calls.keys()).copied().collect();
    let mut unsaid = Vec::new();
    for call in calls {
        let (mut one, mut other) = (left.call(call), right.call(call));
        // Conditional rules are only heard where the call has the default otherwise: an unconditional one silences them.
        let otherwise = one.otherwise.max(other.otherwise);
        one.keep_laxer_than(otherwise);
        other.keep_laxer_than(otherwise);
        let conditional: Vec<&FilterRule> = one.conditional.into_iter().chain(other.conditional).collect();
        if otherwise != default_action {
            merged.rules.push(rule(call, otherwise, &[]));
            if !conditional.is_empty() {
                unsaid.push(call.name().to_owned());
            }
        } else {
            for found in conditional {
                merged.rules.push(rule(call, found.action, &found.conditions));
            }
        }
    }
    sort::by(&mut unsaid, Ord::cmp);
    Merged { draft: minimise(&merged), unsaid }
}

/// What is left of a filter if only these calls are needed: its rules for other calls go, unless they are stricter than
/// its default. A default that lets pass becomes EPERM.
pub fn trim(base: &Filter, needed: &BTreeSet<Syscall>) -> Draft {
    let is_needed = |rule: &FilterRule| match &rule.syscall {
        SyscallRef::Name(call) => needed.contains(call),
        SyscallRef::Number(arch, number) => Syscall::at(*arch, *number).is_some_and(|call| needed.contains(&call)),
    };
    let mut trimmed = base.clone();
    if base.default_action.lets_pass() {
        trimmed.default_action = Action::errno(1);
        let named = |call: &Syscall| base.rules.iter().any(|rule| rule.syscall == SyscallRef::Name(*call));
        let allowed = needed.iter().filter(|call| !named(call));
        trimmed.rules.extend(allowed.map(|call| rule(*call, base.default_action, &[])));
    }
    let default_action = trimmed.default_action;
    trimmed.rules.retain(|rule| rule.action < default_action || is_needed(rule));
    // runc's ENOSYS moves down with the calls that went: to hold it where it was would take one of their names.
    trimmed.enosys_above.clear();
    minimise(&trimmed)
}

/// The rules of each call that is named.
struct Parts<'a> {
    filter: &'a Filter,
    calls: BTreeMap<Syscall, Vec<&'a FilterRule>>,
}

/// One call in one profile.
struct Part<'a> {
    conditional: Vec<&'a FilterRule>,
    otherwise: Action,
}

impl<'a> Parts<'a> {
    fn of(filter: &'a Filter) -> Self {
        let mut calls: BTreeMap<Syscall, Vec<&FilterRule>> = BTreeMap::new();
        for rule in &filter.rules {
            if let Some(call) = rule.syscall.call() {
                calls.entry(call).or_default().push(rule);
            }
        }
        Self { filter, calls }
    }

    fn call(&self, call: Syscall) -> Part<'a> {
        let rules = self.calls.get(&call).map_or(&[][..], |rules| rules);
        match rules.iter().find(|rule| rule.conditions.is_empty()) {
            Some(rule) => Part { conditional: Vec::new(), otherwise: rule.action },
            None => Part { conditional: rules.to_vec(), otherwise: self.filter.default_action },
        }
    }
}

impl Part<'_> {
    fn keep_laxer_than(&mut self, otherwise: Action) {
        self.conditional.retain(|rule| rule.action > otherwise);
    }
}

fn rule(call: Syscall, action: Action, conditions: &[crate::Condition]) -> FilterRule {
    let syscall = SyscallRef::Name(call);
    FilterRule { syscall, action, conditions: conditions.to_vec(), origin: Origin::default() }
}

#[cfg(test)]
mod tests;
