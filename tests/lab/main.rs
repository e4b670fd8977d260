//! Our answers beside those of the kernel and of real containers.
//!
//! `cargo xtask lab [PART…]` runs it: as root, on Linux. The last line is `lab agreed/total`; whatever disagrees stands
//! above it. As a plain test it does nothing, because it starts containers.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test that reports to whoever runs it")]
#![allow(clippy::expect_used, reason = "where the machine does not do its part there is nothing to compare")]

mod apparmor;
mod bpf;
mod containers;
mod kernel;
mod machine;
#[allow(clippy::indexing_slicing, reason = "what a JSON value does not hold is null")]
mod pods;
mod profiles;
mod runc;
mod yaml;

use std::process::ExitCode;

/// What was compared, and what came of it.
#[derive(Default)]
struct Tally {
    agreed: usize,
    total: usize,
    /// Disagreements in words, the first of them.
    wrong: Vec<String>,
}

impl Tally {
    /// Disagreements that are told in full.
    const TOLD: usize = 20;

    fn count(&mut self, agrees: bool, describe: impl FnOnce() -> String) {
        self.total += 1;
        if agrees {
            self.agreed += 1;
        } else if self.wrong.len() < Self::TOLD {
            self.wrong.push(describe());
        }
    }
}

/// A part of the lab.
struct Part {
    name: &'static str,
    /// Looks for what it takes beside root and Linux. Where that is missing, the part is skipped.
    fits: fn() -> Result<(), String>,
    /// An error is one of ours: what it takes is there, so it has to come to its end.
    run: fn() -> Result<Tally, String>,
}

const PARTS: &[Part] = &[
    Part { name: "apparmor", fits: apparmor::fits, run: apparmor::run },
    Part { name: "bpf", fits: bpf::fits, run: bpf::run },
    Part { name: "containers", fits: containers::fits, run: containers::run },
    Part { name: "pods", fits: pods::fits, run: pods::run },
    Part { name: "yaml", fits: yaml::fits, run: yaml::run },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let Some((command, wanted)) = words.split_first() else {
        println!("lab skipped: `cargo xtask lab` runs it");
        return ExitCode::SUCCESS;
    };
    if command != "run" || wanted.iter().any(|name| PARTS.iter().all(|part| part.name != name)) {
        let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        eprintln!("usage: run [PART…]; the parts are {}", known.join(", "));
        return ExitCode::from(2);
    }
    if let Err(reason) = machine::fits() {
        println!("lab skipped: {reason}");
        return ExitCode::SUCCESS;
    }
    let mut all = Tally::default();
    let mut is_whole = true;
    for part in PARTS.iter().filter(|part| wanted.is_empty() || wanted.iter().any(|name| name == part.name)) {
        if let Err(missing) = (part.fits)() {
            println!("{} skipped: {missing}", part.name);
            continue;
        }
        match (part.run)() {
            Ok(tally) => {
                tally.wrong.iter().for_each(|line| println!("  {line}"));
                println!("{} {}/{}", part.name, tally.agreed, tally.total);
                all.agreed += tally.agreed;
                all.total += tally.total;
            }
            Err(reason) => {
                println!("{} broke off: {reason}", part.name);
                is_whole = false;
            }
        }
    }
    println!("lab {}/{}", all.agreed, all.total);
    if is_whole && all.agreed == all.total { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
