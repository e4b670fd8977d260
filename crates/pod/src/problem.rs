use watertight_diagnostic::{KubeVersion, Route};
use watertight_text::Span;

/// Something in an object that the API server would refuse or ignore.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// The field.
    pub route: Route,
    /// The Kubernetes versions that refuse or ignore it.
    pub versions: Versions,
}

/// A row of Kubernetes minor versions. A feature counts from the version that has it without being asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Versions {
    /// The first of them, 1.`since`.
    pub since: u32,
    /// The first version behind them; `None` when there is none yet.
    pub before: Option<u32>,
}

impl Versions {
    /// All of them.
    pub const ALL: Self = Self { since: 0, before: None };

    /// From 1.`minor` on.
    pub fn since(minor: u32) -> Self {
        Self { since: minor, before: None }
    }

    /// Up to the one before 1.`minor`.
    pub fn before(minor: u32) -> Self {
        Self { since: 0, before: Some(minor) }
    }

    /// Whether a version is among them.
    pub fn has(self, version: KubeVersion) -> bool {
        version.at_least(self.since) && !self.before.is_some_and(|minor| version.at_least(minor))
    }
}

/// Kinds of problems, with what is needed to explain them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// A value of another type than the field has.
    WrongType {
        /// What the field wants, with its article.
        wanted: &'static str,
        /// What stands there, with its article.
        found: &'static str,
    },
    /// A field that the object does not have. The API server drops it, and with it what it was meant to do.
    UnknownField {
        /// The name as written.
        name: String,
        /// The field that was probably meant, with where it belongs when that is another place.
        meant: Option<String>,
    },
    /// A field that must be there.
    Missing {
        /// Its name.
        field: &'static str,
    },
    /// Two containers or two volumes of one name.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A field that the versions named beside it drop.
    TooNew {
        /// Its name.
        field: &'static str,
        /// The first minor version that has it without being asked for.
        since: u32,
        /// What is so without it: a clause.
        otherwise: &'static str,
    },
    /// A value that is put in where the command is run: by a variable, or by what a command prints.
    Variable {
        /// The option or key that takes it, without dashes; empty for a word that may hold any option.
        setting: String,
        /// The names of the variables; none for what a command prints.
        variables: Vec<String>,
    },
    /// Something that is decided in a text that is not read here, and may be anything.
    Elsewhere {
        /// The sentence that says so.
        message: String,
    },
    /// More than is read. Nothing is wrong with the object.
    TooMuch {
        /// The sentence that says so, and what to do.
        message: String,
    },
    /// A value outside what the field may hold.
    BadValue {
        /// The sentence that says so and, behind it, one that says what to do where that is known.
        message: String,
    },
}
