//! The figures that we promise, measured.

use std::fs;

use anyhow::Result;
use xshell::cmd;

use crate::tools::{self, Tools};
use crate::{page, workspace};

/// Measures and prints; asserts nothing, because a shared machine is no stop-watch.
pub fn run() -> Result<()> {
    let sh = workspace::shell()?;
    let bench = ["run", "--release", "--quiet", "--locked", "--package", "watertight-tests", "--bin", "bench"];
    cmd!(sh, "cargo {bench...}").quiet().run()?;
    let text = cmd!(sh, "cargo {bench...} -- text 1000").quiet().read()?;
    let mapped = cmd!(sh, "cargo {bench...} -- mapped").quiet().read()?;
    in_the_browser(&text, &mapped)
}

/// The same text in the worker of the built page, and the same maps.
fn in_the_browser(text: &str, mapped: &str) -> Result<()> {
    let tools = Tools::install()?;
    page::build(&tools)?;
    let sh = tools.shell()?;
    tools::chromium(&sh)?;
    tools::npm_packages_of_tests(&sh)?;
    let file = workspace::target().join("bench.yaml");
    fs::write(&file, text)?;
    let maps = workspace::target().join("bench.json");
    fs::write(&maps, mapped)?;
    let rules =
        workspace::corpus()?.map(|corpus| corpus.join("falco/falco_rules.yaml")).filter(|rules| rules.is_file());
    cmd!(sh, "node tests/browser/bench.mjs {file} {maps} {rules...}").quiet().run()?;
    Ok(())
}
