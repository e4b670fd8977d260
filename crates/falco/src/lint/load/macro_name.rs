use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A macro whose name has other characters than letters, digits and underscores, or begins with a digit or
    /// underscore.
    ///
    /// ## Why it matters
    /// A condition cannot name it: the reader stops in the middle of the name.
    ///
    /// ## What to do
    /// Rename it, with underscores.
    ///
    /// ## Bad
    /// ```yaml
    /// - macro: in-container
    ///   condition: (container.id != host)
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - macro: in_container
    ///   condition: (container.id != host)
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and in_container
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    MACRO_NAME = {
        id: "falco-macro-name",
        title: "Macro whose name no condition can say",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [Falco "LOAD_INVALID_MACRO_NAME"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &MACRO_NAME,
    why: "A condition cannot name it: the reader stops in the middle of the name.",
    how: "Rename it, with underscores.",
};
