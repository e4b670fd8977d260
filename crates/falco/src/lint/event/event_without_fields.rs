use watertight_diagnostic::Finding;

use super::{Out, Subject};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An event of Falco's output without `output_fields`.
    ///
    /// ## Why it matters
    /// The fields are what rules are tried on. Without them every rule stays open; the text in `output` is for people.
    ///
    /// ## What to do
    /// Switch `json_include_output_fields_property` on in Falco's configuration, which it is by default.
    ///
    /// ## Bad
    /// ```json
    /// {"rule": "Shell", "priority": "Notice", "output": "A shell was started (command=sh)"}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"rule": "Shell", "priority": "Notice", "output": "…", "output_fields": {"evt.type": "execve", "proc.name": "sh"}}
    /// ```
    EVENT_WITHOUT_FIELDS = {
        id: "falco-event-without-fields",
        title: "Event without its fields",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [],
    }
}

/// Told once a file: the configuration is the same for all of its events.
pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    let mut empty = subject.events.iter().filter(|event| !event.complete && event.fields.is_empty());
    let Some(first) = empty.next() else { return };
    let what = match empty.count() {
        0 => "This event has no `output_fields`.".to_owned(),
        more => format!("This event and {more} more have no `output_fields`."),
    };
    let finding = Finding::new(&EVENT_WITHOUT_FIELDS, subject.at(first.span), what)
        .why("The fields are what rules are tried on; the text in `output` is for people.")
        .how("Switch `json_include_output_fields_property` on in Falco's configuration.");
    out.push(finding);
}
