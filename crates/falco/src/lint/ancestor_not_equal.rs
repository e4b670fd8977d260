use watertight_diagnostic::{Finding, Safety};

use super::{Out, Subject};
use crate::condition::{Operand, Operator};
use crate::fields;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// `!=` with a field that stands for all ancestors of a process: `proc.aname`, `proc.aexe`, `proc.aexepath`,
    /// `proc.acmdline`, `proc.apid`, `proc.aenv` without a number.
    ///
    /// ## Why it matters
    /// The comparison is true when any ancestor is different, and one nearly always is. The rule does not leave out
    /// what it seems to leave out.
    ///
    /// ## What to do
    /// Write `not` in front of the comparison with `=`: no ancestor may be equal.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.aname != dockerd
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and not proc.aname = dockerd
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ANCESTOR_NOT_EQUAL = {
        id: "falco-ancestor-not-equal",
        title: "Comparison of ancestors that is nearly always true",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    subject.own_checks(&mut |check, place| {
        let Operand::Field(field) = &check.left else { return };
        let all = field.argument.is_none() && fields::find(&field.name).is_some_and(|known| known.ancestors());
        if !all || check.operator != Operator::NotEqual || check.modifier.is_some() {
            return;
        }
        let what = ["`", &field.name, " !=` is true as soon as one ancestor is different."].concat();
        let mut finding = Finding::new(&ANCESTOR_NOT_EQUAL, subject.at(place, ""), what)
            .why("The field stands for all ancestors, and one of them is enough; so this is nearly always true.")
            .how(["Write `not ", &field.name, " =`."].concat());
        let rewrites = [subject.before(place, "not "), subject.replace(check.operator_place, "=")];
        finding.fixes.extend(subject.fix("Ask that no ancestor be equal", Safety::ChangesBehaviour, rewrites));
        out.push(finding);
    });
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check_condition;

    #[test]
    fn all_ancestors() {
        let check =
            |condition, marked: &[&str], mended| check_condition("falco-ancestor-not-equal", condition, marked, mended);
        check(
            "evt.type=open and proc.aname!=sshd",
            &["proc.aname!=sshd"],
            Some("evt.type=open and not proc.aname=sshd"),
        );
        check("proc.aname[1] != sshd", &[], None);
        check("not proc.aname = sshd", &[], None);
        check("proc.name != sshd", &[], None);
    }
}
