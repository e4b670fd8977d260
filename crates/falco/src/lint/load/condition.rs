use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A condition that does not read as one, names a field or an event that does not exist, compares a field in a way
    /// its type does not allow, or with a constant that is no value of its type.
    ///
    /// ## Why it matters
    /// Falco refuses the whole file, with all rules in it.
    ///
    /// ## What to do
    /// Mend the place that is underlined. The finding proposes the nearest name or word where there is one.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.idd != host
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
    CONDITION = {
        id: "falco-condition",
        title: "Condition that Falco cannot use",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [Falco "LOAD_ERR_COMPILE_CONDITION"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &CONDITION,
    why: "Falco refuses the whole file, with all rules in it.",
    how: "Mend the place that is underlined. The finding proposes the nearest name or word where there is one.",
};
