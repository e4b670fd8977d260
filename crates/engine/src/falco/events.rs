//! Which texts are events, and what is found in them.

use watertight_diagnostic::Finding;
use watertight_falco::events::read;
use watertight_falco::lint::of_events;

use crate::source::Source;

/// Events that are looked at to tell what a text is.
const LOOKED_AT: usize = 5;

/// Words of which a text with events has at least one. Looking for them is quicker than reading a large JSON text.
const MARKS: [&str; 8] =
    ["\"output_fields\"", "\"evt.", "\"proc.", "\"fd.", "\"container.", "\"user.", "\"k8s.", "\"rule\""];

/// Whether a text is events: JSON objects that are Falco's output, or name its fields.
pub(crate) fn is_events(text: &str) -> bool {
    let json = text.trim_start_matches('\u{feff}').trim_start();
    if !json.starts_with(['{', '[']) || !MARKS.iter().any(|mark| json.contains(mark)) {
        return false;
    }
    let mut readable = read(json).take(LOOKED_AT).flatten().peekable();
    match readable.peek() {
        Some(_) => readable.any(|event| event.is_known()),
        None => json.contains("\"evt.") || json.contains("\"output_fields\""),
    }
}

/// What is wrong with the events of a file.
pub(crate) fn findings(source: &Source<'_>) -> Vec<Finding> {
    of_events(source.id, source.input.text)
}
