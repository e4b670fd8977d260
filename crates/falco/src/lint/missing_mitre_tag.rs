use watertight_diagnostic::{Finding, Operation, Safety};

use super::mitre::is_tag;
use super::{Out, Subject};
use crate::condition::{Operand, Operator, Right};
use crate::rules::{Rule, checks};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rule without a tag for a tactic (`mitre_…`) or a technique (`T1611`) of MITRE ATT&CK.
    ///
    /// ## Why it matters
    /// Tags are how alerts are grouped, routed and counted, and how one sees which techniques nothing looks for.
    ///
    /// ## What to do
    /// Add the tactic and the technique: for ways out of a container `mitre_privilege_escalation` and `T1611`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    MISSING_MITRE_TAG = {
        id: "falco-missing-mitre-tag",
        title: "Rule that names no technique",
        category: Hygiene,
        severity: Info,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (rule, item) in subject.set.rules() {
        if item.tags.iter().any(|tag| is_tag(tag)) {
            continue;
        }
        let place = (item.head.place.file, item.head.place.name);
        let mut finding = Finding::new(
            &MISSING_MITRE_TAG,
            subject.location(place, ""),
            "The rule names no technique of MITRE ATT&CK.",
        )
        .why("Tags are how alerts are grouped, and how one sees which techniques nothing looks for.")
        .how("Add the tactic and the technique to `tags`.");
        if let Some((tactic, technique)) = meant(rule) {
            let tags = Subject::route(item.head.place).key("tags");
            let mut all: Vec<&str> = item.tags.iter().map(String::as_str).collect();
            all.extend([tactic, technique]);
            let operations =
                vec![Operation::set(tags, all.into_iter().map(serde_json::Value::from).collect::<Vec<_>>())];
            let title = ["Tag it `", tactic, "` and `", technique, "`"].concat();
            finding.fixes.extend(subject.operations(title, Safety::NeedsReview, item.head.place.file, operations));
        }
        out.push(finding);
    }
}

/// Tactic and technique of what the rule is plainly about.
fn meant(rule: &Rule) -> Option<(&'static str, &'static str)> {
    const ESCAPE: (&str, &str) = ("mitre_privilege_escalation", "T1611");
    const EVENTS: &[&str] = &["mount", "umount2", "setns", "unshare", "pivot_root", "chroot", "open_by_handle_at"];
    const PROGRAMS: &[&str] = &["mount", "nsenter", "unshare", "chroot"];
    let events = &rule.event_types;
    let of = |names: &[&str]| {
        !events.except && !events.names.is_empty() && events.names.iter().all(|name| names.contains(&&**name))
    };
    if of(EVENTS) {
        return Some(ESCAPE);
    }
    if of(&["ptrace"]) {
        return Some(("mitre_privilege_escalation", "T1055.008"));
    }
    if of(&["init_module", "finit_module"]) {
        return Some(("mitre_persistence", "T1547.006"));
    }
    let mut escapes = false;
    checks(&rule.condition, &mut |check| {
        let program =
            matches!(&check.left, Operand::Field(field) if matches!(&*field.name, "proc.name" | "proc.exepath"));
        let named = match (&check.right, check.operator) {
            (Right::Value(value), Operator::Equal) => PROGRAMS.iter().any(|name| *name.as_bytes() == *value.bytes),
            _ => false,
        };
        escapes |= program && named;
    });
    (escapes && of(&["execve", "execveat"])).then_some(ESCAPE)
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, of};

    #[test]
    fn plain_cases_have_a_fix() {
        let rule = |condition: &str| {
            format!("- rule: r\n  desc: d\n  condition: {condition}\n  output: x\n  priority: INFO\n")
        };
        let text = rule("evt.type in (execve, execveat) and proc.name = mount");
        let after = fixed(&text, &of("falco-missing-mitre-tag", &text)[0].fixes[0]);
        assert!(after.contains("T1611"), "{after}");
        assert!(of("falco-missing-mitre-tag", &rule("evt.type = open"))[0].fixes.is_empty());
    }
}
