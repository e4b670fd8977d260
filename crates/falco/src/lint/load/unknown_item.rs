use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An item that has none of the keys `rule`, `macro`, `list`, `required_engine_version`,
    /// `required_plugin_versions`.
    ///
    /// ## Why it matters
    /// Falco passes over it. A rule whose first key is misspelt is not loaded.
    ///
    /// ## What to do
    /// Give it the key of its kind.
    ///
    /// ## Bad
    /// ```yaml
    /// - alert: Mount in container
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
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    UNKNOWN_ITEM = {
        id: "falco-unknown-item",
        title: "Item that is neither rule nor macro nor list",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [Falco "LOAD_UNKNOWN_ITEM"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNKNOWN_ITEM,
    why: "Falco passes over it. A rule whose first key is misspelt is not loaded.",
    how: "Give it the key of its kind.",
};
