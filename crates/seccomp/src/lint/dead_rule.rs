use std::collections::BTreeSet;

use watertight_diagnostic::{Finding, Safety, Severity, declare_meta, listed};

use super::look::Look;
use crate::Syscall;
use crate::profile::Written;

declare_meta! {
    /// ## What it finds
    /// Names that change nothing: another entry says the same of the call already, or the entry does what the default does.
    ///
    /// ## Why it matters
    /// Whoever reads the profile takes them for rules. One day the other entry is changed, and the call still passes.
    ///
    /// ## What to do
    /// Take them away. Only the highest call that a profile names means something even so: calls with a higher number
    /// answer "not implemented" under runc.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
    ///     {"names": ["write"], "action": "SCMP_ACT_ALLOW"}
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    DEAD_RULE = {
        id: "seccomp-dead-rule",
        title: "Names that change nothing",
        category: Hygiene,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let Some((filter, _)) = look.filter() else { return };
    let has_rules =
        |name: &Written<String>| Syscall::from_name(&name.value).and_then(|call| look.first_rule(call)).is_some();
    let mut seen: BTreeSet<Syscall> = BTreeSet::new();
    for (at, entry) in look.counting() {
        let Ok(action) = entry.action_for(look.subject.reader) else { continue };
        let lost = look.has_lost_gates(entry);
        let mut dead: Vec<&Written<String>> = Vec::new();
        for name in entry.names_for(look.subject.reader) {
            let Some(call) = Syscall::from_name(&name.value) else { continue };
            let Some(winner) = look.winner(call) else { continue };
            let is_here = winner.origin.entry as usize == at;
            let is_itself = is_here && !seen.contains(&call);
            let is_lost = lost || look.entry_of(winner).is_some_and(|other| look.has_lost_gates(other));
            if winner.action == action && !is_itself && !is_lost {
                dead.push(name);
            }
            if is_here {
                seen.insert(call);
            }
        }
        let names: Vec<&str> = dead.iter().map(|name| name.value.as_str()).collect();
        if let Some(first) = dead.first() {
            let is_one = dead.len() == 1;
            let verb = if is_one {
                " changes nothing here: another entry says it"
            } else {
                " change nothing here: other entries say them"
            };
            let what = [&listed(&names, 6), verb, " without conditions."];
            let finding = Finding::new(&DEAD_RULE, look.written(first, ""), what.concat())
                .why("The first entry about a call that asks for nothing else decides it.")
                .how("Take the names away.");
            let operations = look.without_all(entry, &dead);
            found.push(finding.fix(look.fix("Take the names away", Safety::Safe, operations)));
        } else if action == filter.default_action
            && !entry.names.is_empty()
            && entry.names.iter().all(|name| !has_rules(name))
        {
            let what = "The entry does what the default does, and is left out.";
            found.push(
                Finding::new(&DEAD_RULE, look.action_of(entry, ""), what)
                    .severity(Severity::Info)
                    .why("Its names only move the number above which runc answers \"not implemented\".")
                    .how("Keep it for that, or take it away."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, fixed, profile};

    #[test]
    fn said_twice() {
        let rule = "seccomp-dead-rule";
        check(rule, &profile(&[&allow("read read")]), &["\"read\""]);
        assert_eq!(fixed(rule, &profile(&[&allow("read write"), &allow("write")])), profile(&[&allow("read write")]));
        let some = &format!("{}, \"args\": [{{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}}]", allow("read"));
        check(rule, &profile(&[some, &allow("read")]), &["\"read\""]);
        check(rule, &profile(&[some]), &[]);
    }

    #[test]
    fn as_the_default() {
        let deny = "\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\"";
        check("seccomp-dead-rule", &profile(&[deny]), &["\"SCMP_ACT_ERRNO\""]);
    }
}
