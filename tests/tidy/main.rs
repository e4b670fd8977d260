//! What holds for the whole checkout, as ordinary tests: who may know whom, pins, lints, words.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it cannot read the checkout")]

mod documents;
mod imports;
mod links;
mod pins;
mod purity;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest(folder: &str) -> toml::Table {
    read(format!("{folder}/Cargo.toml")).parse().unwrap()
}

/// The tables of a manifest that have such a name, those for one kind of machine too.
fn dependencies<'m>(manifest: &'m toml::Table, names: &[&str]) -> Vec<&'m toml::Table> {
    let machines = manifest.get("target").and_then(toml::Value::as_table);
    let machines = machines.into_iter().flat_map(toml::Table::values).filter_map(toml::Value::as_table);
    let tables = std::iter::once(manifest).chain(machines);
    tables.flat_map(|table| names.iter().filter_map(|name| table.get(*name)?.as_table())).collect()
}

/// Folders of all packages.
fn packages() -> Vec<String> {
    let mut folders: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| format!("crates/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    folders.extend(["web", "tests", "xtask"].map(String::from));
    folders.sort();
    folders
}

/// Every file below `folder` that ends so, without what is built or installed.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "dist", "node_modules", ".git"].contains(&name.as_str()) {
                    open.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
