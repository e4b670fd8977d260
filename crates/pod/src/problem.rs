use watertight_diagnostic::Route;
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
    /// A value outside what the field may hold.
    BadValue {
        /// The sentence that says so.
        message: String,
    },
}
