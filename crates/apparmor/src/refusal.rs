//! Why the parser would refuse a text.

use watertight_text::Span;

use crate::policy::Origin;

/// What kind of fault it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Code {
    /// The text does not follow the grammar.
    Syntax,
    /// A rule does not end in a comma.
    MissingComma,
    /// Larger or deeper than can be worked on.
    Limit,
    /// Permission letters that exclude each other or miss something.
    Permissions,
    /// Two rules start one program in different modes.
    ExecConflict,
    /// A pattern that cannot be compiled.
    Glob,
    /// A variable that is missing, doubled, of the wrong kind or refers to itself.
    Variable,
    /// An `if` that cannot be decided.
    Condition,
    /// A file that is not there.
    Include,
    /// A feature set that is not there.
    Abi,
    /// A profile's name or attachment.
    Name,
    /// Two profiles of one name.
    Duplicate,
    /// A flag that does not exist, or that another one excludes.
    Flag,
    /// A prefix that this rule does not take, or that another one excludes.
    Prefix,
    /// A word or a setting that this rule does not take.
    Setting,
    /// Options of a mount that exclude each other or fit no call.
    Mount,
    /// A family, a type or an address that does not exist.
    Network,
    /// A capability that does not exist.
    Capability,
    /// A resource limit.
    Rlimit,
    /// A signal that does not exist.
    Signal,
}

/// One reason to refuse, with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What kind of fault it is.
    pub code: Code,
    /// What is wrong, in a sentence, with what to do about it where that is not plain.
    pub message: String,
    /// Where.
    pub origin: Origin,
    /// What it clashes with.
    pub related: Option<Origin>,
}

impl Refusal {
    /// A refusal at a place of the text itself.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::at(code, Origin { span, shown: span, ..Origin::default() }, message)
    }

    /// A refusal at a place of any source.
    pub fn at(code: Code, origin: Origin, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), origin, related: None }
    }

    /// Whether the parser refuses the text for it, as opposed to a limit of ours.
    pub fn is_the_parsers(&self) -> bool {
        self.code != Code::Limit
    }

    /// Names what it clashes with.
    #[must_use]
    pub fn against(mut self, other: Origin) -> Self {
        self.related = Some(other);
        self
    }
}
