use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rule whose `source` is none that Falco has without a plugin.
    ///
    /// ## Why it matters
    /// Falco passes over the rule without an error, so that it never fires.
    ///
    /// ## What to do
    /// Load the plugin of the source, such as k8saudit, or take the key away when the rule is about system calls.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.num > 0
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///   source: k8s_audit
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
    UNKNOWN_SOURCE = {
        id: "falco-unknown-source",
        title: "Rule for events that nobody delivers",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [Falco "LOAD_UNKNOWN_SOURCE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNKNOWN_SOURCE,
    why: "Falco passes over the rule without an error, so that it never fires.",
    how: "Load the plugin of the source, such as k8saudit, or take the key away when the rule is about system calls.",
};
