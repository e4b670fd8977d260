//! The documents say what is there, and nothing that is not theirs to say.

use std::fs;

use crate::{dependencies, files, manifest, packages, read, root};

#[test]
fn the_architecture_names_every_package_and_every_dependency() {
    let text = read("ARCHITECTURE.md");
    for folder in packages() {
        let name = folder.strip_prefix("crates/").unwrap_or(&folder);
        assert!(text.contains(&format!("`{name}/`")), "ARCHITECTURE.md does not name {name}/");
    }
    let workspace = manifest(".");
    for name in workspace["workspace"]["dependencies"].as_table().unwrap().keys() {
        let known = name.starts_with("watertight") || text.contains(&format!("`{name}`"));
        assert!(known, "ARCHITECTURE.md does not say why we need {name}");
    }
}

#[test]
fn dependencies_are_named_in_one_place() {
    for folder in packages() {
        let manifest = manifest(&folder);
        let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
        for (name, wish) in dependencies(&manifest, &tables).into_iter().flatten() {
            let inherits = wish.get("workspace").and_then(toml::Value::as_bool) == Some(true);
            assert!(inherits, "{folder}: {name} takes its version from the workspace");
        }
    }
}

/// The page knows no rules, and counts findings of some by their names.
#[test]
fn the_page_names_rules_that_there_are() {
    let text = read("web/src/words.rs");
    let (_, behind) = text.split_once("const UNREAD: ").unwrap();
    let (list, _) = behind.split_once("];").unwrap();
    let named: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(!named.is_empty());
    for name in named {
        assert!(watertight::rules().any(|rule| rule.id == name), "there is no rule {name}");
    }
}

#[test]
fn nothing_speaks_of_a_machine() {
    // Put together here so that this file does not find itself.
    let words = [["/wo", "rk/"], ["/ro", "ot/"], ["/tmp", "/wt"], ["/home", "/"], [".lib", "rary"]].map(|w| w.concat());
    for ending in [".rs", ".md", ".toml", ".html", ".css", ".mjs", ".js", ".json", ".tsv"] {
        for file in files(".", ending) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            // Host paths are the subject of the project: those in manifests and rules are meant.
            let subject =
                ["crates", "static", "tests"].iter().any(|folder| file.starts_with(root().join(".").join(folder)));
            let found = words.iter().find(|word| text.contains(word.as_str()));
            let meant = subject && found.is_some_and(|word| word.starts_with("/ro") || word.starts_with("/home"));
            assert!(found.is_none() || meant, "{}: {found:?}", file.display());
        }
    }
}
