use watertight_diagnostic::{Finding, Safety};

use super::{Out, Subject};
use crate::condition::{Check, Operand, Operator, Right};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// `contains`, `startswith` or `endswith` with an empty text, a glob of stars only, a regular expression `.*`, and
    /// `pmatch` with `/`.
    ///
    /// ## Why it matters
    /// The comparison asks no more than whether the field has a value. It was probably meant to ask for something.
    ///
    /// ## What to do
    /// Write `exists` when that is meant, or the text that was forgotten.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and fd.name startswith ""
    ///   output: "mount by %user.name in %container.id (%proc.cmdline file=%fd.name)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and fd.name exists
    ///   output: "mount by %user.name in %container.id (%proc.cmdline file=%fd.name)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ALWAYS_TRUE_COMPARISON = {
        id: "falco-always-true-comparison",
        title: "Comparison that is true of every value",
        category: Correctness,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    subject.own_checks(&mut |check, place| {
        let Operand::Field(field) = &check.left else { return };
        if !takes_all(check) {
            return;
        }
        let what = ["This is true of every `", &field.name, "` that has a value."].concat();
        let mut finding = Finding::new(&ALWAYS_TRUE_COMPARISON, subject.at(place, ""), what)
            .why("It asks for nothing, and was probably meant to.")
            .how(["Write `", &field.name, " exists`, or the text that was forgotten."].concat());
        let new = [subject.text_of(field.place).unwrap_or_default(), " exists"].concat();
        finding.fixes.extend(subject.fix("Write `exists`", Safety::Safe, [subject.replace(place, &new)]));
        out.push(finding);
    });
}

fn takes_all(check: &Check) -> bool {
    let one: &[u8] = match &check.right {
        Right::Value(value) => &value.bytes,
        Right::List(list) if check.operator == Operator::PMatch => {
            return list.values.iter().any(|value| value.bytes.iter().all(|byte| *byte == b'/'));
        }
        _ => return false,
    };
    match check.operator {
        _ if check.modifier.is_some() => false,
        Operator::Contains | Operator::IContains | Operator::StartsWith | Operator::EndsWith => one.is_empty(),
        Operator::Glob | Operator::IGlob => !one.is_empty() && one.iter().all(|byte| *byte == b'*'),
        Operator::Regex => matches!(one, b".*" | b"^.*$" | b"^.*" | b".*$"),
        _ => false,
    }
}
