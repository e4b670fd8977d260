use std::collections::HashMap;

use watertight_diagnostic::{Finding, Safety};

use super::{Out, Subject};
use crate::condition::{Check, Expr, ExprKind, Operand, Operator, Right};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// `!=` with a field that many events do not have: the file or connection, the container beyond its id, the pod,
    /// the parent, an argument of the event.
    ///
    /// ## Why it matters
    /// A comparison with a missing value is false, `!=` too. An event without the field is passed over, where one would
    /// expect it to be different from the constant.
    ///
    /// ## What to do
    /// Write `not` in front of the comparison with `=` when events without the field are meant as well. Where they are
    /// not, `exists` beside it says so.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = execve and container.id != host and proc.pname != dockerd
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = execve and container.id != host and not proc.pname = dockerd
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    NOT_EQUAL_MISSING = {
        id: "falco-not-equal-missing",
        title: "Inequality that is false when there is no value",
        category: Correctness,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for own in &subject.set.built.own {
        visit(subject, &own.condition, &Beside::new(), out);
    }
}

/// The fields that are compared beside each other, with how often.
type Beside<'e> = HashMap<&'e str, usize>;

fn visit<'e>(subject: &Subject<'_>, expr: &'e Expr, beside: &Beside<'e>, out: &mut Out) {
    match &expr.kind {
        ExprKind::And(parts) => {
            let mut beside = Beside::new();
            let compared = parts.iter().filter_map(|part| match &part.kind {
                ExprKind::Check(check) => check.left_field(),
                _ => None,
            });
            compared.for_each(|field| *beside.entry(field).or_default() += 1);
            parts.iter().for_each(|part| visit(subject, part, &beside, out));
        }
        ExprKind::Check(check) => one(subject, check, expr, beside, out),
        // Under `not` the missing value makes the whole true, which is another question.
        ExprKind::Not(_) => {}
        _ => expr.children().iter().for_each(|part| visit(subject, part, &Beside::new(), out)),
    }
}

fn one(subject: &Subject<'_>, check: &Check, expr: &Expr, beside: &Beside<'_>, out: &mut Out) {
    let Operand::Field(field) = &check.left else { return };
    let constant = matches!(check.right, Right::Value(_));
    if check.operator != Operator::NotEqual || check.modifier.is_some() || !constant || !may_be_missing(&field.name) {
        return;
    }
    // Another comparison of the field beside it needs the value anyway.
    let itself = usize::from(check.left_field().is_some());
    if beside.get(&*field.name).is_some_and(|count| *count > itself) {
        return;
    }
    let what = ["`", &field.name, " !=` is false for events that have no `", &field.name, "`."].concat();
    let mut finding = Finding::new(&NOT_EQUAL_MISSING, subject.at(expr.place, ""), what)
        .why("A comparison with a missing value is false, `!=` too: such events are passed over.")
        .how(
            ["Write `not ", &field.name, " =` when they are meant as well, or add `", &field.name, " exists`."]
                .concat(),
        );
    let rewrites = [subject.before(expr.place, "not "), subject.replace(check.operator_place, "=")];
    let title = "Take events without the field as well";
    finding.fixes.extend(subject.fix(title, Safety::ChangesBehaviour, rewrites));
    out.push(finding);
}

/// Fields that a good part of the events do not have.
fn may_be_missing(name: &str) -> bool {
    const PREFIXES: &[&str] = &["fd.", "k8s.", "container.image", "container.mount", "proc.p", "fs.path.", "evt.arg."];
    const ALWAYS: &[&str] = &["proc.pid", "proc.ppid", "proc.pgid", "proc.pexe_ino"];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !ALWAYS.contains(&name)
        && !matches!(name, "fd.num" | "fd.typechar" | "fd.type")
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check_condition;

    #[test]
    fn fields_that_may_be_missing() {
        let check =
            |condition, marked: &[&str], mended| check_condition("falco-not-equal-missing", condition, marked, mended);
        check("evt.type=open and fd.name != /x", &["fd.name != /x"], Some("evt.type=open and not fd.name = /x"));
        check("fd.name exists and fd.name != /x", &[], None);
        check("container.id != host and proc.name != x", &[], None);
        check("not fd.name != /x", &[], None);
    }
}
