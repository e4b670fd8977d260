use std::fmt;

use watertight_diagnostic::Route;
use watertight_text::Span;

/// Something that makes the tree less, or other, than the text promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// A second place that belongs to it: the first of two equal keys, the bracket that is never closed.
    pub related: Option<Span>,
    /// The field it is about, where that is certain: of a key that stands twice.
    pub route: Option<Route>,
    /// The sentence for the user.
    pub message: String,
}

/// Kinds of problems. The engine makes a rule of each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProblemKind {
    /// The text is not YAML from here on; the document ends here for us.
    Syntax,
    /// A key that stands twice in one mapping. Kubernetes' reader keeps the last.
    DuplicateKey,
    /// `*name` without `&name` before it. Kubernetes refuses the document.
    UnknownAlias,
    /// An alias that stands inside its own anchor. Kubernetes refuses the document.
    RecursiveAlias,
    /// So many aliases of aliases that Kubernetes' reader refuses the document.
    ExcessiveAliases,
    /// `<<` with something that cannot be merged. Kubernetes refuses the document.
    BadMerge,
    /// A tag that does not fit the value, such as `!!int` before a word. Kubernetes refuses the document. (Tags it does
    /// not know make text of any scalar and are no problem to it.)
    BadTag,
    /// A key that is neither text nor number nor boolean. Kubernetes refuses the document.
    BadKey,
    /// An infinity or `.nan`, which JSON cannot say. Kubernetes refuses the document.
    BadNumber,
    /// `%YAML` with another version than 1.1. Kubernetes' reader knows no other and refuses the document.
    Version,
    /// Something that YAML 1.2 allows and Kubernetes' reader or kubectl refuses: a tab where only spaces may stand, `\/` between
    /// double quotes, a key and its colon on two lines, a value behind `---`.
    Refused,
    /// Something that Kubernetes' reader refuses or takes in another way than we do, such as a `?` in a value between
    /// brackets, or a document that kubectl leaves out. The tree is not to be relied on at this place.
    Ambiguous,
    /// A character that ends the line for Kubernetes' reader (YAML 1.1: U+0085, U+2028, U+2029) and stays invisible in
    /// most editors: what looks like a comment can be a field. The tree has the fields that Kubernetes reads; within a
    /// text of several lines the character itself may be missing.
    HiddenLineBreak,
    /// `{{ … }}` or `{% … %}`: a template that has to be rendered first.
    Template,
    /// More than the documented limit of bytes, levels or nodes.
    Limit,
    /// Bytes that are no text.
    Binary,
}

impl ProblemKind {
    /// Whether Kubernetes' reader gives up the document for it.
    pub fn is_fatal(self) -> bool {
        !matches!(self, Self::DuplicateKey | Self::HiddenLineBreak | Self::Template)
    }
}

impl ProblemKind {
    /// Whether other readers give up, too, as far as we know: yaml-cpp, which Falco reads its rules with, takes tags that do not
    /// fit, keys of any kind and many a tab.
    pub fn is_fatal_to_all(self) -> bool {
        matches!(self, Self::Syntax | Self::UnknownAlias | Self::Limit | Self::Binary)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
