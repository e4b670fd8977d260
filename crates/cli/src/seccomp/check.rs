//! `watertight seccomp check`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use watertight::diagnostic::Settings;

use crate::apparmor::files;
use crate::arguments::{Format, Node, Threshold};
use crate::input::Unusable;
use crate::outcome::Outcome;
use crate::output::complain;

#[derive(Args)]
pub(crate) struct Check {
    /// Profiles and pods that name them, folders of them, or - for standard input
    #[arg(value_name = "FILE|DIR|-", required = true)]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    node: Node,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    fail_on: Threshold,
}

pub(crate) fn run(asked: &Check, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let parts = files::read(&asked.inputs, &mut outcome);
    if parts.is_empty() {
        if outcome == Outcome::Clean {
            complain(&Unusable { name: "nothing to read".to_owned(), reason: "there is no file in it".to_owned() });
        }
        return Ok(Outcome::Unusable);
    }
    let settings = Settings { node: asked.node.settings(), ..Settings::default() };
    outcome.worsen(crate::check::parts(&parts, &settings, asked.format, asked.fail_on, out, colored)?);
    Ok(outcome)
}
