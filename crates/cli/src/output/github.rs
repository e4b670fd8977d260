//! Annotations in the log of GitHub Actions: `::error file=…,line=…::message`.

use std::io::{self, Write};

use watertight::diagnostic::Severity;
use watertight::output::sentences;

use super::{Sink, Totals, about};
use crate::input::Unusable;
use crate::part::Batch;
use crate::visible::visible;

pub(crate) struct Github<'o> {
    out: &'o mut dyn Write,
}

impl<'o> Github<'o> {
    pub(crate) fn new(out: &'o mut dyn Write) -> Self {
        Self { out }
    }
}

impl Sink for Github<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        for finding in &batch.report.findings {
            let Some(located) = batch.part(&finding.primary) else { continue };
            let (start, end) =
                (located.position(finding.primary.range.start), located.position(finding.primary.range.end));
            let command = match finding.severity {
                Severity::Critical | Severity::High => "error",
                Severity::Medium => "warning",
                Severity::Low | Severity::Info => "notice",
            };
            write!(
                self.out,
                "::{command} file={},line={},endLine={}",
                property(&located.part.name),
                start.line,
                end.line
            )?;
            // Columns are for a place on one line only.
            if start.line == end.line {
                write!(self.out, ",col={},endColumn={}", start.column, end.column)?;
            }
            let title = property(&format!("{} ({})", finding.title, finding.severity));
            let about = about(batch, finding).map_or_else(String::new, |about| format!("{about}: "));
            let message = data(&format!("{about}{} [{}]", sentences(finding), finding.rule));
            writeln!(self.out, ",title={title}::{message}")?;
        }
        self.out.flush()
    }

    fn unusable(&mut self, unusable: &Unusable) -> io::Result<()> {
        let message = data(&unusable.reason);
        writeln!(self.out, "::error file={},title=Unusable input::{message}", property(&unusable.name))
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}

/// Escapes for the message: line ends would end the command, the percent sign begins an escape.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// Escapes for a value between the commas.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_begin_a_command() {
        assert_eq!(data("50 %\n::error::x"), "50 %25\\n::error::x");
        assert_eq!(property("a,b:c\r"), "a%2Cb%3Ac\\r");
    }
}
