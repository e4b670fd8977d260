//! `watertight falco generate`

use std::io::{self, Write};

use clap::Args;
use watertight_falco::coverage::{coverage, find, scenarios};
use watertight_falco::generate::{file, for_gaps, names};

use super::RuleFiles;
use super::rules::Rules;
use crate::input::Unusable;
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
        let Some(wanted) = for_attempts(&asked.attempts) else { return Ok(Outcome::Unusable) };
        wanted
    } else {
        let Some(rules) = Rules::read(&asked.rules) else { return Ok(Outcome::Unusable) };
        let mut seen = coverage(&rules.set);
        if asked.stable {
            seen.retain(|seen| seen.scenario.stable.is_empty());
        }
        for_gaps(&seen)
    };
    if !wanted.is_empty() {
        out.write_all(file(&wanted).as_bytes())?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

fn for_attempts(ids: &[String]) -> Option<Vec<&'static str>> {
    let mut wanted: Vec<&str> = Vec::new();
    for id in ids {
        let Some(scenario) = find(id) else {
            let known: Vec<&str> = scenarios().iter().map(|one| one.id).collect();
            let reason = format!("there is no such attempt; they are {}", known.join(", "));
            complain(&Unusable { name: id.clone(), reason });
            return None;
        };
        if !wanted.contains(&scenario.rule) {
            wanted.push(scenario.rule);
        }
    }
    Some(wanted)
}
