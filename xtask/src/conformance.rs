//! Our answers beside those of the real enforcers.

use anyhow::Result;
use xshell::cmd;

use crate::workspace;

/// Runs the suites named, or all.
pub fn run(suites: &[&str]) -> Result<()> {
    let sh = workspace::shell()?;
    let test = ["test", "--profile", "checks", "--quiet", "--locked", "--package", "watertight-tests"];
    Ok(cmd!(sh, "cargo {test...} --test conformance -- {suites...}").quiet().run()?)
}
