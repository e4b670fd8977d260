//! Reports as other programs and people read them: the same from the command line and from the page.

mod markdown;
mod sarif;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::export::ExportFormat;
use watertight_diagnostic::report::{FindingReport, Place, Report};
use watertight_text::{Encoding, Positions};

pub use markdown::markdown;
pub use sarif::Sarif;

use crate::Input;

/// A report with the texts that it speaks of. Its places count in bytes of those texts.
pub struct Batch<'b> {
    /// What was found.
    pub report: &'b Report,
    /// The texts, in the order of the report's files.
    pub parts: Vec<&'b dyn Located>,
}

/// A text that was looked at: a file, or a piece of one that knows where it stands.
pub trait Located {
    /// The file's name as the user has it. It may hold anything.
    fn name(&self) -> &str;
    /// The text in which places count.
    fn text(&self) -> &str;
    /// Where a byte of the text stands in the file.
    fn position(&self, offset: u32) -> Position;
    /// A written route in the text as one in the file.
    fn original_words(&self, words: &str) -> String;
}

/// Line and column in a file, from 1, the column in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Batch<'_> {
    /// The text in which a place is.
    fn part(&self, place: &Place) -> Option<&dyn Located> {
        self.parts.get(place.file as usize).copied()
    }
}

/// The report on these files in a format, as one text.
pub fn export(inputs: &[Input<'_>], settings: &Settings, format: ExportFormat) -> String {
    let report = crate::analyse(inputs, settings, Encoding::Utf8);
    let whole: Vec<Whole<'_>> = inputs.iter().map(Whole::new).collect();
    let batch = Batch { report: &report, parts: whole.iter().map(|file| file as &dyn Located).collect() };
    match format {
        ExportFormat::Markdown => markdown(&batch),
        ExportFormat::Sarif => {
            let mut out = String::new();
            let mut put = |text: &str| {
                out.push_str(text);
                Ok::<(), std::convert::Infallible>(())
            };
            // Putting text behind text cannot fail.
            let Ok(mut sarif) = Sarif::begin(&mut put);
            let Ok(()) = sarif.batch(&batch, &mut put);
            let Ok(()) = sarif.end(&mut put);
            out
        }
    }
}

/// A file that is looked at as a whole.
struct Whole<'i> {
    name: &'i str,
    text: &'i str,
    positions: Positions<'i>,
}

impl<'i> Whole<'i> {
    fn new(input: &Input<'i>) -> Self {
        Self { name: input.name, text: input.text, positions: Positions::new(input.text) }
    }
}

impl Located for Whole<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn text(&self) -> &str {
        self.text
    }

    fn position(&self, offset: u32) -> Position {
        let watertight_text::Position { line, column, .. } = self.positions.of(offset);
        Position { line: line + 1, column: column + 1 }
    }

    fn original_words(&self, words: &str) -> String {
        words.to_owned()
    }
}

/// What a finding says in full: what, why, how.
pub fn sentences(finding: &FindingReport) -> String {
    let parts = [&*finding.what, &*finding.why, &*finding.how];
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.trim_end()).collect::<Vec<_>>().join(" ")
}
