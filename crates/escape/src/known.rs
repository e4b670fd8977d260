use watertight_diagnostic::Route;
pub use watertight_diagnostic::ask::escape::Truth;
use watertight_text::Span;

/// A place that shows why something is so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// Which of the files; `None` for the pod's own.
    pub file: Option<u32>,
    /// The bytes.
    pub span: Span,
    /// The field, where the text has routes.
    pub route: Option<Route>,
}

/// Something that is known, or that is known not to be known: why, from which line, and what would settle it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Whether it is so.
    pub truth: Truth,
    /// Why, as the end of a sentence after "because": no capital, no full stop.
    pub because: String,
    /// The lines that say it.
    pub evidence: Vec<Evidence>,
    /// What would settle it, when it is not known: what to paste or to set. A whole sentence.
    pub settles: &'static str,
}

impl Known {
    /// Something known, without a line.
    pub fn new(truth: impl Into<Truth>, because: impl Into<String>) -> Self {
        Self { truth: truth.into(), because: because.into(), evidence: Vec::new(), settles: "" }
    }

    /// Something that nobody can tell, and what would settle it.
    pub fn unknown(because: impl Into<String>, settles: &'static str) -> Self {
        Self { settles, ..Self::new(Truth::Unknown, because) }
    }

    /// Adds the line that says it.
    #[must_use]
    pub fn at(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// The one of the alternatives that speaks: the strongest, the first of equals.
    pub(crate) fn any(alternatives: impl IntoIterator<Item = Self>) -> Option<Self> {
        alternatives.into_iter().reduce(|best, next| if next.truth > best.truth { next } else { best })
    }

    /// The opposite, for the same reason.
    #[must_use]
    pub(crate) fn negated(self) -> Self {
        Self { truth: !self.truth, ..self }
    }
}
