use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// `append: true`, an item that only switches a rule with `enabled`, `%container.info`, and the fields about
    /// entering a system call, such as `evt.dir`.
    ///
    /// ## Why it matters
    /// They work for now, or do nothing any more. A later version refuses them.
    ///
    /// ## What to do
    /// Name the changed keys under `override`, and take the fields away.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// - rule: Mount in container
    ///   append: true
    ///   condition: and proc.name = mount
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
    /// - rule: Mount in container
    ///   condition: and proc.name = mount
    ///   override:
    ///     condition: append
    /// ```
    DEPRECATED_ITEM = {
        id: "falco-deprecated-item",
        title: "Key or field that Falco will drop",
        category: Correctness,
        severity: Low,
        fixable: true,
        sources: [Falco "LOAD_DEPRECATED_ITEM"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &DEPRECATED_ITEM,
    why: "They work for now, or do nothing any more. A later version refuses them.",
    how: "Name the changed keys under `override`, and take the fields away.",
};
