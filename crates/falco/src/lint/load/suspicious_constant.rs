use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A constant that is the name of a field or looks like a call, and a regular expression that says no more than `=`
    /// or `contains` would.
    ///
    /// ## Why it matters
    /// Without `val()` the right side is a text: the field's name, not its value. And regular expressions are by far
    /// the slowest comparison.
    ///
    /// ## What to do
    /// Write `val(field)` to compare two fields, or put quotes round a text that is meant as one; take the simpler
    /// operator instead of `regex`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = proc.pname
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = val(proc.pname)
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    SUSPICIOUS_CONSTANT = {
        id: "falco-suspicious-constant",
        title: "Constant that looks like something else",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [Falco "LOAD_COMPILE_CONDITION"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &SUSPICIOUS_CONSTANT,
    why: "Without `val()` the right side is a text: the field's name, not its value. And regular expressions are by far the slowest comparison.",
    how: "Write `val(field)` to compare two fields, or put quotes round a text that is meant as one; take the simpler operator instead of `regex`.",
};
