use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A list that no condition and no other list names.
    ///
    /// ## Why it matters
    /// It does nothing, and often shows that a name is misspelt elsewhere.
    ///
    /// ## What to do
    /// Use it or take it away.
    ///
    /// ## Bad
    /// ```yaml
    /// - list: mount_programs
    ///   items: [mount, fusermount3]
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
    /// - list: mount_programs
    ///   items: [mount, fusermount3]
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name in (mount_programs)
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    UNUSED_LIST = {
        id: "falco-unused-list",
        title: "List that nothing uses",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [Falco "LOAD_UNUSED_LIST"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNUSED_LIST,
    why: "It does nothing, and often shows that a name is misspelt elsewhere.",
    how: "Use it or take it away.",
};
