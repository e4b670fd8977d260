//! Our answers beside those of the kernel and of real containers.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{tools, workspace};

/// Runs the parts named, or all. What is missing on the machine is installed, or else the parts that need it say so and
/// are skipped.
pub fn run(parts: &[&str]) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(workspace::root());
    if let Err(missing) = tools::containers(&sh) {
        eprintln!("{missing:#}");
    }
    let mut command = cmd!(
        sh,
        "cargo test --profile checks --quiet --locked --package watertight-tests --test lab -- run {parts...}"
    )
    .quiet();
    if let Some(corpus) = workspace::corpus() {
        command = command.env("WATERTIGHT_CORPUS", corpus);
    }
    Ok(command.run()?)
}
