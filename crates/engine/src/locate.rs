use watertight_diagnostic::report::{Place, Range};

use watertight_diagnostic::{Location, Route};
use watertight_text::{Encoding, LineIndex, Offsets, Span};

use crate::source::Source;

/// Turns the places of one file into those of a report.
///
/// Lines and units are looked up by binary search, so that a manifest on a single line costs no more than one on many.
#[derive(Debug)]
pub(crate) struct Locator<'t> {
    file: u32,
    lines: LineIndex<'t>,
    offsets: Offsets,
}

impl<'t> Locator<'t> {
    pub(crate) fn new(source: &Source<'t>, encoding: Encoding) -> Self {
        Self { file: source.id.0, lines: source.lines.clone(), offsets: Offsets::new(source.input.text, encoding) }
    }

    /// For a text that no analysis reads.
    pub(crate) fn of(file: u32, text: &'t str, encoding: Encoding) -> Self {
        Self { file, lines: LineIndex::new(text), offsets: Offsets::new(text, encoding) }
    }

    pub(crate) fn range(&self, span: Span) -> Range {
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
        self.offsets.span_from_bytes(span)
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
