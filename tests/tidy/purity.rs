//! The core does no input or output, reads no clock and starts no thread.

use std::fs;
use std::path::Path;

use crate::{files, manifest, packages};

/// The ends, which do.
const ENDS: &[&str] = &["crates/cli", "web", "tests", "xtask"];

/// Several of `std` in one import would hide one of these.
const FORBIDDEN: &[&str] = &[
    "std::{",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "std::env",
    "std::io",
    "println!",
    "rand::",
];

#[test]
fn the_core_touches_nothing_outside() {
    for folder in packages().iter().filter(|folder| !ENDS.contains(&folder.as_str())) {
        for file in files(&format!("{folder}/src"), ".rs").iter().filter(|file| !is_of_tests(file)) {
            let text = fs::read_to_string(file).unwrap();
            // Tests stand at the foot of a file and may read the corpus.
            let code = text.split("#[cfg(test)]").next().unwrap();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            for (number, line) in lines.enumerate() {
                let found = FORBIDDEN.iter().find(|word| names(line, word));
                assert!(found.is_none(), "{}:{}: {}", file.display(), number + 1, found.unwrap());
            }
        }
    }
}

/// Whether a line has a path, not as the end of a longer name.
fn names(line: &str, path: &str) -> bool {
    let inside = |at: usize| line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    line.match_indices(path).any(|(at, _)| !inside(at))
}

#[test]
fn every_package_has_the_lints_of_the_workspace() {
    for folder in packages().iter().filter(|folder| *folder != "xtask") {
        let lints = manifest(folder).get("lints").and_then(|lints| lints.get("workspace")).cloned();
        assert_eq!(lints, Some(toml::Value::Boolean(true)), "{folder}");
    }
    let forbidden = |lints: &toml::Value| lints["rust"]["unsafe_code"].as_str() == Some("forbid");
    assert!(forbidden(&manifest(".")["workspace"]["lints"]));
    assert!(forbidden(&manifest("xtask")["lints"]));
}

/// Whether the file is a module that is built for tests alone.
fn is_of_tests(file: &Path) -> bool {
    let name = file.file_stem().unwrap().to_string_lossy();
    let folder = file.parent().unwrap();
    let declared = ["lib.rs", "mod.rs"].iter().filter_map(|list| fs::read_to_string(folder.join(list)).ok());
    let beside = fs::read_to_string(folder.with_extension("rs")).ok();
    let ends = [format!("test)]\nmod {name};"), format!("\"docs\"))]\nmod {name};")];
    declared.chain(beside).any(|list| ends.iter().any(|end| list.contains(end)))
}
