use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in one text: `start` is included, `end` is not.
///
/// Texts are limited to 10 MB, so 32 bits are enough. A span does not know its text; indexing with it through
/// [`Span::slice`] is total: a span that does not fit gives the empty string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets. Offsets past 4 GiB are clamped, and an `end` before `start` gives an empty span.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Self { start, end: end.max(start) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether no byte is covered.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range that indexes strings and slices.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The covered part of `text`, empty when the span does not fit it.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span moved `by` bytes to the right.
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start as usize + by, self.end as usize + by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slicing_is_total() {
        assert_eq!(Span::new(1, 3).slice("abcd"), "bc");
        assert_eq!(Span::new(1, 9).slice("abcd"), "");
        assert_eq!(Span::new(1, 2).slice("é"), "");
        assert_eq!(Span::new(3, 1), Span::at(3));
    }

    #[test]
    fn covering() {
        let outer = Span::new(2, 4).cover(Span::new(7, 9));
        assert_eq!(outer, Span::new(2, 9));
        assert!(outer.contains(Span::new(4, 9)));
        assert!(!outer.contains(Span::new(1, 3)));
    }
}
