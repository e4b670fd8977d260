//! `watertight falco`: rules for Falco, checked, tried on events and completed.

mod check;
mod coverage;
mod eval;
mod generate;
mod lines;
mod rules;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::outcome::Outcome;

/// What is asked of the rules.
#[derive(Subcommand)]
pub(crate) enum Falco {
    /// Say whether Falco loads the rules, what is wrong with them, and which version they need
    #[command(after_help = CHECK)]
    Check(check::Check),
    /// Try rules on events: which fire, and why
    #[command(after_help = EVAL)]
    Eval(eval::Eval),
    /// Say which escape attempts the rules would see, and which not
    #[command(after_help = COVERAGE)]
    Coverage(coverage::Coverage),
    /// Write rules for the escape attempts that the rules do not see
    #[command(after_help = GENERATE)]
    Generate(generate::Generate),
}

const CHECK: &str = "\
Examples:
  watertight falco check falco_rules.yaml mine.yaml        loaded in this order, as Falco does
  watertight falco check --format sarif rules/ > rules.sarif

Messages of Falco's own loader carry its code, such as LOAD_ERR_VALIDATE; all others are ours.

Exit status: 0 Falco loads every file and nothing was found at or above the threshold, 1 otherwise, 2 input that cannot be
used.";

const EVAL: &str = "\
Examples:
  watertight falco eval --rules falco_rules.yaml --rules mine.yaml alerts.jsonl
  kubectl logs -n falco ds/falco | watertight falco eval --rules mine.yaml --explain -

An event is a JSON object: Falco's own output, or a table of fields such as {\"evt.type\": \"execve\", \"proc.name\": \"sh\"}.
What Falco's output does not carry is unknown, and a rule that needs it stays open; what a table does not have is missing.

As a test: give an event the rules that have to fire, {\"expect\": [\"My rule\"], \"fields\": {…}}; [] for none.

Exit status: 0 every event raised what it should, or nothing when it does not say; 1 otherwise; 2 input that cannot be
used.";

const COVERAGE: &str = "\
Examples:
  watertight falco coverage --rules mine.yaml
  watertight falco coverage --rules mine.yaml --stable     together with the published stable rules
  watertight falco coverage --events release-agent         the events of an attempt, to try them elsewhere

Exit status: 0 every attempt is seen, 1 there are gaps, 2 input that cannot be used.";

const GENERATE: &str = "\
Examples:
  watertight falco generate --rules mine.yaml > more.yaml  for what these rules do not see
  watertight falco generate --all                          all rules there are
  watertight falco generate nsenter chroot-host            for these attempts

Every rule loads by itself, without macros and lists, on Falco 0.42 or newer.";

/// The rules that are looked at.
#[derive(Args)]
pub(crate) struct RuleFiles {
    /// A rules file; several are loaded in the order given, as Falco does
    #[arg(short, long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
}

pub(crate) fn run(falco: &Falco, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    match falco {
        Falco::Check(asked) => check::run(asked, out, colored),
        Falco::Eval(asked) => eval::run(asked, out),
        Falco::Coverage(asked) => coverage::run(asked, out),
        Falco::Generate(asked) => generate::run(asked, out),
    }
}
