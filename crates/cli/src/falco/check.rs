//! `watertight falco check`

use std::io::{self, Write};

use clap::Args;
use watertight::Input;
use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::falco::FalcoAsk;
use watertight::diagnostic::report::InputKind;
use watertight::text::Encoding;

use crate::arguments::{Format, Inputs, Threshold};
use crate::check::sink;
use crate::input::{Unusable, sources};
use crate::outcome::Outcome;
use crate::output::{Totals, complain};
use crate::part::{Batch, Part};
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    inputs: Inputs,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The least severity that makes the exit status 1; what keeps Falco from loading a file always does
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    fail_on: Threshold,
}

pub(crate) fn run(asked: &Check, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    let settings = Settings::default();
    let mut sink = sink(asked.format, asked.fail_on, &settings, out, colored)?;
    let mut totals = Totals::default();
    let mut outcome = Outcome::Clean;
    let (parts, unusable) = parts(asked, &settings);
    for unusable in unusable {
        outcome.worsen(Outcome::Unusable);
        totals.unusable += 1;
        complain(&unusable);
        sink.unusable(&unusable)?;
    }
    let batch = Batch::analyse(&parts, &settings);
    if batch.report.findings.iter().any(|finding| asked.fail_on.reached_by(finding.severity)) {
        outcome.worsen(Outcome::Found);
    }
    totals.add(&batch);
    sink.batch(&batch)?;
    sink.finish(&totals)?;
    drop(sink);
    let inputs: Vec<_> = parts.iter().map(|part| Input { name: &part.name, text: &part.piece.text }).collect();
    for file in watertight::falco(&inputs, &FalcoAsk::default(), Encoding::Utf8).files {
        if file.loads != Some(true) {
            outcome.worsen(Outcome::Found);
        }
        if let (Format::Text, Some(part)) = (asked.format, parts.get(file.file as usize)) {
            writeln!(out, "{}: {}", visible(&part.name), file.loading())?;
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// The files that hold rules or events, and why each of the others cannot be used.
fn parts(asked: &Check, settings: &Settings) -> (Vec<Part>, Vec<Unusable>) {
    let (sources, mut unusable) = sources(&asked.inputs.inputs);
    let mut parts = Vec::new();
    for source in sources {
        match source.read() {
            Ok(piece) => parts.push(Part { name: source.name(), piece, documents_before: 0 }),
            Err(reason) => unusable.push(Unusable { name: source.name(), reason }),
        }
    }
    let kinds: Vec<InputKind> = Batch::analyse(&parts, settings).report.files.iter().map(|file| file.kind).collect();
    let mut kinds = kinds.into_iter();
    parts.retain(|part| {
        let ours = matches!(kinds.next(), Some(InputKind::FalcoRules | InputKind::FalcoEvents));
        if !ours {
            let reason =
                "there are no Falco rules in it: a list of items that begin with rule, macro or list".to_owned();
            unusable.push(Unusable { name: part.name.clone(), reason });
        }
        ours
    });
    (parts, unusable)
}
