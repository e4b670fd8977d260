//! Generated files: the report's schema and types, and the list of rules.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// Writes them.
pub fn write() -> Result<()> {
    generate("write")
}

/// Fails when one of them is not what would be written.
pub fn check() -> Result<()> {
    generate("check")
}

fn generate(mode: &str) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(workspace::root());
    cmd!(sh, "cargo test --release --quiet --locked --package watertight-tests --test generated")
        .env("WATERTIGHT_GENERATED", mode)
        .quiet()
        .run()?;
    Ok(())
}
