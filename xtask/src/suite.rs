//! Everything that has to hold before a change lands, in the order of how soon it can fail.

use std::time::Instant;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::tools::{self, Tools};
use crate::{lab, package, page, size, workspace};

/// Runs it all and stops at the first failure.
pub fn run() -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(workspace::root());
    step("format", || Ok(cmd!(sh, "cargo fmt --all --check").quiet().run()?))?;
    step("lints", || Ok(cmd!(sh, "cargo clippy --workspace --all-targets --locked -- -D warnings").quiet().run()?))?;
    step("unit tests", || Ok(cmd!(sh, "cargo test --workspace --exclude watertight-tests --locked").quiet().run()?))?;
    step("tests of the whole", || Ok(whole(&sh)?.run()?))?;
    step("lab", || lab::run(&[]))?;
    let tools = step("tools", Tools::install)?;
    step("page", || page::build(&tools))?;
    step("sizes", size::compare_built)?;
    step("JavaScript package", || javascript(&tools))?;
    step("browser", || tools::chromium(&sh))?;
    step("worker in the browser", || worker(&tools))?;
    step("page in the browser", || browser(&tools))
}

/// Conformance, properties, hostile input, generated files, tidiness: optimised, because they run over the whole corpus.
fn whole(sh: &Shell) -> Result<xshell::Cmd<'_>> {
    let mut command = cmd!(sh, "cargo test --profile checks --package watertight-tests --locked").quiet();
    if let Some(corpus) = workspace::corpus() {
        command = command.env("WATERTIGHT_CORPUS", corpus);
    }
    Ok(command)
}

fn worker(tools: &Tools) -> Result<()> {
    let sh = tools.shell()?;
    let settings = workspace::root().join("tests/browser/webdriver.json");
    cmd!(sh, "cargo test --locked --package watertight-worker --target wasm32-unknown-unknown --test web")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", "/usr/bin/chromedriver")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings)
        .quiet()
        .run()?;
    Ok(())
}

/// The package in Node, its types, and what other programs read from the command line.
fn javascript(tools: &Tools) -> Result<()> {
    let package = package::build(tools)?;
    let sh = tools.shell()?;
    tools::npm_packages_of_tests(&sh)?;
    cmd!(sh, "cargo build --profile checks --package watertight-cli --locked").quiet().run()?;
    sh.change_dir("tests/javascript");
    let mut test = cmd!(sh, "npm test")
        .env("WATERTIGHT_PACKAGE", package)
        .env("WATERTIGHT_PROGRAM", workspace::target().join("checks/watertight"))
        .quiet();
    if let Some(corpus) = workspace::corpus() {
        test = test.env("WATERTIGHT_CORPUS", corpus);
    }
    Ok(test.run()?)
}

fn browser(tools: &Tools) -> Result<()> {
    let sh = tools.shell()?;
    tools::npm_packages_of_tests(&sh)?;
    sh.change_dir("tests/browser");
    cmd!(sh, "npm test").quiet().run().context("the page does not behave in the browser")
}

fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n=== {name}");
    let start = Instant::now();
    let done = work().with_context(|| format!("step \"{name}\""))?;
    eprintln!("=== {name}: {:.0} s", start.elapsed().as_secs_f32());
    Ok(done)
}
