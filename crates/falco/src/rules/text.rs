//! Texts that are put together from scalars of files, and the way from their bytes back to the files'.
//!
//! A condition is what several scalars say together: appended parts, items of lists, values of exceptions. Each piece of
//! such a text knows the scalar it comes from, and each scalar knows which bytes of its file make which of its own.

use watertight_text::Span;
use watertight_yaml::{Node, ScalarStyle};

use crate::condition::Place;

/// A scalar of a file.
#[derive(Clone, Debug)]
pub struct ScalarText {
    /// Which file.
    pub file: u32,
    /// The scalar with its quotes.
    pub span: Span,
    /// Where the distance between the value's bytes and the file's changes: the value's byte, the file's byte.
    map: Box<[(u32, u32)]>,
    style: ScalarStyle,
    /// Where characters end that are longer in the file than in the value: the value's byte, the file's byte.
    ends: Box<[(u32, u32)]>,
}

/// A text with the origin of its parts.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The text.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it starts in the text.
    start: u32,
    scalar: u32,
    /// The byte of the scalar's value that stands at its start; for what stands in no file, none.
    at: Option<u32>,
}

/// All texts of a set of rules.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// The scalars.
    pub scalars: Vec<ScalarText>,
    /// The texts, by the numbers that places name.
    pub texts: Vec<Text>,
    /// The scalars in the order of their bytes.
    in_order: Vec<u32>,
}

impl Texts {
    /// Notes a scalar and gives the text of its value.
    pub(super) fn scalar(&mut self, file: u32, node: Node<'_>, source: &str) -> Text {
        let value = node.written().unwrap_or_default();
        let content = node.content();
        let span = content.span();
        let style = content.scalar_style().unwrap_or(ScalarStyle::Plain);
        let Aligner { map, ends, .. } = align(span, source, value, style);
        let scalar = u32::try_from(self.scalars.len()).unwrap_or(u32::MAX);
        self.scalars.push(ScalarText { file, span, map: map.into(), style, ends: ends.into() });
        Text { text: value.to_owned(), pieces: vec![Piece { start: 0, scalar, at: Some(0) }] }
    }

    /// Keeps a text, and gives its number.
    pub(super) fn keep(&mut self, mut text: Text) -> u32 {
        text.text.shrink_to_fit();
        text.pieces.shrink_to_fit();
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text);
        number
    }

    /// The file and the bytes that a place of a text comes from. What stands in no file is at the scalar that brought it.
    pub fn locate(&self, place: Place) -> Option<(u32, Span)> {
        self.texts.get(place.text as usize)?.locate(&self.scalars, place.span)
    }

    /// [`Texts::locate`] when the bytes of the file say just what the text says, so that they can be edited.
    pub fn locate_exactly(&self, place: Place, files: &[&str]) -> Option<(u32, Span)> {
        let (file, span) = self.locate(place)?;
        let text = &self.texts.get(place.text as usize)?.text;
        let same = span.slice(files.get(file as usize)?) == place.span.slice(text);
        same.then_some((file, span))
    }

    /// Whether characters can stand at a place of a file as they are, in the style of the scalar around it. What stands
    /// in no scalar of ours is taken for plain.
    pub fn takes(&self, file: u32, span: Span, characters: &str) -> bool {
        let around = self.around(file, span);
        match around.map_or(ScalarStyle::Plain, |scalar| scalar.style) {
            ScalarStyle::SingleQuoted => !characters.contains(['\'', '\n']),
            ScalarStyle::DoubleQuoted => !characters.contains(['"', '\\', '\n']),
            ScalarStyle::Literal | ScalarStyle::Folded => !characters.contains('\n'),
            ScalarStyle::Plain => {
                let at_start = around.is_some_and(|scalar| scalar.span.start == span.start);
                let opens = characters.starts_with(['"', '\'', '[', '{', '&', '*', '!', '|', '>', '%', '@', '`', '#']);
                !(characters.contains([':', '#', '\n']) || at_start && opens)
            }
        }
    }

    /// The file and the bytes of the first scalar of a text.
    pub(super) fn place_of(&self, text: &Text) -> Option<(u32, Span)> {
        self.scalar_place(text.pieces.first()?.scalar)
    }

    /// Orders the scalars, for finding those around a place.
    pub(super) fn order(&mut self) {
        let mut in_order: Vec<u32> = (0..).take(self.scalars.len()).collect();
        let scalars = &self.scalars;
        let place = |scalar: &u32| scalars.get(*scalar as usize).map(|scalar| (scalar.file, scalar.span.start));
        watertight_text::sort::by_key(&mut in_order, place);
        self.in_order = in_order;
    }

    fn around(&self, file: u32, span: Span) -> Option<&ScalarText> {
        let scalar = |number: &u32| self.scalars.get(*number as usize);
        let is_before =
            |number: &u32| scalar(number).is_some_and(|scalar| (scalar.file, scalar.span.start) <= (file, span.start));
        let at = self.in_order.partition_point(is_before).checked_sub(1)?;
        scalar(self.in_order.get(at)?).filter(|scalar| scalar.file == file && scalar.span.contains(span))
    }

    /// The file and the bytes of a scalar.
    pub fn scalar_place(&self, scalar: u32) -> Option<(u32, Span)> {
        self.scalars.get(scalar as usize).map(|scalar| (scalar.file, scalar.span))
    }

    /// The last character of a text that is no blank, in its file.
    pub fn last_character(&self, text: &Text) -> Option<(u32, Span)> {
        let end = text.text.trim_end().len();
        let (start, _) = text.text.get(..end)?.char_indices().next_back()?;
        text.locate(&self.scalars, Span::new(start, end))
    }
}

impl Text {
    /// The parts of the text that come from one scalar each, with the number of the scalar.
    pub fn parts(&self) -> impl Iterator<Item = (&str, u32)> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.start as usize).chain([self.text.len()]);
        let parts = self.pieces.iter().zip(ends);
        parts.filter_map(|(piece, end)| {
            Some((self.text.get(piece.start as usize..end)?, piece.at.map(|_| piece.scalar)?))
        })
    }

    /// A text of our own making that belongs to the same scalar as `like`.
    pub(super) fn made(text: &str, like: &Self) -> Self {
        let scalar = like.pieces.first().map_or(u32::MAX, |piece| piece.scalar);
        Self { text: text.to_owned(), pieces: vec![Piece { start: 0, scalar, at: None }] }
    }

    /// Adds another text at the end.
    pub(super) fn push(&mut self, other: &Self) {
        self.push_part(other, 0, other.text.len());
    }

    /// Adds characters of our own making that belong to what stands before.
    pub(super) fn push_str(&mut self, characters: &str) {
        let start = size(self.text.len());
        let scalar = self.pieces.last().map_or(u32::MAX, |piece| piece.scalar);
        self.text.push_str(characters);
        if self.pieces.last().is_none_or(|piece| piece.at.is_some()) {
            self.pieces.push(Piece { start, scalar, at: None });
        }
    }

    /// Adds the bytes `from..to` of another text.
    pub(super) fn push_part(&mut self, other: &Self, from: usize, to: usize) {
        let Some(part) = other.text.get(from..to).filter(|part| !part.is_empty()) else { return };
        let start = size(self.text.len());
        let first = other.pieces.partition_point(|piece| piece.start as usize <= from).saturating_sub(1);
        let pieces = other.pieces.get(first..).unwrap_or_default();
        for piece in pieces.iter().take_while(|piece| (piece.start as usize) < to) {
            let skipped = size(from).saturating_sub(piece.start);
            let ahead = piece.start.saturating_sub(size(from));
            self.pieces.push(Piece { start: start + ahead, scalar: piece.scalar, at: piece.at.map(|at| at + skipped) });
        }
        self.text.push_str(part);
    }

    fn locate(&self, scalars: &[ScalarText], span: Span) -> Option<(u32, Span)> {
        let piece_at = |at: u32| {
            let index = self.pieces.partition_point(|piece| piece.start <= at).checked_sub(1)?;
            self.pieces.get(index)
        };
        let first = piece_at(span.start)?;
        let scalar = scalars.get(first.scalar as usize)?;
        let Some(at) = first.at else { return Some((scalar.file, scalar.span)) };
        let start = scalar.source(at + (span.start - first.start));
        let last_byte = span.end.saturating_sub(1).max(span.start);
        let last = piece_at(last_byte)?;
        let end = match last.at {
            Some(at) if last.scalar == first.scalar && span.end > span.start => {
                scalar.source_end(at + (last_byte - last.start) + 1)
            }
            // A place that reaches over several scalars ends with the first.
            _ if span.end > span.start => scalar.inner_end(),
            _ => start,
        };
        Some((scalar.file, Span { start, end: end.max(start) }))
    }
}

impl ScalarText {
    /// The file's byte that the value's byte `at` comes from.
    fn source(&self, at: u32) -> u32 {
        let index = self.map.partition_point(|(value, _)| *value <= at).saturating_sub(1);
        let (value, source) = self.map.get(index).copied().unwrap_or((0, self.span.start));
        (source + at.saturating_sub(value)).min(self.span.end)
    }

    /// Where in the file the character ends that ends at the value's byte `at`.
    fn source_end(&self, at: u32) -> u32 {
        let index = self.ends.binary_search_by_key(&at, |(value, _)| *value);
        let known = index.ok().and_then(|index| self.ends.get(index));
        known.map_or_else(|| self.source(at.saturating_sub(1)) + 1, |(_, source)| *source)
    }

    fn inner_end(&self) -> u32 {
        self.span.end
    }
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Finds for each byte of a scalar's value the byte of the file. Blank space is where the two differ in all styles but
/// double quotes: everything else stands in both in the same order.
fn align<'s>(span: Span, source: &'s str, value: &str, style: ScalarStyle) -> Aligner<'s> {
    let raw = span.slice(source).as_bytes();
    let mut aligner = Aligner { raw, at: 0, base: span.start, map: Vec::new(), ends: Vec::new() };
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded => aligner.skip_header(),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => aligner.at = 1,
        ScalarStyle::Plain => {}
    }
    let mut buffer = [0; 4];
    for (offset, character) in value.char_indices() {
        let length = character.encode_utf8(&mut buffer).len();
        match style {
            ScalarStyle::DoubleQuoted => aligner.double_quoted(offset, character, length),
            _ => aligner.plain(offset, character, length, style == ScalarStyle::SingleQuoted),
        }
    }
    aligner
}

struct Aligner<'r> {
    raw: &'r [u8],
    at: usize,
    base: u32,
    map: Vec<(u32, u32)>,
    ends: Vec<(u32, u32)>,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl Aligner<'_> {
    fn here(&self) -> Option<u8> {
        self.raw.get(self.at).copied()
    }

    /// Notes that the value's byte `offset` comes from here.
    fn note(&mut self, offset: usize) {
        let (offset, source) = (size(offset), self.base + size(self.at.min(self.raw.len())));
        let follows = self.map.last().is_some_and(|(value, from)| source.checked_sub(*from) == Some(offset - value));
        if !follows {
            self.map.push((offset, source));
        }
    }

    /// Goes behind the line of `|` or `>`.
    fn skip_header(&mut self) {
        self.at = self.raw.iter().position(|byte| *byte == b'\n').map_or(self.raw.len(), |end| end + 1);
    }

    fn skip_blank(&mut self) {
        while self.here().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    fn plain(&mut self, offset: usize, character: char, length: usize, doubled_quotes: bool) {
        if matches!(character, ' ' | '\n' | '\t' | '\r') {
            self.note(offset);
            if self.here().is_some_and(is_blank) {
                self.at += 1;
            }
            return;
        }
        self.skip_blank();
        self.note(offset);
        self.at += length;
        if doubled_quotes && character == '\'' && self.here() == Some(b'\'') {
            self.at += 1;
            self.end(offset + length);
        }
    }

    /// Notes that the character that ends at the value's byte `offset` ends here.
    fn end(&mut self, offset: usize) {
        self.ends.push((size(offset), self.base + size(self.at.min(self.raw.len()))));
    }

    fn double_quoted(&mut self, offset: usize, character: char, length: usize) {
        // An escaped line end stands for nothing, with the blanks that begin the next line.
        while self.here() == Some(b'\\') && self.raw.get(self.at + 1).is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
        {
            self.at += 1;
            self.skip_blank();
        }
        if !matches!(character, ' ' | '\n' | '\t' | '\r') {
            self.skip_blank();
        }
        if self.here() == Some(b'\\') {
            self.note(offset);
            self.at += match self.raw.get(self.at + 1) {
                Some(b'x') => 4,
                Some(b'u') => 6,
                Some(b'U') => 10,
                _ => 2,
            };
            self.end(offset + length);
            return;
        }
        self.plain(offset, character, length, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each word of the value is found in the file.
    #[track_caller]
    fn check(yaml: &str) {
        let stream = watertight_yaml::parse(yaml);
        let root = stream.documents[0].root().unwrap();
        let mut texts = Texts::default();
        let text = texts.scalar(0, root.get("c").unwrap(), yaml);
        let words: Vec<_> = text.text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).collect();
        let starts: Vec<_> = words.iter().map(|word| word.as_ptr() as usize - text.text.as_ptr() as usize).collect();
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let number = texts.keep(text);
        assert!(!words.is_empty());
        for (word, start) in words.iter().zip(starts) {
            let place = Place { text: number, span: Span::new(start, start + word.len()) };
            let (_, span) = texts.locate(place).unwrap();
            let found =
                span.slice(yaml).replace("''", "'").replace("\\\"", "\"").replace("\\x41", "A").replace("\\\\", "\\");
            assert_eq!(found, *word, "{yaml}");
        }
    }

    #[test]
    fn words_are_found_in_every_style() {
        check("c: evt.type = open and proc.name=x\n");
        check("c: evt.type = open\n   and\n\n   proc.name=x # note\n");
        check("c: 'evt.type = ''open''\n  and x'\n");
        check("c: \"evt.type = \\\"open\\\" \\x41 \\\n   and\n  \\\"é\\\" x\"\n");
        check("c: >\n  evt.type = open\n    and more\n\n  or é x\n");
        check("c: >-   # note\n  evt.type = open\n  and x\n");
        check("c: |\n  evt.type = open\n    and x\n");
        check("{\"c\": \"a = b\\nand c\"}");
        check("c: \"a\\tb \\\\ c \\\n   d \\\"\\\" e\"\n");
    }

    #[test]
    fn parts_keep_their_origin() {
        let yaml = "c: alpha beta\nd: gamma\n";
        let stream = watertight_yaml::parse(yaml);
        let root = stream.documents[0].root().unwrap();
        let mut texts = Texts::default();
        let first = texts.scalar(0, root.get("c").unwrap(), yaml);
        let second = texts.scalar(0, root.get("d").unwrap(), yaml);
        let mut text = Text::default();
        text.push_part(&first, 6, 10);
        text.push_str(" (");
        text.push(&second);
        text.push_part(&first, 0, 5);
        assert_eq!(text.text, "beta (gammaalpha");
        let number = texts.keep(text);
        let check = |start: usize, end: usize, expected: &str| {
            let place = Place { text: number, span: Span::new(start, end) };
            assert_eq!(texts.locate(place).unwrap().1.slice(yaml), expected);
        };
        check(0, 4, "beta");
        check(1, 3, "et");
        check(6, 11, "gamma");
        check(12, 15, "lph");
        check(4, 5, "alpha beta");
    }
}
