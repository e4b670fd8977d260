use crate::{Encoding, LineIndex, Offsets};

/// A line and a column, both counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line, from 0.
    pub line: usize,
    /// Column, from 0, in bytes.
    pub byte_column: usize,
    /// Column, from 0, in Unicode scalar values.
    pub column: usize,
}

/// Lines and columns of a text. Both are looked up by binary search, so that a text on a single line costs no more than one on
/// many.
#[derive(Clone, Debug)]
pub struct Positions<'t> {
    lines: LineIndex<'t>,
    characters: Offsets,
}

impl<'t> Positions<'t> {
    /// Reads `text` twice.
    pub fn new(text: &'t str) -> Self {
        Self { lines: LineIndex::new(text), characters: Offsets::new(text, Encoding::Utf32) }
    }

    /// The lines alone.
    pub fn lines(&self) -> &LineIndex<'t> {
        &self.lines
    }

    /// Line and columns of a byte offset.
    pub fn of(&self, offset: u32) -> Position {
        let line = self.lines.line_of(offset);
        let start = self.lines.line(line).start;
        let between = |start: u32, end: u32| end.saturating_sub(start) as usize;
        let characters = |offset| self.characters.from_bytes(offset);
        Position { line, byte_column: between(start, offset), column: between(characters(start), characters(offset)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_bytes_and_characters() {
        let text = "é\né🚢: 1";
        let positions = Positions::new(text);
        for (at, line, byte_column, column) in [("\n", 0, 2, 1), (":", 1, 6, 2), ("1", 1, 8, 4)] {
            let offset = text.find(at).unwrap() as u32;
            assert_eq!(positions.of(offset), Position { line, byte_column, column }, "{at:?}");
        }
    }
}
