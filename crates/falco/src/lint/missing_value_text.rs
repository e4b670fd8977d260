use watertight_diagnostic::{Finding, Safety};

use super::{Out, Subject};
use crate::condition::{Expr, ExprKind, Operand, Operator, Right};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A comparison of a field with `<NA>` or `N/A`.
    ///
    /// ## Why it matters
    /// That is how a missing value is printed, not what it is. A missing field makes every comparison false, `!=` too,
    /// so `not x in ("<NA>")` is true for just the events that it seems to leave out. Falco warns only for the fields
    /// of audit events.
    ///
    /// ## What to do
    /// Ask whether there is a value: `x exists`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.pname != "<NA>"
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.pname exists
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    MISSING_VALUE_TEXT = {
        id: "falco-missing-value-text",
        title: "Comparison with how a missing value is printed",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for own in &subject.set.built.own {
        visit(subject, &own.condition, None, out);
    }
}

fn visit(subject: &Subject<'_>, expr: &Expr, negation: Option<&Expr>, out: &mut Out) {
    match &expr.kind {
        ExprKind::Not(part) => visit(subject, part, Some(expr), out),
        ExprKind::Check(check) => {
            let values = match &check.right {
                Right::Value(value) => std::slice::from_ref(value),
                Right::List(list) => list.values.as_slice(),
                Right::Nothing | Right::Operand(_) => &[],
            };
            let is_na = |bytes: &[u8]| matches!(bytes, b"<NA>" | b"N/A");
            let Operand::Field(field) = &check.left else { return };
            let equality = matches!(check.operator, Operator::Equal | Operator::NotEqual | Operator::In);
            let Some(value) = values.iter().find(|value| is_na(&value.bytes)).filter(|_| equality) else { return };
            let what = ["`", &field.name, "` never is `", &value.text(), "`: that is how a missing value is printed."];
            let mut finding = Finding::new(&MISSING_VALUE_TEXT, subject.at(expr.place, ""), what.concat())
                .why("A missing value makes every comparison false, `!=` too, so this does not tell whether there is one.")
                .how(["Write `", &field.name, " exists`."].concat());
            // Only when nothing else is compared with, the whole says whether there is a value.
            if values.iter().all(|value| is_na(&value.bytes)) {
                let absent = (check.operator == Operator::NotEqual) == negation.is_some();
                let name = subject.text_of(field.place).unwrap_or_default();
                let new = [if absent { "not " } else { "" }, name, " exists"].concat();
                let whole = negation.unwrap_or(expr).place;
                let title = ["Write `", &new, "`"].concat();
                finding.fixes.extend(subject.fix(title, Safety::ChangesBehaviour, [subject.replace(whole, &new)]));
            }
            out.push(finding);
        }
        _ => {
            for child in expr.children() {
                visit(subject, child, None, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check_condition;

    #[test]
    fn printed_forms() {
        let check =
            |condition, marked: &[&str], mended| check_condition("falco-missing-value-text", condition, marked, mended);
        check("not proc.name in (\"<NA>\",\"N/A\")", &["proc.name in (\"<NA>\",\"N/A\")"], Some("proc.name exists"));
        check("proc.name != \"<NA>\"", &["proc.name != \"<NA>\""], Some("proc.name exists"));
        check("fd.name = \"<NA>\" and a.b", &[], None);
        check("fd.name = \"<NA>\"", &["fd.name = \"<NA>\""], Some("not fd.name exists"));
        check("fd.name in (x, \"<NA>\")", &["fd.name in (x, \"<NA>\")"], None);
        check("fd.name = x", &[], None);
    }
}
