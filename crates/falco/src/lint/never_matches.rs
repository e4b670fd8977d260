use watertight_diagnostic::Finding;

use super::{Out, Subject};
use crate::condition::{Check, Expr, ExprKind, Operator, Right};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A condition that asks for two different kinds of event at once, for two values of one field, for something and
    /// its opposite, or for one of no values.
    ///
    /// ## Why it matters
    /// The rule never fires. Falco does not say so: a set of events that is empty passes its check.
    ///
    /// ## What to do
    /// Join the alternatives with `or`, or list them behind `in`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and evt.type = umount2 and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type in (mount, umount2) and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    NEVER_MATCHES = {
        id: "falco-never-matches",
        title: "Rule that can never fire",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (rule, item) in subject.set.rules() {
        // `never_true` and its like are how published rules leave a place to fill.
        let meant = matches!(rule.condition.kind, ExprKind::Macro(_));
        let reason = if rule.event_types.is_empty() && !meant {
            Some("No kind of event can satisfy it.".to_owned())
        } else {
            contradiction(&rule.condition)
        };
        let Some(reason) = reason else { continue };
        let place = (item.head.place.file, item.head.place.name);
        out.push(
            Finding::new(&NEVER_MATCHES, subject.location(place, ""), ["The rule can never fire. ", &reason].concat())
                .why("Falco loads it without a word, and nothing is ever reported.")
                .how("Join the alternatives with `or`, or list them behind `in`."),
        );
    }
}

/// What every event would have to be at once and cannot.
fn contradiction(expr: &Expr) -> Option<String> {
    let mut needed = Vec::new();
    conjuncts(expr, false, &mut needed);
    let equalities: Vec<_> = needed.iter().map(|(check, negated)| equal(check).filter(|_| !negated)).collect();
    let needed: Vec<_> = needed.into_iter().zip(equalities).collect();
    for (index, ((check, negated), equality)) in needed.iter().enumerate() {
        if !negated
            && check.operator == Operator::In
            && matches!(&check.right, Right::List(list) if list.values.is_empty())
        {
            return Some("A list that it compares with is empty.".to_owned());
        }
        for ((other, other_negated), other_equality) in needed.iter().skip(index + 1) {
            if negated != other_negated && same(check, other) {
                return Some("It asks for a comparison and its opposite.".to_owned());
            }
            let (Some((field, value)), Some((other_field, other_value))) = (equality, other_equality) else { continue };
            if field == other_field && value != other_value {
                let (value, other_value) = (String::from_utf8_lossy(value), String::from_utf8_lossy(other_value));
                return Some(
                    ["It asks for `", field, "` to be `", &value, "` and `", &other_value, "` at once."].concat(),
                );
            }
        }
    }
    None
}

/// How many comparisons are put beside each other.
const MOST: usize = 200;

/// The comparisons that have to be true, or false where marked.
fn conjuncts<'e>(expr: &'e Expr, negated: bool, out: &mut Vec<(&'e Check, bool)>) {
    let expr = expr.resolved();
    match &expr.kind {
        ExprKind::And(parts) if !negated => parts.iter().for_each(|part| conjuncts(part, negated, out)),
        ExprKind::Or(parts) if negated => parts.iter().for_each(|part| conjuncts(part, negated, out)),
        ExprKind::Not(part) => conjuncts(part, !negated, out),
        ExprKind::Check(check) if out.len() < MOST => out.push((check, negated)),
        _ => {}
    }
}

/// Field and constant of a plain equality. Fields that stand for several values at once can be equal to several.
fn equal(check: &Check) -> Option<(&str, &[u8])> {
    let Right::Value(value) = &check.right else { return None };
    let field = check.left_field()?;
    let several = crate::fields::find(field).is_none_or(|known| known.both_ends() || known.ancestors() || known.list);
    (check.operator == Operator::Equal && check.modifier.is_none() && !several).then_some((field, &value.bytes))
}

fn same(one: &Check, other: &Check) -> bool {
    let field = one.left_field();
    let values = match (&one.right, &other.right) {
        (Right::Value(one), Right::Value(other)) => one.bytes == other.bytes,
        (Right::Nothing, Right::Nothing) => true,
        _ => false,
    };
    field.is_some()
        && field == other.left_field()
        && one.operator == other.operator
        && values
        && one.modifier.is_none()
        && other.modifier.is_none()
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::of;

    fn check(condition: &str, expected: &[&str]) {
        let text =
            format!("- rule: r\n  desc: d\n  condition: {condition}\n  output: \"%proc.name\"\n  priority: INFO\n");
        let found: Vec<_> = of("falco-never-matches", &text).into_iter().map(|finding| finding.what).collect();
        assert_eq!(found, expected, "{condition}");
    }

    #[test]
    fn contradictions() {
        check("evt.type=open and evt.type=close", &["The rule can never fire. No kind of event can satisfy it."]);
        check(
            "evt.type=open and (proc.name=a and proc.name=b)",
            &["The rule can never fire. It asks for `proc.name` to be `a` and `b` at once."],
        );
        check(
            "evt.type=open and fd.name exists and not fd.name exists",
            &["The rule can never fire. It asks for a comparison and its opposite."],
        );
        check(
            "evt.type=open and proc.name in ()",
            &["The rule can never fire. A list that it compares with is empty."],
        );
        for fine in [
            "evt.type=open and fd.port=80 and fd.port=443",
            "evt.type=open and proc.aname=a and proc.aname=b",
            "evt.type=open and not proc.name in ()",
            "evt.type=open or evt.type=close",
            "evt.type=open and not (proc.name=a and proc.name=b)",
        ] {
            check(fine, &[]);
        }
    }
}
