//! Generated files: the report's JSON schema and TypeScript types.

use anyhow::Result;
use xshell::cmd;

use crate::workspace;

/// Writes them.
pub fn write() -> Result<()> {
    generate(true)
}

/// Fails when one of them is not what would be written.
pub fn check() -> Result<()> {
    generate(false)
}

fn generate(write: bool) -> Result<()> {
    let sh = workspace::shell()?;
    let mut command =
        cmd!(sh, "cargo test --profile checks --quiet --locked --package watertight-tests --test schema").quiet();
    if write {
        command = command.env("UPDATE", "1");
    }
    Ok(command.run()?)
}
