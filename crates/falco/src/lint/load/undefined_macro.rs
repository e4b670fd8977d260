use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A condition that names a macro which no file defines before it or beside it.
    ///
    /// ## Why it matters
    /// Falco refuses the whole file. Many published rules lean on macros of Falco's own rules file, and an example
    /// copied without them does not load by itself.
    ///
    /// ## What to do
    /// Load the file with the macro first, or take the macro into this file: the finding offers those of Falco's stable
    /// rules.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: spawned_process and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - macro: spawned_process
    ///   condition: (evt.type in (execve, execveat))
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: spawned_process and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    UNDEFINED_MACRO = {
        id: "falco-undefined-macro",
        title: "Macro that is defined nowhere",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [Falco "LOAD_ERR_VALIDATE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNDEFINED_MACRO,
    why: "Falco refuses the whole file. Many published rules lean on macros of Falco's own rules file, and an example copied without them does not load by itself.",
    how: "Load the file with the macro first, or take the macro into this file: the finding offers those of Falco's stable rules.",
};
