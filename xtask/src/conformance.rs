//! Our answers beside those of the real enforcers.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// Runs the suites named, or all.
pub fn run(suites: &[&str]) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(workspace::root());
    let mut command = cmd!(
        sh,
        "cargo test --profile checks --quiet --locked --package watertight-tests --test conformance -- {suites...}"
    )
    .quiet();
    if let Some(corpus) = workspace::corpus() {
        command = command.env("WATERTIGHT_CORPUS", corpus);
    }
    Ok(command.run()?)
}
