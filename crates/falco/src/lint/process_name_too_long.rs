use watertight_diagnostic::Finding;

use super::{Out, Subject};
use crate::condition::{Operand, Operator, Right};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A comparison of `proc.name`, `proc.pname`, `proc.aname` or `thread.name` with a constant of more than fifteen
    /// bytes, by `=`, `in` or `endswith`.
    ///
    /// ## Why it matters
    /// The kernel keeps fifteen bytes of a process's name. For a longer one the comparison is true only where Falco
    /// learnt the name from elsewhere, so that a rule or an exception works on some machines and not on others.
    ///
    /// ## What to do
    /// Compare the first fifteen bytes, with `startswith`, or ask for `proc.exepath`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = containerd-shim-runc-v2
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name startswith containerd-shim
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    PROCESS_NAME_TOO_LONG = {
        id: "falco-process-name-too-long",
        title: "Process name that is longer than the kernel keeps",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

/// What the kernel keeps of a name, in bytes (TASK_COMM_LEN less the zero at the end).
const KEPT: usize = 15;

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    subject.own_checks(&mut |check, _| {
        let Operand::Field(field) = &check.left else { return };
        let of_process =
            matches!(&*field.name, "proc.name" | "proc.pname" | "proc.aname" | "proc.sname" | "thread.name");
        let whole =
            matches!(check.operator, Operator::Equal | Operator::In | Operator::EndsWith | Operator::StartsWith);
        if !of_process || !whole {
            return;
        }
        let values = match &check.right {
            Right::Value(value) => std::slice::from_ref(value),
            Right::List(list) => list.values.as_slice(),
            Right::Nothing | Right::Operand(_) => return,
        };
        for value in values.iter().filter(|value| value.bytes.len() > KEPT) {
            let what =
                ["`", &value.text(), "` is longer than the fifteen bytes that the kernel keeps of a name."].concat();
            let kept = String::from_utf8_lossy(value.bytes.get(..KEPT).unwrap_or_default()).into_owned();
            out.push(
                Finding::new(&PROCESS_NAME_TOO_LONG, subject.at(value.place, ""), what)
                    .why("Where Falco has the kernel's name, the comparison is never true.")
                    .how(["Compare with `startswith ", &kept, "`, or ask for `proc.exepath`."].concat()),
            );
        }
    });
}
