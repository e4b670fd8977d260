use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A list whose name has a blank, quote, parenthesis, comma or equals sign in it.
    ///
    /// ## Why it matters
    /// It is pasted wherever these characters stand together, or cannot be named at all.
    ///
    /// ## What to do
    /// Rename it, with underscores.
    ///
    /// ## Bad
    /// ```yaml
    /// - list: mount programs
    ///   items: [mount, fusermount3]
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name in (mount programs)
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
    LIST_NAME = {
        id: "falco-list-name",
        title: "List whose name is no single word",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [Falco "LOAD_INVALID_LIST_NAME"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &LIST_NAME,
    why: "It is pasted wherever these characters stand together, or cannot be named at all.",
    how: "Rename it, with underscores.",
};
