//! Everything that has to hold before a change lands, in the order of how soon it can fail.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::tools::{self, Tools};
use crate::{lab, package, page, size, workspace};

/// A part of the whole, by the name it is called with.
type Step = (&'static str, fn(&Shell) -> Result<()>);

/// The parts, in their order. Those about the page build on the one named so.
const STEPS: [Step; 11] = [
    ("format", |sh| Ok(cmd!(sh, "cargo fmt --all --check").quiet().run()?)),
    ("lints", |sh| Ok(cmd!(sh, "cargo clippy --workspace --all-targets --locked -- -D warnings").quiet().run()?)),
    ("units", |sh| Ok(cmd!(sh, "cargo test --workspace --exclude watertight-tests --locked").quiet().run()?)),
    // Conformance, properties, hostile input, generated files, tidiness: optimised, because they run over the whole corpus.
    ("whole", |sh| Ok(cmd!(sh, "cargo test --profile checks --package watertight-tests --locked").quiet().run()?)),
    ("lab", |_| lab::run(&[])),
    ("tools", |_| tools::set_up()),
    ("page", |_| page::build(&Tools::install()?)),
    ("sizes", |_| size::compare_built()),
    ("package", |_| javascript(&Tools::install()?)),
    ("worker", |_| worker(&Tools::install()?)),
    ("browser", |_| browser(&Tools::install()?)),
];

/// Runs the steps named, or all of them, and stops at the first failure.
pub fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|(step, _)| step == *name)) {
        let known: Vec<_> = STEPS.iter().map(|(step, _)| *step).collect();
        bail!("there is no step {unknown:?}; there are {}", known.join(", "));
    }
    let sh = workspace::shell()?;
    let wanted = STEPS.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
    for (name, work) in wanted {
        step(name, || work(&sh))?;
    }
    Ok(())
}

fn worker(tools: &Tools) -> Result<()> {
    let sh = tools.shell()?;
    tools::chromium(&sh)?;
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
    cmd!(sh, "npm test")
        .env("WATERTIGHT_PACKAGE", package)
        .env("WATERTIGHT_PROGRAM", workspace::target().join("checks/watertight"))
        .quiet()
        .run()?;
    Ok(())
}

fn browser(tools: &Tools) -> Result<()> {
    let sh = tools.shell()?;
    tools::chromium(&sh)?;
    tools::npm_packages_of_tests(&sh)?;
    let mdbook = tools::mdbook(&sh)?;
    sh.change_dir("tests/browser");
    cmd!(sh, "npm test").env("MDBOOK", mdbook).quiet().run().context("the page does not behave in the browser")
}

fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n=== {name}");
    let start = Instant::now();
    let done = work().with_context(|| format!("step \"{name}\""))?;
    eprintln!("=== {name}: {:.0} s", start.elapsed().as_secs_f32());
    Ok(done)
}
