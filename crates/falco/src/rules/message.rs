//! What the loader says of a file.

use std::cmp::Ordering;
use std::sync::Arc;

use watertight_text::Span;

use super::code::Code;

/// One step of the way from a file to what is complained about, as the engine names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The engine's word for the kind of thing, such as `rule` or `condition expression`.
    pub kind: &'static str,
    /// Its name, or nothing.
    pub name: Arc<str>,
    /// Which file.
    pub file: u32,
    /// The bytes of it.
    pub span: Span,
}

impl Step {
    pub(super) fn new(kind: &'static str, name: &str, file: u32, span: Span) -> Self {
        Self { kind, name: name.into(), file, span }
    }

    /// `kind:name`, or the kind alone.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.kind.to_owned() } else { [self.kind, ":", &self.name].concat() }
    }
}

/// The steps from a file to what is complained about. Ways that begin alike share their beginning: a rule of a long name may
/// have thousands of parts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Path(Option<Arc<Link>>);

#[derive(PartialEq, Eq, Debug)]
struct Link {
    step: Step,
    before: Path,
}

impl Path {
    /// With one step more.
    #[must_use]
    pub(super) fn with(&self, step: Step) -> Self {
        Self(Some(Arc::new(Link { step, before: self.clone() })))
    }

    /// Without its last step.
    pub(super) fn before(&self) -> Self {
        self.0.as_ref().map(|link| link.before.clone()).unwrap_or_default()
    }

    /// The steps from the outside in.
    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        let mut steps: Vec<&Step> = self.inwards().collect();
        steps.reverse();
        steps.into_iter()
    }

    /// The outermost step.
    pub fn first(&self) -> Option<&Step> {
        self.inwards().last()
    }

    /// The innermost step.
    pub fn last(&self) -> Option<&Step> {
        self.inwards().next()
    }

    /// The steps from the inside out.
    fn inwards(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.0.as_deref(), |link| link.before.0.as_deref()).map(|link| &link.step)
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
    pub path: Path,
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

/// How many errors are kept of a file, and how many warnings.
const MOST: usize = 20_000;
const MORE: &str = "The loader has more to say of this file than is listed.";

impl FileResult {
    /// Whether the engine loads it; none when it holds more than is looked at, and nothing else is wrong.
    pub fn loads(&self) -> Option<bool> {
        match self.errors.iter().all(|error| error.code == Code::Limit) {
            true if self.errors.is_empty() => Some(true),
            true => None,
            false => Some(false),
        }
    }

    pub(super) fn say(&mut self, message: Message) {
        let list = if message.code.is_error() {
            &mut self.errors
        } else if self.errors.is_empty() {
            &mut self.warnings
        } else {
            &mut self.later
        };
        match list.len().cmp(&MOST) {
            Ordering::Less => list.push(message),
            Ordering::Equal => list.push(Message { code: Code::Limit, message: MORE.to_owned(), ..message }),
            Ordering::Greater => {}
        }
    }
}
