//! Findings about events: what cannot be read, and what will not be looked at.

mod event_without_fields;
mod unknown_event_field;
mod unreadable_event;

use watertight_diagnostic::{FileId, Finding, Location, RuleMeta};
use watertight_text::Span;

use super::out::Out;
use crate::events::{Event, EventProblem, read};

/// The rules about events.
pub(super) static RULES: &[&RuleMeta] = &[
    &event_without_fields::EVENT_WITHOUT_FIELDS,
    &unknown_event_field::UNKNOWN_EVENT_FIELD,
    &unreadable_event::UNREADABLE_EVENT,
];

/// The events of a file.
struct Subject<'a> {
    file: FileId,
    events: Vec<Event<'a>>,
    problems: Vec<EventProblem>,
}

impl Subject<'_> {
    fn at(&self, span: Span) -> Location {
        Location { file: self.file, span, route: None, label: String::new() }
    }
}

/// All findings about a file of events.
pub fn of_events(file: FileId, text: &str) -> Vec<Finding> {
    let mut subject = Subject { file, events: Vec::new(), problems: Vec::new() };
    for event in read(text) {
        match event {
            Ok(event) => subject.events.push(event),
            Err(problem) => subject.problems.push(problem),
        }
    }
    let mut out = Out::default();
    unreadable_event::check(&subject, &mut out);
    unknown_event_field::check(&subject, &mut out);
    event_without_fields::check(&subject, &mut out);
    out.finish()
}
