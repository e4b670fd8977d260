//! What Lighthouse says of the page as it is published.

use anyhow::{Context, Result};
use xshell::cmd;

use crate::page;
use crate::tools::{self, Tools};

/// Builds the page and measures it. Its figures are written into the checkout; accessibility, best practices and search
/// engines have to have 100 of 100. Performance is a matter of the machine, so it is written down and not asserted.
pub fn run() -> Result<()> {
    let tools = Tools::install()?;
    page::build(&tools)?;
    let sh = tools.shell()?;
    tools::chromium(&sh)?;
    tools::npm_packages_in(&sh, tools::LIGHTHOUSE)?;
    sh.change_dir(tools::LIGHTHOUSE);
    cmd!(sh, "node measure.mjs").quiet().run().context("Lighthouse has something to say against the page")
}
