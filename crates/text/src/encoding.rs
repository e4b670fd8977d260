use serde::{Deserialize, Serialize};

use crate::Span;

/// The unit in which a reader counts offsets and columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Bytes, as everywhere inside the project.
    #[default]
    Utf8,
    /// UTF-16 code units, as JavaScript and web editors count.
    Utf16,
    /// Unicode scalar values, as people count and terminals nearly do.
    Utf32,
}

impl Encoding {
    /// How many units of this encoding `c` takes.
    pub fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Converts byte offsets of one text into another encoding and back.
///
/// Only characters outside ASCII are remembered, so the table of an ordinary manifest is empty and a conversion is a
/// binary search in nothing.
#[derive(Clone, Debug)]
pub struct Offsets {
    wide: Vec<Wide>,
}

/// A character outside ASCII.
#[derive(Clone, Copy, Debug)]
struct Wide {
    /// Where it begins, in units.
    unit: u32,
    /// The offset just behind it, in bytes and in units.
    behind: (u32, u32),
}

impl Offsets {
    /// Reads `text` once.
    pub fn new(text: &str, encoding: Encoding) -> Self {
        let mut wide = Vec::new();
        let mut lead = 0;
        if encoding != Encoding::Utf8 && !text.is_ascii() {
            for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
                let unit = clamp(at - lead);
                lead += c.len_utf8() - encoding.width(c);
                let byte = at + c.len_utf8();
                wide.push(Wide { unit, behind: (clamp(byte), clamp(byte - lead)) });
            }
        }
        Self { wide }
    }

    /// The offset in units for a byte offset. An offset inside a character is that of the character's start, unless the units
    /// are bytes.
    pub fn from_bytes(&self, byte: u32) -> u32 {
        let known = self.wide.partition_point(|wide| wide.behind.0 <= byte);
        let unit = match known.checked_sub(1).and_then(|last| self.wide.get(last)) {
            Some(&Wide { behind: (b, unit), .. }) => unit + (byte - b),
            None => byte,
        };
        // Only bytes inside of the next one lie beyond its start.
        self.wide.get(known).map_or(unit, |next| unit.min(next.unit))
    }

    /// The byte offset for an offset in units.
    pub fn to_bytes(&self, unit: u32) -> u32 {
        let known = self.wide.partition_point(|wide| wide.behind.1 <= unit);
        match known.checked_sub(1).and_then(|last| self.wide.get(last)) {
            Some(&Wide { behind: (byte, u), .. }) => byte + (unit - u),
            None => unit,
        }
    }

    /// [`Offsets::from_bytes`] for both ends.
    pub fn span_from_bytes(&self, span: Span) -> Span {
        Span { start: self.from_bytes(span.start), end: self.from_bytes(span.end) }
    }

    /// [`Offsets::to_bytes`] for both ends.
    pub fn span_to_bytes(&self, span: Span) -> Span {
        Span { start: self.to_bytes(span.start), end: self.to_bytes(span.end) }
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_boundary_goes_there_and_back() {
        let text = "aé漢🚢z\nß";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let offsets = Offsets::new(text, encoding);
            let mut unit = 0;
            for (byte, c) in text.char_indices() {
                assert_eq!(offsets.from_bytes(byte as u32), unit, "{encoding:?} {c}");
                assert_eq!(offsets.to_bytes(unit), byte as u32, "{encoding:?} {c}");
                unit += encoding.width(c) as u32;
            }
            assert_eq!(offsets.from_bytes(text.len() as u32), unit);
        }
    }

    #[test]
    fn inside_of_a_character_is_its_start() {
        for (encoding, expected) in [
            (Encoding::Utf8, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
            (Encoding::Utf16, [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 5, 6]),
            (Encoding::Utf32, [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 5]),
        ] {
            let offsets = Offsets::new("aé漢🚢z", encoding);
            assert_eq!((0..12).map(|byte| offsets.from_bytes(byte)).collect::<Vec<_>>(), expected, "{encoding:?}");
        }
    }
}
