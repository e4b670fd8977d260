use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rules file that the YAML reader cannot read to its end.
    ///
    /// ## Why it matters
    /// Falco does not start with such a file, and a running one keeps its old rules.
    ///
    /// ## What to do
    /// Mend the place that the finding names. Indent with blanks, and put texts with `: `, ` #` or a percent sign in
    /// front between quotes.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    /// 	desc: Mounts in containers
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
    YAML_SYNTAX = {
        id: "falco-yaml-syntax",
        title: "Rules file that is no YAML",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [Falco "LOAD_ERR_YAML_PARSE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &YAML_SYNTAX,
    why: "Falco does not start with such a file, and a running one keeps its old rules.",
    how: "Mend the place that the finding names. Indent with blanks, and put texts with `: `, ` #` or a percent sign in front between quotes.",
};
