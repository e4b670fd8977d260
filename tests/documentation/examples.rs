//! The examples that the page offers: each is what its sentence says, and what is found in it is what was read there.
//!
//! `examples.tsv` says for each what matters: the kind of its first file, and the rules about ways out that find
//! something of high severity or worse. `UPDATE=1` writes it anew, to be read before it is committed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use watertight::diagnostic::{Category, Settings, Severity};
use watertight::text::Encoding;
use watertight::{Input, analyse};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/examples")
}

struct Example {
    title: String,
    about: String,
    files: Vec<(String, String)>,
}

fn examples() -> Vec<Example> {
    let index: Value = serde_json::from_str(&fs::read_to_string(folder().join("index.json")).unwrap()).unwrap();
    let groups = index["groups"].as_array().unwrap();
    let all = groups.iter().flat_map(|group| group["examples"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let file = |name: &Value| (text(name), fs::read_to_string(folder().join(text(name))).unwrap());
    all.map(|example| Example {
        title: text(&example["title"]),
        about: text(&example["about"]),
        files: example["files"].as_array().unwrap().iter().map(file).collect(),
    })
    .collect()
}

/// One line: title, kind of the first file, rules.
fn line(example: &Example) -> String {
    let inputs: Vec<_> = example.files.iter().map(|(name, text)| Input { name, text }).collect();
    let report = analyse(&inputs, &Settings::default(), Encoding::Utf8);
    let grave = report.findings.iter().filter(|found| {
        found.severity >= Severity::High && matches!(found.category, Category::Escape | Category::Correctness)
    });
    let rules: BTreeSet<&str> = grave.map(|found| &*found.rule).collect();
    let kind = serde_json::to_value(report.files[0].kind).unwrap();
    let rules: Vec<_> = rules.into_iter().collect();
    format!("{}\t{}\t{}\n", example.title, kind.as_str().unwrap(), rules.join(" "))
}

#[test]
fn examples_show_what_they_say() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("documentation/examples.tsv");
    let mut found = String::from("# example\tkind\twhat is found\n");
    for example in examples() {
        let _ = found.write_str(&line(&example));
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&table, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(&table).unwrap_or_default(), "UPDATE=1 writes the table anew");
}

#[test]
fn examples_are_enough_and_whole() {
    let all = examples();
    assert!(all.len() >= 30, "{} examples", all.len());
    let mut titles = BTreeSet::new();
    let mut used = BTreeSet::from(["index.json".to_owned()]);
    for example in &all {
        assert!(titles.insert(&example.title), "{} twice", example.title);
        assert!(example.about.ends_with('.'), "{}: {:?}", example.title, example.about);
        for (name, text) in &example.files {
            assert!(text.ends_with('\n'), "{name} ends without a line end");
            used.insert(name.clone());
        }
    }
    let there = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    assert_eq!(there.collect::<BTreeSet<_>>(), used, "files that no example uses");
}
