use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A key that rules, macros or lists do not have: misspelt, or of another kind of item.
    ///
    /// ## Why it matters
    /// Falco passes over it (since 0.44 with a warning). Whatever it was meant to do does not happen.
    ///
    /// ## What to do
    /// Mend the name or take the key away.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///   severity: high
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
    UNKNOWN_KEY = {
        id: "falco-unknown-key",
        title: "Key that the item does not have",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [Falco "LOAD_UNKNOWN_KEY"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNKNOWN_KEY,
    why: "Falco passes over it (since 0.44 with a warning). Whatever it was meant to do does not happen.",
    how: "Mend the name or take the key away.",
};
