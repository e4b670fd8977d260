//! Pieces that are looked at together, and how places in them become places in what the user has.

use std::io::{self, Read};
use std::sync::Arc;

use watertight::Input;
use watertight::diagnostic::report::{Place, Range, Report};
use watertight::diagnostic::{Operation, Route, Settings, Step};
use watertight::output::{self, Position};
use watertight::text::{Encoding, LineIndex, Positions, Span};

use crate::input::Unusable;
use crate::patience::at_work;
use crate::pieces::{Piece, Pieces};

/// A piece with the name of its file.
pub(crate) struct Part {
    /// As the user named it. Not for the terminal: it may hold anything.
    pub(crate) name: String,
    pub(crate) piece: Piece,
    /// Documents of the file in the pieces before.
    pub(crate) documents_before: usize,
}

/// Looks at a file a piece at a time. `look` is given each part, or why a stretch of the file cannot be used, and answers how
/// many documents there are in it.
pub(crate) fn each(
    name: &str,
    pieces: &mut Pieces<Box<dyn Read>>,
    mut look: impl FnMut(Result<&Part, Unusable>) -> io::Result<usize>,
) -> io::Result<()> {
    let unusable = |reason| Unusable { name: name.to_owned(), reason };
    let mut documents_before = 0;
    loop {
        match pieces.next() {
            Ok(Some(Ok(piece))) => {
                let part = Part { name: name.to_owned(), piece, documents_before };
                documents_before += look(Ok(&part))?.saturating_sub(usize::from(part.piece.goes_on));
            }
            Ok(Some(Err(reason))) => {
                look(Err(unusable(reason)))?;
                documents_before += 1;
            }
            Ok(None) => return Ok(()),
            Err(error) => return look(Err(unusable(error.to_string()))).map(drop),
        }
    }
}

/// Parts with what was found in them. Places in the report count in bytes of each part's own text.
pub(crate) struct Batch<'p> {
    pub(crate) report: Report,
    pub(crate) parts: Vec<Located<'p>>,
}

/// A part that knows its lines and columns.
pub(crate) struct Located<'p> {
    pub(crate) part: &'p Part,
    positions: Positions<'p>,
}

impl<'p> Batch<'p> {
    /// Analyses the parts together.
    pub(crate) fn analyse(parts: &'p [Part], settings: &Settings) -> Self {
        let inputs: Vec<_> = parts.iter().map(|part| Input { name: &part.name, text: &part.piece.text }).collect();
        let report = at_work(|| watertight::analyse(&inputs, settings, Encoding::Utf8));
        Self { report, parts: parts.iter().map(Located::new).collect() }
    }

    /// The same for the formats that the engine writes.
    pub(crate) fn for_output(&self) -> output::Batch<'_> {
        let parts = self.parts.iter().map(|part| part as &dyn output::Located).collect();
        output::Batch { report: &self.report, parts }
    }

    /// The part in which a place is.
    pub(crate) fn part(&self, place: &Place) -> Option<&Located<'p>> {
        self.parts.get(place.file as usize)
    }
}

impl<'p> Located<'p> {
    pub(crate) fn new(part: &'p Part) -> Self {
        Self { part, positions: Positions::new(&part.piece.text) }
    }

    /// The text in which places count.
    pub(crate) fn text(&self) -> &'p str {
        &self.part.piece.text
    }

    pub(crate) fn lines(&self) -> &LineIndex<'p> {
        self.positions.lines()
    }

    /// Where a byte of the text stands in the original.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let place = self.part.piece.place(&self.positions, offset);
        Position { line: place.line + 1, column: place.column + 1 }
    }

    /// A range of the text as a range of the original, columns in bytes as well.
    pub(crate) fn original(&self, range: Range) -> Range {
        let (start, end) =
            (self.part.piece.place(&self.positions, range.start), self.part.piece.place(&self.positions, range.end));
        Range {
            start: clamp(start.offset),
            end: clamp(end.offset),
            start_line: clamp(start.line as u64 + 1),
            start_column: clamp(start.byte_column as u64 + 1),
            end_line: clamp(end.line as u64 + 1),
            end_column: clamp(end.byte_column as u64 + 1),
        }
    }

    /// Bytes of the text as bytes of the original.
    pub(crate) fn original_span(&self, span: Span) -> Span {
        let offset = |offset| clamp(self.part.piece.place(&self.positions, offset).offset);
        Span { start: offset(span.start), end: offset(span.end) }
    }

    /// A route in the text as a route in the original.
    pub(crate) fn original_route(&self, route: &mut Route) {
        route.document += self.part.documents_before;
        let before = self.part.piece.items_before;
        match Arc::make_mut(&mut route.steps) {
            [Step::Index(index), ..] => *index += before,
            [Step::Key(key), Step::Index(index), ..] if key == "items" => *index += before,
            _ => {}
        }
    }

    /// [`Located::original_route`] for all that an operation names.
    pub(crate) fn original_operation(&self, operation: &mut Operation) {
        match operation {
            Operation::Set { route, .. }
            | Operation::Append { route, .. }
            | Operation::Remove { route, .. }
            | Operation::KeepLast { route } => self.original_route(route),
        }
    }

    /// A written route in the text as one in the original.
    pub(crate) fn original_words(&self, words: &str) -> String {
        let before = self.part.piece.items_before;
        let (head, rest) = match words.strip_prefix("items") {
            Some(rest) => ("items", rest),
            None => ("", words),
        };
        let shifted = || {
            let (index, rest) = rest.strip_prefix('[')?.split_once(']')?;
            Some(format!("{head}[{}]{rest}", index.parse::<usize>().ok()? + before))
        };
        if before == 0 { words.to_owned() } else { shifted().unwrap_or_else(|| words.to_owned()) }
    }
}

impl output::Located for Located<'_> {
    fn name(&self) -> &str {
        &self.part.name
    }

    fn text(&self) -> &str {
        Located::text(self)
    }

    fn position(&self, offset: u32) -> Position {
        Located::position(self, offset)
    }

    fn original_words(&self, words: &str) -> String {
        Located::original_words(self, words)
    }
}

fn clamp(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
