use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An item of a rules file that lacks a key, has a value of the wrong kind under it, or is no mapping.
    ///
    /// ## Why it matters
    /// Falco refuses the whole file for one such item.
    ///
    /// ## What to do
    /// Give every rule `rule`, `desc`, `condition`, `output` and `priority`, every macro `macro` and `condition`, every
    /// list `list` and `items`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
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
    FILE_SHAPE = {
        id: "falco-file-shape",
        title: "Item that lacks what its kind needs",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [Falco "LOAD_ERR_YAML_VALIDATE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &FILE_SHAPE,
    why: "Falco refuses the whole file for one such item.",
    how: "Give every rule `rule`, `desc`, `condition`, `output` and `priority`, every macro `macro` and `condition`, every list `list` and `items`.",
};
