//! What the loader says of a file.

use watertight_text::Span;

use super::code::Code;

/// One step of the way from a file to what is complained about, as the engine names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The engine's word for the kind of thing, such as `rule` or `condition expression`.
    pub kind: &'static str,
    /// Its name, or nothing.
    pub name: String,
    /// Which file.
    pub file: u32,
    /// The bytes of it.
    pub span: Span,
}

impl Step {
    pub(super) fn new(kind: &'static str, name: &str, file: u32, span: Span) -> Self {
        Self { kind, name: name.to_owned(), file, span }
    }

    /// `kind:name`, or the kind alone.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.kind.to_owned() } else { [self.kind, ":", &self.name].concat() }
    }
}

/// An error or a warning of the loader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The code.
    pub code: Code,
    /// The engine's text.
    pub message: String,
    /// The way to it, from the outside in; empty for the file as a whole.
    pub path: Vec<Step>,
    /// The exact place: file and bytes. The engine has only the start of what `path` names.
    pub place: Option<(u32, Span)>,
}

/// The engine's view of one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileResult {
    /// Whether it was looked at: the engine stops at the first file with an error.
    pub reached: bool,
    /// Whether the file has the shape of the engine's JSON schema; none when it is empty or no YAML.
    pub schema_valid: Option<bool>,
    /// The errors. The engine reports the first alone.
    pub errors: Vec<Message>,
    /// The engine's warnings. With an error these are the ones before it.
    pub warnings: Vec<Message>,
    /// Warnings that the engine would give after the first error is mended.
    pub later: Vec<Message>,
}

impl FileResult {
    /// Whether the engine loads it.
    pub fn successful(&self) -> bool {
        self.errors.is_empty()
    }

    pub(super) fn say(&mut self, message: Message) {
        if message.code.is_error() {
            self.errors.push(message);
        } else if self.errors.is_empty() {
            self.warnings.push(message);
        } else {
            self.later.push(message);
        }
    }
}
