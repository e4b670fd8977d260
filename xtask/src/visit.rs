//! Which functions of the app a first visit calls.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::page;
use crate::tools::{self, Tools};

/// Where the others are listed, for the build of the page to put them into its late part.
const LATE: &str = "static/editor/scripts/late.txt";

/// Builds the page so that it counts, visits it, writes the list, and builds the page with that.
pub fn run() -> Result<()> {
    let tools = Tools::install()?;
    let sh = tools.shell()?;
    tools::chromium(&sh)?;
    tools::npm_packages_of_tests(&sh)?;
    let before = sh.read_file(LATE)?;
    if let Err(error) = count(&sh) {
        sh.write_file(LATE, before)?;
        page::build(&tools)?;
        return Err(error);
    }
    page::build(&tools)
}

fn count(sh: &Shell) -> Result<()> {
    // What is in the list would not be counted.
    sh.write_file(LATE, "")?;
    let _counts = sh.push_env("WATERTIGHT_VISIT", "1");
    page::build_in(sh)?;
    cmd!(sh, "node tests/browser/visit.mjs {LATE}").quiet().run()?;
    Ok(())
}
