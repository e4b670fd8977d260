//! The figures that we promise, measured.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// Measures and prints; asserts nothing, because a shared machine is no stop-watch.
pub fn run() -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(workspace::root());
    cmd!(sh, "cargo run --release --quiet --locked --package watertight-tests --bin bench").quiet().run()?;
    Ok(())
}
