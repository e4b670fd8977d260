use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A macro that no rule and no other macro names.
    ///
    /// ## Why it matters
    /// It does nothing, and often shows that a name is misspelt elsewhere.
    ///
    /// ## What to do
    /// Use it or take it away.
    ///
    /// ## Bad
    /// ```yaml
    /// - macro: mounts
    ///   condition: (evt.type in (mount, umount2))
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
    /// - macro: mounts
    ///   condition: (evt.type in (mount, umount2))
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: mounts and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    UNUSED_MACRO = {
        id: "falco-unused-macro",
        title: "Macro that nothing uses",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [Falco "LOAD_UNUSED_MACRO"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNUSED_MACRO,
    why: "It does nothing, and often shows that a name is misspelt elsewhere.",
    how: "Use it or take it away.",
};
