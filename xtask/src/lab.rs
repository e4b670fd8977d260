//! Our answers beside those of the kernel and of real containers.

use anyhow::Result;
use xshell::cmd;

use crate::{tools, workspace};

/// Runs the parts named, or all. What is missing on the machine is installed, or else the parts that need it say so and
/// are skipped.
pub fn run(parts: &[&str]) -> Result<()> {
    let sh = workspace::shell()?;
    if let Err(missing) = tools::containers(&sh) {
        eprintln!("{missing:#}");
    }
    let test = ["test", "--profile", "checks", "--quiet", "--locked", "--package", "watertight-tests", "--test", "lab"];
    Ok(cmd!(sh, "cargo {test...} -- run {parts...}").quiet().run()?)
}
