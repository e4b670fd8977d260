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

const SAID: Said = Said {
    meta: &INCONSISTENT_ITEM,
    why: "Falco refuses the whole file, with all rules in it.",
    how: "Define first what is named, in this file or in one that is loaded before it.",
};

/// What to do, by a part of what Falco says, where it is not about something that is not defined.
const ADVICE: [(&str, &str); 8] = [
    ("equal length", "Give each list as many items as the exception has fields, in their order."),
    ("must both be strings", "Write fields and comps both as one name, or both as lists."),
    ("list of strings", "Write each item of the values as a list with one value for each field."),
    ("engine version", "Run a Falco that is new enough, or ask for an older engine if the rules do not need this one."),
    ("required version", "Write the version as three numbers with dots, such as 0.4.0."),
    ("alternative version", "Name each plugin once."),
    ("different source", "Give the rule the source that it was defined with, or another name."),
    (
        "must have",
        "Name what is to be appended or replaced: the condition, the exceptions or another field of the rule.",
    ),
];

/// The same for a message.
pub(super) fn said(message: &str) -> Said {
    let advice = ADVICE.iter().find(|(part, _)| message.contains(part));
    Said { how: advice.map_or(SAID.how, |(_, how)| how), ..SAID }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn advice_fits_what_is_said() {
        for (message, how) in [
            ("Fields and values lists must have equal length", "Give each list as many items"),
            ("Rules require engine version 99.0.0, but engine version is 0.57.0", "Run a Falco that is new enough"),
            ("Invalid required version 'x' for plugin 'json'", "Write the version as three numbers"),
            ("Appended rule must have exceptions or condition property", "Name what is to be appended"),
            ("Rule has been re-defined with a different source", "Give the rule the source"),
            ("Undefined macro 'x' used in filter.", "Define first what is named"),
        ] {
            assert!(said(message).how.starts_with(how), "{message}: {}", said(message).how);
        }
    }
}
