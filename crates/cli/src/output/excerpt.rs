//! A few lines around a place, fit for a terminal.

use std::ops::Range;

use watertight::text::Span;

use crate::part::Located;
use crate::visible::is_hidden;

/// How many lines of a long stretch are shown.
const LINES: usize = 4;

/// How many characters of a line are shown before and behind the place.
const AROUND: usize = 80;

/// How much of a place on one line is shown.
const WIDTH: usize = 120;

/// Some lines of the original.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Excerpt {
    /// The lines, harmless and not too long.
    pub(crate) source: String,
    /// What to underline, in bytes of `source`.
    pub(crate) span: Range<usize>,
    /// Number of the first line in the original, from 1.
    pub(crate) line: usize,
}

impl Excerpt {
    /// The lines that a span touches, or the first few of them.
    pub(crate) fn of(located: &Located<'_>, span: Span) -> Self {
        let lines = located.lines();
        let text = located.text();
        let first = lines.line_of(span.start);
        let last = lines.line_of(span.end.max(span.start + 1) - 1).max(first).min(first + LINES - 1);
        let mut excerpt = Self { line: located.position(span.start).line, ..Self::default() };
        let mut marked: Option<Range<usize>> = None;
        for line in first..=last {
            let content = lines.content(line);
            if line > first {
                excerpt.source.push('\n');
            }
            let from = excerpt.source.len();
            let start = span.start.clamp(content.start, content.end);
            let end = span.end.clamp(start, content.end);
            let part = Span { start, end };
            excerpt.push_line(content.slice(text), part.shifted_back(content.start));
            let mark = excerpt.span.clone();
            let mark = mark.start.max(from)..mark.end.max(from);
            marked = Some(marked.map_or(mark.clone(), |all| all.start..mark.end));
        }
        excerpt.span = marked.unwrap_or_default();
        excerpt
    }

    /// Adds what is shown of a line and sets the span to what is shown of `marked`, which counts in bytes of the line.
    fn push_line(&mut self, line: &str, marked: Range<usize>) {
        let before = line.get(..marked.start).unwrap_or_default();
        let inside = line.get(marked.clone()).unwrap_or_default();
        let behind = line.get(marked.end..).unwrap_or_default();
        let cut = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        if cut > 0 {
            self.source.push('…');
        }
        self.push_harmless(before.get(cut..).unwrap_or_default());
        let start = self.source.len();
        let whole = inside.chars().count() <= WIDTH;
        self.push_harmless(&inside.chars().take(WIDTH).collect::<String>());
        if !whole {
            self.source.push('…');
        }
        self.span = start..self.source.len();
        if whole {
            self.push_harmless(&behind.chars().take(AROUND).collect::<String>());
            if behind.chars().nth(AROUND).is_some() {
                self.source.push('…');
            }
        }
    }

    /// A tab becomes a blank, so that columns stay; what could disturb a terminal becomes a question mark.
    fn push_harmless(&mut self, text: &str) {
        self.source.extend(text.chars().map(|c| match c {
            '\t' => ' ',
            c if is_hidden(c) => '\u{fffd}',
            c => c,
        }));
    }
}

trait ShiftedBack {
    fn shifted_back(self, by: u32) -> Range<usize>;
}

impl ShiftedBack for Span {
    fn shifted_back(self, by: u32) -> Range<usize> {
        self.start.saturating_sub(by) as usize..self.end.saturating_sub(by) as usize
    }
}
