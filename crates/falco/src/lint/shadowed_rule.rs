use std::collections::{BTreeSet, HashMap};

use watertight_diagnostic::Finding;

use super::Subject;
use crate::condition::{Expr, ExprKind, print};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An enabled rule whose condition is the same as that of an earlier one, or asks for everything that an earlier
    /// one asks for and more.
    ///
    /// ## Why it matters
    /// By default Falco reports the first rule that matches an event and no other. Whenever this rule would fire, the
    /// earlier one fires instead.
    ///
    /// ## What to do
    /// Take one of them away, put the narrower rule first, or set `rule_matching: all` in Falco's configuration.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///
    /// - rule: Mount by the program mount
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount by the program mount
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    SHADOWED_RULE = {
        id: "falco-shadowed-rule",
        title: "Rule that an earlier one keeps from firing",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

/// Parts of conditions that are put beside each other. Beyond that many rules of one kind nobody asks.
const MOST: usize = 200_000;

pub(super) fn check(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    // What each earlier rule asks for, found by one of the things asked.
    let mut earlier: Vec<(BTreeSet<String>, (u32, watertight_text::Span), &str)> = Vec::new();
    let mut by_part: HashMap<String, Vec<usize>> = HashMap::new();
    let mut looked = 0;
    for (rule, item) in subject.set.rules().filter(|(_, item)| item.enabled) {
        let mut parts = BTreeSet::new();
        conjuncts(&rule.condition, &mut parts);
        let place = (item.head.place.file, item.head.place.name);
        let candidates = parts.iter().filter_map(|part| by_part.get(part)).flatten();
        let shadow = candidates.copied().take(MOST - looked).find(|index| {
            looked += 1;
            earlier.get(*index).is_some_and(|(other, _, _)| other.is_subset(&parts))
        });
        if let Some((other, other_place, name)) = shadow.and_then(|index| earlier.get(index)) {
            let same = other.len() == parts.len();
            let what = if same { "The rule `" } else { "Whenever this rule would fire, the rule `" };
            let rest = if same { "` before it has the same condition." } else { "` before it fires instead." };
            out.push(
                Finding::new(&SHADOWED_RULE, subject.location(place, ""), [what, name, rest].concat())
                    .why("By default Falco reports the first rule that matches an event, and no other.")
                    .how("Put the narrower rule first, or set `rule_matching: all`.")
                    .related(subject.location(*other_place, "fires first")),
            );
        }
        // The rarest part would do best; the last in the order of letters is seldom the event type.
        if let Some(part) = parts.iter().max_by_key(|part| part.len()) {
            by_part.entry(part.clone()).or_default().push(earlier.len());
        }
        earlier.push((parts, place, &item.head.name));
    }
}

/// The parts that have to be true, as they are printed.
fn conjuncts(expr: &Expr, out: &mut BTreeSet<String>) {
    let expr = expr.resolved();
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().for_each(|part| conjuncts(part, out)),
        _ => {
            out.insert(print(expr));
        }
    }
}
