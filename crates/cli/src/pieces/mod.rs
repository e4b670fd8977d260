//! Large inputs in stretches that can be looked at by themselves, so that memory stays bounded and answers come as the
//! input does.
//!
//! A list in JSON, and one in YAML as `kubectl` writes it, is cut between its items; other YAML between its documents.

mod json;
mod yaml;

use std::io::{self, BufReader, Read};

use watertight::text::{Position, Positions, megabytes};

use crate::input::not_text;

/// How large pieces are, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Sizes {
    /// A piece ends at the first border behind so many.
    pub(crate) piece: usize,
    /// An item or document of more than this is left out.
    pub(crate) limit: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { piece: 1_000_000, limit: crate::input::WHOLE_FILE }
    }
}

/// A stretch of an input, made into a text of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Piece {
    /// The text: what was added in front, the original's bytes, what was added behind.
    pub(crate) text: String,
    /// Bytes that were added in front.
    lead: usize,
    /// Whole lines that were added in front.
    lead_lines: usize,
    /// Bytes that were added behind.
    tail: usize,
    /// Where the original's bytes begin in the original.
    start: Place,
    /// Items of the same list in the pieces before.
    pub(crate) items_before: usize,
    /// Whether the next piece belongs to the same document of the original.
    pub(crate) goes_on: bool,
}

/// A place in the original, all counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Place {
    /// In bytes.
    pub(crate) offset: u64,
    pub(crate) line: usize,
    /// In characters.
    pub(crate) column: usize,
    /// In bytes.
    pub(crate) byte_column: usize,
}

impl Place {
    /// Goes over one byte.
    fn pass(&mut self, byte: u8) {
        self.offset += 1;
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
            self.byte_column = 0;
        } else {
            self.byte_column += 1;
            // Continuation bytes of UTF-8 begin no character.
            self.column += usize::from(byte & 0xc0 != 0x80);
        }
    }
}

impl Piece {
    /// All of an input.
    pub(crate) fn whole(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// The place in the original of a byte of this text. What was added counts as the next byte of the original, or
    /// the last.
    pub(crate) fn place(&self, positions: &Positions<'_>, offset: u32) -> Place {
        let last = self.text.len().saturating_sub(self.tail).max(self.lead);
        let local = (offset as usize).clamp(self.lead, last);
        let at = u32::try_from(local).unwrap_or(u32::MAX);
        let Position { line, byte_column, column } = positions.of(at);
        let line = line.saturating_sub(self.lead_lines);
        let mut place = Place {
            offset: self.start.offset + (local - self.lead) as u64,
            line: self.start.line + line,
            column,
            byte_column,
        };
        if line == 0 {
            // On the first line stands what was added, and in the original what came before.
            let added = self.text.get(..self.lead).unwrap_or_default();
            let added = added.get(added.rfind('\n').map_or(0, |end| end + 1)..).unwrap_or_default();
            place.column = (place.column + self.start.column).saturating_sub(added.chars().count());
            place.byte_column = (place.byte_column + self.start.byte_column).saturating_sub(added.len());
        }
        place
    }
}

/// Cuts an input into pieces.
pub(crate) struct Pieces<R> {
    input: BufReader<R>,
    sizes: Sizes,
    kind: Option<Kind>,
}

enum Kind {
    Json(json::Splitter),
    Yaml(yaml::Splitter),
}

/// Bytes that were cut, before anybody looked whether they are text.
#[derive(Default)]
struct Raw {
    lead: String,
    bytes: Vec<u8>,
    tail: &'static str,
    start: Place,
    items_before: usize,
    goes_on: bool,
    /// It was larger than the limit, and its bytes are not there.
    overflow: bool,
}

impl<R: Read> Pieces<R> {
    pub(crate) fn new(input: R, sizes: Sizes) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), sizes, kind: None }
    }

    /// The next piece, or the sentence that says why a stretch cannot be used; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Result<Piece, String>>> {
        let kind = match &mut self.kind {
            Some(kind) => kind,
            none => {
                let first = first_byte(&mut self.input)?;
                none.insert(match first {
                    Some(b'{' | b'[') => Kind::Json(json::Splitter::new(self.sizes)),
                    _ => Kind::Yaml(yaml::Splitter::new(self.sizes)),
                })
            }
        };
        let raw = match kind {
            Kind::Json(splitter) => splitter.next(&mut self.input)?,
            Kind::Yaml(splitter) => splitter.next(&mut self.input)?,
        };
        Ok(raw.map(|raw| raw.into_piece(self.sizes)))
    }
}

impl Raw {
    fn into_piece(self, sizes: Sizes) -> Result<Piece, String> {
        let line = self.start.line + 1;
        if self.overflow {
            let limit = megabytes(sizes.limit);
            return Err(format!("what begins in line {line} is larger than {limit} and was left out"));
        }
        let middle = String::from_utf8(self.bytes).map_err(|error| {
            let start = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let at = start.iter().filter(|&&byte| byte == b'\n').count();
            format!("{}, and the part around it was left out", not_text(error.as_bytes(), line + at))
        })?;
        Ok(Piece {
            lead: self.lead.len(),
            lead_lines: self.lead.matches('\n').count(),
            tail: self.tail.len(),
            text: self.lead + &middle + self.tail,
            start: self.start,
            items_before: self.items_before,
            goes_on: self.goes_on,
        })
    }
}

/// The first byte that is no blank space, without taking it. Looks no further than what one read gives.
fn first_byte(input: &mut impl io::BufRead) -> io::Result<Option<u8>> {
    Ok(input.fill_buf()?.iter().copied().find(|byte| !byte.is_ascii_whitespace()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SMALL: Sizes = Sizes { piece: 40, limit: 2_000 };

    fn pieces(text: &str, sizes: Sizes) -> Vec<Result<Piece, String>> {
        let mut pieces = Pieces::new(text.as_bytes(), sizes);
        std::iter::from_fn(|| pieces.next().unwrap()).collect()
    }

    /// The original's bytes in each piece.
    fn middles(text: &str) -> Vec<String> {
        let middle = |piece: Piece| piece.text[piece.lead..piece.text.len() - piece.tail].to_owned();
        pieces(text, SMALL).into_iter().map(|piece| middle(piece.unwrap())).collect()
    }

    /// Every piece parses, every byte of it maps to the same byte of the original, and line and column are those that
    /// the original has there.
    fn check_places(text: &str) {
        let positions = Positions::new(text);
        for piece in pieces(text, SMALL) {
            let piece = piece.unwrap();
            let local = Positions::new(&piece.text);
            for at in piece.lead..piece.text.len() - piece.tail {
                if !piece.text.is_char_boundary(at) {
                    continue;
                }
                let place = piece.place(&local, at as u32);
                assert_eq!(piece.text.as_bytes()[at], text.as_bytes()[place.offset as usize], "{text:?}");
                let expected = positions.of(place.offset as u32);
                let found = Position { line: place.line, byte_column: place.byte_column, column: place.column };
                assert_eq!(found, expected, "{text:?}");
            }
        }
    }

    fn names(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        for piece in pieces(text, SMALL) {
            let text = piece.unwrap().text;
            let stream = watertight_yaml::parse(&text);
            assert!(stream.documents.iter().all(|document| document.problems.is_empty()), "{text}");
            names.extend(watertight_pod::read(&stream).objects.into_iter().map(|object| object.name));
        }
        names
    }

    #[test]
    fn a_list_as_kubectl_writes_it() {
        let item = |n: usize| {
            format!("        {{\n            \"kind\": \"Pod\", \"metadata\": {{\"name\": \"é{n}\"}}\n        }}")
        };
        let items: Vec<_> = (0..7).map(item).collect();
        let text = format!(
            "{{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n{}\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {{}}\n}}\n",
            items.join(",\n")
        );
        let found = pieces(&text, SMALL);
        assert!(found.len() > 3);
        let befores: Vec<_> = found.iter().map(|piece| piece.as_ref().unwrap().items_before).collect();
        assert_eq!(befores, (0..found.len()).collect::<Vec<_>>());
        assert!(!found.last().unwrap().as_ref().unwrap().goes_on);
        assert_eq!(names(&text), (0..7).map(|n| format!("é{n}")).collect::<Vec<_>>());
        check_places(&text);
    }

    #[test]
    fn a_list_that_names_its_kind_first() {
        let text =
            r#"{"kind":"PodList","apiVersion":"v1","metadata":{"items":[1]},"items":[{"a":"],[\"items"},{"b":1}]}"#;
        let piece = pieces(text, SMALL).remove(0).unwrap();
        assert_eq!(piece.text, r#"{"apiVersion":"v1","kind":"PodList","items":[{"a":"],[\"items"},{"b":1}]}"#);
        check_places(text);
    }

    #[test]
    fn several_texts_and_arrays() {
        assert_eq!(middles("{\"a\":1}\n{\"b\":[2]}"), ["{\"a\":1}", "{\"b\":[2]}"]);
        assert_eq!(middles("[{\"a\":1}, {\"b\":2}]"), ["{\"a\":1}, {\"b\":2}"]);
        assert_eq!(middles("[]"), [""]);
    }

    #[test]
    fn a_list_that_is_never_closed_stays_open() {
        let piece = pieces(r#"{"items":[{"a":1},{"#, SMALL).remove(0).unwrap();
        assert!(piece.text.ends_with("{\"a\":1},{"));
        let piece = pieces(r#"{"a":"#, SMALL).remove(0).unwrap();
        assert_eq!(piece.text, "{\"a\":");
    }

    #[test]
    fn documents_in_yaml() {
        let document = |n: usize| format!("---\nkind: Pod\nmetadata:\n  name: p{n}\n  note: |\n    --- no border\n");
        let text: String = (0..5).map(document).collect();
        assert_eq!(names(&text), ["p0", "p1", "p2", "p3", "p4"]);
        assert_eq!(middles(&text).concat(), text);
        check_places(&text);
    }

    #[test]
    fn a_list_in_yaml() {
        let item = |n: usize| format!("- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p{n}\n");
        let items: String = (0..5).map(item).collect();
        let text = format!("apiVersion: v1\nitems:\n{items}kind: List\nmetadata:\n  x: y\n");
        assert_eq!(names(&text), ["p0", "p1", "p2", "p3", "p4"]);
        assert_eq!(middles(&text).concat(), text);
        check_places(&text);
        assert_eq!(names(&format!("kind: List\nitems:\n{}", items.trim_end())), ["p0", "p1", "p2", "p3", "p4"]);
        let text = format!("apiVersion: v1\nkind: List\nitems:\n{items}---\nkind: Pod\nmetadata: {{name: q}}\n");
        assert_eq!(names(&text), ["p0", "p1", "p2", "p3", "p4", "q"]);
    }

    #[test]
    fn what_is_too_large_is_left_out_and_told() {
        let large = "x".repeat(3_000);
        for text in [
            format!("{{\"items\":[{{\"a\":\"{large}\"}},{{\"b\":1}}]}}"),
            format!("a: {large}\n---\nb: 1\n"),
            format!("items:\n- {large}\n- b: 1\n"),
        ] {
            let found = pieces(&text, SMALL);
            assert!(found[0].as_ref().unwrap_err().contains("what begins in line "), "{found:?}");
            assert!(found[1].as_ref().unwrap().text.contains('b'), "{found:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_cost_only_their_piece() {
        let mut pieces = Pieces::new(&b"a: 1\n---\nb: \xff\n"[..], Sizes { piece: 1, limit: 100 });
        assert!(pieces.next().unwrap().unwrap().is_ok());
        assert!(pieces.next().unwrap().unwrap().unwrap_err().contains("line 3"));
        assert!(pieces.next().unwrap().is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn nothing_is_lost_whatever_comes(text in "([ \\-\\[\\]{}\":,\n]|items:|---|\"items\"|é|kind:){0,60}") {
            let mut end = 0;
            for piece in pieces(&text, SMALL) {
                let piece = piece.unwrap();
                let local = Positions::new(&piece.text);
                let from = piece.place(&local, piece.lead as u32).offset as usize;
                let to = piece.place(&local, (piece.text.len() - piece.tail) as u32).offset as usize;
                prop_assert!(from >= end);
                prop_assert_eq!(&piece.text[piece.lead..piece.text.len() - piece.tail], &text[from..to]);
                end = to;
            }
        }
    }
}
