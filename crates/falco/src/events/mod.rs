//! Events: Falco's own JSON output, or tables of fields.
//!
//! A text holds any number of events: JSON lines, objects one after the other, or lists of them. What an event looks like
//! is told by its keys:
//!
//! - with `output_fields`, or with `rule` and `priority`, it is Falco's output. It carries only the fields that the rule's
//!   output names, so a field that is not there is unknown; `null` says that it was missing.
//! - with `event` or `fields` that is an object, the fields stand in there, next to what describes the event: `id`,
//!   `title`, and `expect`, the names of the rules that have to fire.
//! - otherwise the object itself is a table of fields, and what is not there is missing, as the engine would have it.

mod json;
mod read;

use std::borrow::Cow;

use watertight_text::Span;

use crate::compile::resolve_text;
use crate::rules::SYSCALL;

pub use json::JsonError;
pub use read::read;

/// A value of a field as it stands in an event, before the field's type is looked at.
#[derive(Clone, PartialEq, Debug)]
pub enum Raw<'t> {
    /// The field had no value.
    Null,
    /// True or false.
    Bool(bool),
    /// A number as it is written.
    Number(&'t str),
    /// Text.
    Text(Cow<'t, str>),
    /// Bytes, written as `{"$hex": "00ff"}`.
    Bytes(Vec<u8>),
    /// Several values. `{"$ancestors": […]}` is the same.
    List(Vec<Self>),
}

/// A field of an event.
#[derive(Clone, PartialEq, Debug)]
pub struct EventField<'t> {
    /// The field with its argument, such as `proc.aname[2]`.
    pub name: Cow<'t, str>,
    /// Its value.
    pub value: Raw<'t>,
    /// Where the value stands.
    pub span: Span,
}

/// An event.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Event<'t> {
    /// Its fields, in the order of the text. When one stands there twice the last counts.
    pub fields: Vec<EventField<'t>>,
    /// Whether a field that is not there is missing rather than unknown.
    pub complete: bool,
    /// Where it stands.
    pub span: Span,
    /// The rule that Falco says has fired, for its own output.
    pub rule: Option<Cow<'t, str>>,
    /// What the event is called, by `id`.
    pub id: Option<Cow<'t, str>>,
    /// What the event is, by `title`.
    pub title: Option<Cow<'t, str>>,
    /// The source of the event, for Falco's own output.
    pub source: Option<Cow<'t, str>>,
    /// The host it happened on, for Falco's own output.
    pub hostname: Option<Cow<'t, str>>,
    /// The rules that have to fire, if the event says so.
    pub expect: Option<Vec<Cow<'t, str>>>,
}

impl Event<'_> {
    /// The value of a field, if it is there.
    pub fn get(&self, name: &str) -> Option<&Raw<'_>> {
        self.fields.iter().rev().find(|field| field.name == name).map(|field| &field.value)
    }

    /// The text of a field, if it is there and is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Raw::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Where it comes from: system calls unless it says otherwise.
    pub fn origin(&self) -> &str {
        self.source.as_deref().or_else(|| self.text("evt.source")).unwrap_or(SYSCALL)
    }

    /// Whether it is one of Falco's own, or names a field that Falco knows.
    pub fn is_known(&self) -> bool {
        !self.complete || self.fields.iter().any(|field| resolve_text(&field.name).is_ok())
    }

    /// What it is, in a few words.
    pub fn words(&self) -> String {
        if let Some(title) = self.title.as_ref().or(self.id.as_ref()) {
            return title.to_string();
        }
        let what = self.text("proc.cmdline").or_else(|| self.text("proc.name")).or_else(|| self.text("fd.name"));
        let words: Vec<&str> = [self.text("evt.type"), what].into_iter().flatten().collect();
        match (&self.rule, words.as_slice()) {
            (Some(rule), _) => ["Alert: ", rule].concat(),
            (None, []) => "Event".to_owned(),
            (None, words) => words.join(": "),
        }
    }
}

/// What has been read: an event, or why it cannot be read.
pub type ReadEvent<'t> = Result<Event<'t>, EventProblem>;

/// Why an event cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventProblem {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: &'static str,
}
