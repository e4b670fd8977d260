use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An item that names what is not there: appending to something undefined, macros that go round in a circle,
    /// exceptions whose lists differ in length, an engine version that does not exist yet.
    ///
    /// ## Why it matters
    /// Falco refuses the whole file, with all rules in it.
    ///
    /// ## What to do
    /// Define first what is named, in this file or in one that is loaded before it.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   condition: and proc.name = mount
    ///   override:
    ///     condition: append
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
    INCONSISTENT_ITEM = {
        id: "falco-inconsistent-item",
        title: "Item that does not fit the others",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [Falco "LOAD_ERR_VALIDATE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &INCONSISTENT_ITEM,
    why: "Falco refuses the whole file, with all rules in it.",
    how: "Define first what is named, in this file or in one that is loaded before it.",
};
