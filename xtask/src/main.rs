//! The project's own commands: `cargo xtask …`. Each installs what it needs and says so.

mod bench;
mod conformance;
mod cves;
mod docs;
mod lab;
mod lighthouse;
mod new_rule;
mod package;
mod page;
mod size;
mod suite;
mod syscalls;
mod tools;
mod visit;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::tools::Tools;

const HELP: &str = "\
cargo xtask COMMAND

  serve                  build the page and serve it on this machine; prints the address
  build                  build the page into dist/: static files for any web server
  test [STEP…]           everything, or some steps: format, lints, units, whole, lab, tools, page, sizes, package, worker, browser
  ci [STEP…]             the same as test
  conformance [SUITE…]   compare our answers with the real enforcers' tables
  lab [PART…]            compare our answers with the kernel and with real containers; needs root and Linux
  bench                  measure the figures that we promise
  lighthouse             measure the built page with Lighthouse; writes tests/lighthouse/figures.json
  visit                  find out which functions of the app a first visit calls; writes static/editor/scripts/late.txt
  size [--write]         measure the page and compare with the budget, or write the budget
  package                build the JavaScript package
  docs [--check]         write the generated files, or check that they are up to date
  cves [FOLDER]          compare the known bugs with the public feeds, fetched or kept in a folder, and say what changed
  syscalls CSV           bring the table of system calls up to date with libseccomp's list of numbers
  new-rule CATEGORY ID   write the skeleton of a rule (escape, hardening, correctness or hygiene)
  setup                  install the tools of the page and of its tests, and nothing else
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => page::serve(),
        ["build"] => page::build(&Tools::install()?),
        ["test" | "ci", steps @ ..] => suite::run(steps),
        ["conformance", suites @ ..] => conformance::run(suites),
        ["lab", parts @ ..] => lab::run(parts),
        ["bench"] => bench::run(),
        ["lighthouse"] => lighthouse::run(),
        ["visit"] => visit::run(),
        ["size"] => size::compare(),
        ["size", "--write"] => size::write(),
        ["package"] => package::run(),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["cves"] => cves::compare(None),
        ["cves", folder] => cves::compare(Some(folder)),
        ["syscalls", csv] => syscalls::write(csv),
        ["new-rule", category, id] => new_rule::run(category, id),
        ["setup"] => tools::set_up(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command \"{}\"\n\n{HELP}", other.join(" ")),
    }
}
