use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An output with a percent sign that no field follows, or with a field that does not exist.
    ///
    /// ## Why it matters
    /// Falco refuses the whole file, with all rules in it.
    ///
    /// ## What to do
    /// Write a known field behind every percent sign. There is no way to print a percent sign itself: write the word.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount is 100% certain (%proc.cmdline %user.name %container.id)"
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
    OUTPUT = {
        id: "falco-output",
        title: "Output that Falco cannot print",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [Falco "LOAD_ERR_COMPILE_OUTPUT"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &OUTPUT,
    why: "Falco refuses the whole file, with all rules in it.",
    how: "Write a known field behind every percent sign. There is no way to print a percent sign itself: write the word.",
};
