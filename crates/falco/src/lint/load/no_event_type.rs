use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rule that can match more than a hundred kinds of events, mostly because it does not ask for `evt.type`, or
    /// because an `or` lets all through.
    ///
    /// ## Why it matters
    /// Falco looks at the rule for each of those events, on every system call of the machine. That costs processor time
    /// and, when Falco falls behind, events.
    ///
    /// ## What to do
    /// Ask for the events that are meant, `evt.type in (…)`, so that it holds for every part of an `or`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: proc.name = mount and container.id != host
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
    NO_EVENT_TYPE = {
        id: "falco-no-event-type",
        title: "Rule that is tried on nearly every event",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [Falco "LOAD_NO_EVTTYPE"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &NO_EVENT_TYPE,
    why: "Falco looks at the rule for each of those events, on every system call of the machine. That costs processor time and, when Falco falls behind, events.",
    how: "Ask for the events that are meant, `evt.type in (…)`, so that it holds for every part of an `or`.",
};
