//! A crate knows only those below it.

use crate::{dependencies, manifest, packages};

/// From the ground floor up. A crate may depend on those before it.
const FLOORS: &[&str] = &[
    "watertight-text",
    "watertight-diagnostic",
    "watertight-yaml",
    "watertight-knowledge",
    "watertight-pod",
    "watertight-pss",
    "watertight-seccomp",
    "watertight-apparmor",
    "watertight-falco",
    "watertight-escape",
    "watertight-rules",
    "watertight",
    "watertight-cli",
    "watertight-worker",
];

/// The enforcers, which know nothing of each other.
const ENFORCERS: &[&str] = &["watertight-pss", "watertight-seccomp", "watertight-apparmor", "watertight-falco"];

/// All that the page may know: it paints before the engine has arrived.
const PAGE: &[&str] = &["watertight-text", "watertight-diagnostic", "watertight-worker"];

fn ours(manifest: &toml::Table) -> Vec<String> {
    let tables = dependencies(manifest, &["dependencies"]);
    tables.into_iter().flat_map(toml::Table::keys).filter(|name| name.starts_with("watertight")).cloned().collect()
}

fn floor(name: &str) -> usize {
    FLOORS.iter().position(|&n| n == name).unwrap_or_else(|| panic!("{name} has no floor"))
}

#[test]
fn crates_know_only_those_below() {
    for folder in packages().iter().filter(|folder| folder.starts_with("crates/")) {
        let manifest = manifest(folder);
        let name = manifest["package"]["name"].as_str().unwrap();
        for dependency in ours(&manifest) {
            assert!(floor(&dependency) < floor(name), "{name} may not know {dependency}");
            let both = ENFORCERS.contains(&name) && ENFORCERS.contains(&dependency.as_str());
            assert!(!both, "{name} and {dependency} may not know each other");
        }
    }
}

#[test]
fn the_page_knows_no_analyser() {
    let page = manifest("web");
    for dependency in ours(&page) {
        assert!(PAGE.contains(&dependency.as_str()), "the page may not know {dependency}");
    }
    let worker = &manifest(".")["workspace"]["dependencies"]["watertight-worker"];
    assert_eq!(worker["default-features"].as_bool(), Some(false), "the page needs the worker's messages alone");
    let asked = page["dependencies"]["watertight-worker"].get("features");
    assert!(asked.is_none(), "the page may not switch the worker's engine on");
}
