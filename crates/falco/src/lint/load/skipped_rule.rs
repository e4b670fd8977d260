use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rule with `skip-if-unknown-filter` that names a field or an event that does not exist.
    ///
    /// ## Why it matters
    /// Falco passes over the rule without an error, so that it never fires.
    ///
    /// ## What to do
    /// Mend the name. Keep `skip-if-unknown-filter` only for rules that are meant for newer versions or optional
    /// plugins.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.idd != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///   skip-if-unknown-filter: true
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
    ///   skip-if-unknown-filter: true
    /// ```
    SKIPPED_RULE = {
        id: "falco-skipped-rule",
        title: "Rule that is passed over for an unknown field",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [Falco "LOAD_UNKNOWN_FILTER"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &SKIPPED_RULE,
    why: "Falco passes over the rule without an error, so that it never fires.",
    how: "Mend the name. Keep `skip-if-unknown-filter` only for rules that are meant for newer versions or optional plugins.",
};
