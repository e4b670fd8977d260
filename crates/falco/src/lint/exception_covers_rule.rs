use watertight_diagnostic::Finding;

use super::{Out, Subject};
use crate::condition::{Check, Expr, ExprKind, Operator, Right};
use crate::rules::Entry;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An exception that holds whenever the rule's condition does.
    ///
    /// ## Why it matters
    /// The rule never fires, for everything that it asks for is excepted.
    ///
    /// ## What to do
    /// Make the exception narrower: add a field that tells the wanted cases from the others.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///   exceptions:
    ///     - name: programs
    ///       fields: [proc.name]
    ///       values: [[mount]]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///   exceptions:
    ///     - name: programs
    ///       fields: [proc.name, proc.pname]
    ///       values: [[mount, kubelet]]
    /// ```
    EXCEPTION_COVERS_RULE = {
        id: "falco-exception-covers-rule",
        title: "Exception that leaves nothing of the rule",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (rule, item) in subject.set.rules().filter(|(_, item)| !item.exceptions.is_empty()) {
        // The condition with its exceptions is `(condition) and not … and not …`.
        let ExprKind::And(parts) = &rule.condition.resolved().kind else { continue };
        let Some((condition, exceptions)) = parts.split_first() else { continue };
        let mut known = Vec::new();
        equalities(condition, &mut known);
        let with_values = item.exceptions.iter().filter(|exception| !exception.values.is_empty());
        for (part, exception) in exceptions.iter().zip(with_values) {
            let ExprKind::Not(excepted) = &part.kind else { continue };
            if !holds(excepted, &known) {
                continue;
            }
            let what = ["The exception `", &exception.name, "` holds whenever the condition does."].concat();
            let place = match &exception.fields {
                Entry::Nothing => (item.head.place.file, item.head.place.name),
                _ => exception.place,
            };
            out.push(
                Finding::new(&EXCEPTION_COVERS_RULE, subject.location(place, ""), what)
                    .why("The rule never fires: all that it asks for is excepted.")
                    .how("Add a field to the exception that tells the wanted cases from the others."),
            );
        }
    }
}

/// How many equalities exceptions are held against.
const MOST: usize = 200;

/// Fields and the one value that each must have.
fn equalities<'e>(expr: &'e Expr, out: &mut Vec<(&'e str, &'e [u8])>) {
    match &expr.resolved().kind {
        ExprKind::And(parts) => parts.iter().for_each(|part| equalities(part, out)),
        ExprKind::Check(check) if out.len() < MOST && check.operator == Operator::Equal && check.modifier.is_none() => {
            if let (Some(field), Right::Value(value)) = (check.left_field(), &check.right) {
                out.push((field, &value.bytes));
            }
        }
        _ => {}
    }
}

/// Whether an expression is true whenever the fields have those values.
fn holds(expr: &Expr, known: &[(&str, &[u8])]) -> bool {
    match &expr.resolved().kind {
        ExprKind::And(parts) => parts.iter().all(|part| holds(part, known)),
        ExprKind::Or(parts) => parts.iter().any(|part| holds(part, known)),
        ExprKind::Check(check) => known.iter().any(|(field, value)| {
            check.left_field() == Some(field) && check.modifier.is_none() && compares(check, value)
        }),
        ExprKind::Not(_) | ExprKind::Macro(_) => false,
    }
}

fn compares(check: &Check, value: &[u8]) -> bool {
    match (&check.right, check.operator) {
        (Right::Value(one), Operator::Equal) => *one.bytes == *value,
        (Right::Value(one), Operator::StartsWith) => value.starts_with(&one.bytes),
        (Right::Value(one), Operator::EndsWith) => value.ends_with(&one.bytes),
        (Right::Value(one), Operator::Contains) => crate::matchers::contains(value, &one.bytes),
        (Right::List(list), Operator::In) => list.values.iter().any(|one| *one.bytes == *value),
        (Right::Nothing, Operator::Exists) => true,
        _ => false,
    }
}
