use watertight_diagnostic::report::{Place, Range};

use watertight_diagnostic::{Location, Route};
use watertight_text::{Encoding, LineIndex, Offsets, Span};

use crate::source::Source;
use crate::suppress::indent_of;

/// Turns the places of one file into those of a report.
///
/// Lines and units are looked up by binary search, so that a manifest on a single line costs no more than one on many.
#[derive(Debug)]
pub(crate) struct Locator<'t> {
    file: u32,
    lines: LineIndex<'t>,
    offsets: Offsets,
    /// The text that is read, when that is not the pasted one.
    read: Option<Read<'t>>,
}

/// A restored text beside the pasted one: the same lines, with other indentation.
#[derive(Debug)]
struct Read<'t> {
    pasted: &'t str,
    text: &'t str,
    lines: LineIndex<'t>,
}

impl<'t> Locator<'t> {
    pub(crate) fn new(source: &Source<'t>, encoding: Encoding) -> Self {
        let file = source.id.0;
        match &source.pasted {
            None => {
                let offsets = Offsets::new(source.input.text, encoding);
                Self { file, lines: source.lines.clone(), offsets, read: None }
            }
            Some(pasted) => {
                let read = Read { pasted: pasted.text, text: source.input.text, lines: source.lines.clone() };
                Self { read: Some(read), ..Self::of(file, pasted.text, encoding) }
            }
        }
    }

    /// For a text that no analysis reads.
    pub(crate) fn of(file: u32, text: &'t str, encoding: Encoding) -> Self {
        Self { file, lines: LineIndex::new(text), offsets: Offsets::new(text, encoding), read: None }
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        let span = self.as_pasted(span);
        let (start_line, start_column) = self.line_and_column(span.start);
        let (end_line, end_column) = self.line_and_column(span.end);
        Range {
            start: self.offsets.from_bytes(span.start),
            end: self.offsets.from_bytes(span.end),
            start_line,
            start_column,
            end_line,
            end_column,
        }
    }

    /// A span in the units of the report.
    pub(crate) fn units(&self, span: Span) -> Span {
        self.offsets.span_from_bytes(self.as_pasted(span))
    }

    /// The same place in the text that was pasted, where a restored one is read.
    fn as_pasted(&self, span: Span) -> Span {
        let Some(read) = &self.read else { return span };
        let place = |byte: u32| {
            let line = read.lines.line_of(byte);
            let (here, there) = (read.lines.line(line), self.lines.line(line));
            let added = indent_of(here.slice(read.text)).saturating_sub(indent_of(there.slice(read.pasted)));
            let column = byte.saturating_sub(here.start + added as u32);
            (there.start + column).min(there.end) as usize
        };
        Span::new(place(span.start), place(span.end))
    }

    pub(crate) fn place(&self, location: Location) -> Place {
        Place {
            file: self.file,
            range: self.range(location.span),
            route: location.route.as_ref().map(Route::written),
            label: location.label,
        }
    }

    pub(crate) fn at(&self, span: Span, route: &Route) -> Place {
        Place { file: self.file, range: self.range(span), route: Some(route.written()), label: String::new() }
    }

    pub(crate) fn bare(&self, span: Span) -> Place {
        Place { file: self.file, range: self.range(span), route: None, label: String::new() }
    }

    /// Both from 1.
    fn line_and_column(&self, byte: u32) -> (u32, u32) {
        let line = self.lines.line_of(byte);
        let start = self.lines.line(line).start;
        let column = self.offsets.from_bytes(byte).saturating_sub(self.offsets.from_bytes(start));
        (line as u32 + 1, column + 1)
    }
}
