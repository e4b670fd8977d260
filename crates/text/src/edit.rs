use crate::sort;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Span;

/// Replaces the bytes of `span` by `text`. An empty span inserts, an empty text removes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts `text` before the byte at `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), text)
    }

    /// Removes `span`.
    pub fn remove(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// Why a set of edits could not be applied. The text is then left as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApplyError {
    /// Two edits change the same bytes.
    Overlap(Span, Span),
    /// An edit lies outside the text or cuts a character.
    OutOfBounds(Span),
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap(a, b) => {
                write!(f, "two edits overlap: bytes {}..{} and {}..{}", a.start, a.end, b.start, b.end)
            }
            Self::OutOfBounds(span) => {
                write!(f, "an edit of bytes {}..{} does not fit the text", span.start, span.end)
            }
        }
    }
}

impl std::error::Error for ApplyError {}

/// The text with all edits applied at once; their order in the slice matters only for insertions at the same place.
///
/// # Errors
/// When two edits overlap or one does not fit the text on character boundaries.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, ApplyError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sort::by_key(&mut sorted, |edit| edit.span);
    let grown: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut done = Span::at(0);
    for edit in sorted {
        if edit.span.start < done.end {
            return Err(ApplyError::Overlap(done, edit.span));
        }
        let kept = text.get(done.end as usize..edit.span.start as usize);
        let (Some(kept), Some(_)) = (kept, text.get(edit.span.range())) else {
            return Err(ApplyError::OutOfBounds(edit.span));
        };
        out.push_str(kept);
        out.push_str(&edit.text);
        done = edit.span;
    }
    out.push_str(text.get(done.end as usize..).unwrap_or_default());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, edits: &[(usize, usize, &str)], expected: &str) {
        let edits: Vec<_> = edits.iter().map(|&(s, e, t)| Edit::replace(Span::new(s, e), t)).collect();
        assert_eq!(apply(text, &edits).unwrap(), expected);
    }

    #[test]
    fn applied_in_text_order() {
        check("abcdef", &[(4, 5, "E"), (0, 0, ">"), (1, 3, "")], ">adEf");
        check("ab", &[(1, 1, "1"), (1, 1, "2")], "a12b");
        check("", &[(0, 0, "x")], "x");
    }

    #[test]
    fn refused_without_harm() {
        let overlap = [Edit::remove(Span::new(0, 2)), Edit::remove(Span::new(1, 3))];
        assert!(matches!(apply("abc", &overlap), Err(ApplyError::Overlap(..))));
        assert!(matches!(apply("é", &[Edit::insert(1, "x")]), Err(ApplyError::OutOfBounds(_))));
        assert!(matches!(apply("a", &[Edit::insert(2, "x")]), Err(ApplyError::OutOfBounds(_))));
    }
}
