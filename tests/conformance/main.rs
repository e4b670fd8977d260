//! Our answers beside those of the real enforcers.
//!
//! `cargo xtask conformance [SUITE…]` runs the suites named, or all, over the tables in the folder that
//! `WATERTIGHT_CORPUS` names. One line a suite, `name agreed/total`, then what disagrees. Fails when the share of a suite
//! lies below its floor in `floors.toml`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::panic, reason = "a test that reports to whoever runs it")]

mod apparmor_exresult;
mod apparmor_includes;
mod apparmor_summaries;
mod apparmor_verdicts;
mod corpus;
mod falco_compile;
mod falco_eval;
mod falco_parse;
mod falco_rulefile;
mod floors;
mod manifests;
mod pss;
mod pss_random;
mod seccomp;
mod tally;
mod yaml_scalars;

use std::process::ExitCode;

use corpus::Corpus;
use floors::Floors;
use tally::Tally;

/// A suite by name.
struct Suite {
    name: &'static str,
    run: fn(&Corpus) -> Vec<Tally>,
}

const SUITES: &[Suite] = &[
    Suite { name: "pss", run: pss::run },
    Suite { name: "pss-random", run: pss_random::run },
    Suite { name: "manifests", run: manifests::run },
    Suite { name: "yaml-scalars", run: yaml_scalars::run },
    Suite { name: "seccomp-verdicts", run: seccomp::verdicts },
    Suite { name: "seccomp-refused", run: seccomp::refused },
    Suite { name: "seccomp-libseccomp", run: seccomp::libseccomp },
    Suite { name: "seccomp-gates", run: seccomp::gates },
    Suite { name: "seccomp-fuzz", run: seccomp::fuzz },
    Suite { name: "seccomp-observed", run: seccomp::observed },
    Suite { name: "seccomp-defaults", run: seccomp::defaults },
    Suite { name: "apparmor-exresult", run: apparmor_exresult::run },
    Suite { name: "apparmor-verdicts", run: apparmor_verdicts::run },
    Suite { name: "falco-parse", run: falco_parse::run },
    Suite { name: "falco-compile", run: falco_compile::run },
    Suite { name: "falco-eval", run: falco_eval::run },
    Suite { name: "falco-evttype", run: falco_compile::run_event_types },
    Suite { name: "falco-rulefile", run: falco_rulefile::run },
    Suite { name: "falco-compiled", run: falco_rulefile::run_compiled },
    Suite { name: "falco-matrix", run: falco_eval::run_matrix },
];

fn main() -> ExitCode {
    // Words with a dash are for the usual test harness, which this program stands in for.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if let Some(strange) = wanted.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name)) {
        let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        eprintln!("there is no suite \"{strange}\"; the suites are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let corpus = Corpus::find();
    let floors = match Floors::read() {
        Ok(floors) => floors,
        Err(reason) => {
            eprintln!("{reason}");
            return ExitCode::from(2);
        }
    };
    let chosen = SUITES.iter().filter(|suite| wanted.is_empty() || wanted.iter().any(|name| name == suite.name));
    let mut below = false;
    for suite in chosen {
        let Some(corpus) = &corpus else {
            println!("{} skipped, no corpus", suite.name);
            continue;
        };
        let tallies = (suite.run)(corpus);
        if tallies.is_empty() {
            println!("{} 0/0", suite.name);
        }
        for tally in tallies {
            tally.print();
            below |= !floors.hold(suite.name, &tally);
        }
    }
    if below { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
