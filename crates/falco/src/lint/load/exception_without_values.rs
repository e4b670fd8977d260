use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An exception that is appended to a rule and has no `values`.
    ///
    /// ## Why it matters
    /// It changes nothing.
    ///
    /// ## What to do
    /// Give it values, or take it away.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///   exceptions:
    ///     - name: programs
    ///       fields: [proc.name]
    ///       values: [[runc]]
    /// - rule: Mount in container
    ///   exceptions:
    ///     - name: programs
    ///   override:
    ///     exceptions: append
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
    ///   exceptions:
    ///     - name: programs
    ///       fields: [proc.name]
    ///       values: [[runc]]
    /// - rule: Mount in container
    ///   exceptions:
    ///     - name: programs
    ///       values: [[crun]]
    ///   override:
    ///     exceptions: append
    /// ```
    EXCEPTION_WITHOUT_VALUES = {
        id: "falco-exception-without-values",
        title: "Exception that is appended without values",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [Falco "LOAD_APPEND_NO_VALUES"],
    }
}

pub(super) const SAID: Said =
    Said { meta: &EXCEPTION_WITHOUT_VALUES, why: "It changes nothing.", how: "Give it values, or take it away." };
