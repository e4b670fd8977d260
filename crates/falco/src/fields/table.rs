//! The tables, split once into lines that are sorted by their first word.

use std::sync::OnceLock;

/// A line: what stands before its first blank, and the rest.
pub(super) type Line = (&'static str, &'static str);

/// A text of lines that are sorted by what stands before their first blank.
pub(super) struct Table {
    text: &'static str,
    lines: OnceLock<Vec<Line>>,
}

impl Table {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, lines: OnceLock::new() }
    }

    /// All lines, split at their first blank.
    pub(super) fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| self.text.lines().filter_map(|line| line.split_once(' ')).collect())
    }

    /// The line that begins with `name` and a blank.
    pub(super) fn find(&self, name: &str) -> Option<Line> {
        let lines = self.lines();
        lines.binary_search_by(|(found, _)| (*found).cmp(name)).ok().and_then(|at| lines.get(at)).copied()
    }
}
