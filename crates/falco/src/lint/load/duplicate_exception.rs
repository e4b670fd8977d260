use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// Two exceptions of a rule with the same name.
    ///
    /// ## Why it matters
    /// What is appended later reaches the first of them only.
    ///
    /// ## What to do
    /// Give each a name of its own.
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
    ///     - name: programs
    ///       fields: [proc.pname]
    ///       values: [[dockerd]]
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
    ///     - name: parents
    ///       fields: [proc.pname]
    ///       values: [[dockerd]]
    /// ```
    DUPLICATE_EXCEPTION = {
        id: "falco-duplicate-exception",
        title: "Two exceptions of one name",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [Falco "LOAD_EXCEPTION_NAME_NOT_UNIQUE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &DUPLICATE_EXCEPTION,
    why: "What is appended later reaches the first of them only.",
    how: "Give each a name of its own.",
};
