//! `watertight check`

use std::io::{self, Write};

use watertight::diagnostic::Settings;
use watertight::diagnostic::report::Report;

use crate::arguments::{Check, Format, Threshold};
use crate::input::{Opened, Unusable, sources, whole, written};
use crate::outcome::Outcome;
use crate::output::{Sink, Totals, complain, github, json, junit, markdown, sarif, text};
use crate::part::{self, Batch, Part};

/// Files are looked at together until they have so many bytes.
const TOGETHER: usize = 16_000_000;

pub(crate) fn run(check: &Check, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    let settings = check.asked.settings();
    let sink = sink(check.format, check.fail_on, &settings, out, colored)?;
    let mut run = Run { settings, fail_on: check.fail_on, sink, totals: Totals::default(), outcome: Outcome::Clean };
    run.all(check)
}

/// Looks at texts that are read already, together.
pub(crate) fn parts(
    parts: &[Part],
    settings: &Settings,
    format: Format,
    fail_on: Threshold,
    out: &mut dyn Write,
    colored: bool,
) -> io::Result<Outcome> {
    let sink = sink(format, fail_on, settings, out, colored)?;
    let mut run = Run { settings: *settings, fail_on, sink, totals: Totals::default(), outcome: Outcome::Clean };
    run.batch(parts)?;
    run.finish()
}

/// What says it in the asked format.
pub(crate) fn sink<'o>(
    format: Format,
    fail_on: Threshold,
    settings: &Settings,
    out: &'o mut dyn Write,
    colored: bool,
) -> io::Result<Box<dyn Sink + 'o>> {
    Ok(match format {
        Format::Text => Box::new(text::Text::new(out, settings, colored)),
        Format::Json => Box::new(json::Json::new(out, settings)?),
        Format::Sarif => Box::new(sarif::Sarif::new(out)?),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
        Format::Github => Box::new(github::Github::new(out)),
        Format::Junit => Box::new(junit::Junit::new(out, fail_on)?),
    })
}

struct Run<'o> {
    settings: Settings,
    fail_on: Threshold,
    sink: Box<dyn Sink + 'o>,
    totals: Totals,
    outcome: Outcome,
}

impl Run<'_> {
    fn all(&mut self, check: &Check) -> io::Result<Outcome> {
        let (sources, unusable) = sources(&check.inputs.inputs);
        for unusable in unusable {
            self.unusable(&unusable)?;
        }
        let mut together = Vec::new();
        let mut bytes = 0;
        for source in sources {
            match source.open() {
                Ok(Opened::Whole(content)) => {
                    bytes += content.len();
                    match whole(content).and_then(written) {
                        Ok(piece) => together.push(Part { name: source.name(), piece, documents_before: 0 }),
                        Err(reason) => self.unusable(&Unusable { name: source.name(), reason })?,
                    }
                }
                Ok(Opened::Pieces(mut pieces)) => {
                    // What came before is told before.
                    self.batch(&std::mem::take(&mut together))?;
                    bytes = 0;
                    part::each(&source.name(), &mut pieces, |part| match part {
                        Ok(part) => self.batch(std::slice::from_ref(part)),
                        Err(unusable) => self.unusable(&unusable).map(|()| 0),
                    })?;
                }
                Err(error) => self.unusable(&Unusable { name: source.name(), reason: error.to_string() })?,
            }
            if bytes > TOGETHER {
                self.batch(&std::mem::take(&mut together))?;
                bytes = 0;
            }
        }
        self.batch(&together)?;
        self.finish()
    }

    /// Looks at parts together and tells what was found; gives the number of documents in the last one.
    fn batch(&mut self, parts: &[Part]) -> io::Result<usize> {
        if parts.is_empty() {
            return Ok(0);
        }
        let batch = Batch::analyse(parts, &self.settings);
        let report = &batch.report;
        if report.findings.iter().any(|finding| self.fail_on.reached_by(finding.severity)) {
            self.outcome.worsen(Outcome::Found);
        }
        if !all_readable(report) {
            self.outcome.worsen(Outcome::Unusable);
        }
        self.totals.add(&batch);
        self.sink.batch(&batch)?;
        let last = report.files.last().and_then(|file| file.documents.iter().map(|document| document.index + 1).max());
        Ok(last.unwrap_or_default())
    }

    fn finish(&mut self) -> io::Result<Outcome> {
        if let Some(unknown) = self.totals.nothing_known() {
            self.unusable(&unknown)?;
        }
        self.sink.finish(&self.totals)?;
        Ok(self.outcome)
    }

    fn unusable(&mut self, unusable: &Unusable) -> io::Result<()> {
        self.outcome.worsen(Outcome::Unusable);
        self.totals.unusable += 1;
        complain(unusable);
        self.sink.unusable(unusable)
    }
}

/// Whether nothing was left out of the analysis: what cannot be read may hold anything.
fn all_readable(report: &Report) -> bool {
    report.files.iter().flat_map(|file| &file.documents).all(|document| document.readable)
}
