//! `watertight falco generate`

use std::io::{self, Write};

use clap::Args;
use watertight_falco::coverage::coverage;
use watertight_falco::generate::{file, for_attempts, for_gaps, for_gaps_beside_stable, names};

use super::RuleFiles;
use super::coverage::no_such_attempt;
use super::rules::Rules;
use crate::outcome::Outcome;
use crate::output::complain;

#[derive(Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    rules: RuleFiles,
    /// Leave out what the published stable rules see
    #[arg(long)]
    stable: bool,
    /// All rules there are, whatever the others see
    #[arg(long, conflicts_with_all = ["rules", "stable"])]
    all: bool,
    /// Attempts to write rules for, as `watertight falco coverage` names them
    #[arg(value_name = "ATTEMPT", conflicts_with = "all")]
    attempts: Vec<String>,
}

pub(crate) fn run(asked: &Generate, out: &mut dyn Write) -> io::Result<Outcome> {
    let wanted: Vec<&str> = if asked.all {
        names().collect()
    } else if !asked.attempts.is_empty() {
        match for_attempts(asked.attempts.iter().map(String::as_str)) {
            Ok(wanted) => wanted,
            Err(unknown) => {
                complain(&no_such_attempt(unknown));
                return Ok(Outcome::Unusable);
            }
        }
    } else {
        let Some(rules) = Rules::read(&asked.rules) else { return Ok(Outcome::Unusable) };
        let seen = coverage(&rules.set);
        if asked.stable { for_gaps_beside_stable(&seen) } else { for_gaps(&seen) }
    };
    if !wanted.is_empty() {
        out.write_all(file(&wanted).as_bytes())?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}
