//! Versions that must agree.

use crate::{manifest, read};

#[test]
fn wasm_bindgen_is_of_one_version_everywhere() {
    let workspace = manifest(".");
    let pin = workspace["workspace"]["dependencies"]["wasm-bindgen"].as_str().unwrap();
    let version = pin.strip_prefix('=').expect("pinned exactly");
    let trunk: toml::Table = read("Trunk.toml").parse().unwrap();
    assert_eq!(trunk["tools"]["wasm_bindgen"].as_str(), Some(version), "Trunk.toml");
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let locked = lock["package"].as_array().unwrap().iter().find(|p| p["name"].as_str() == Some("wasm-bindgen"));
    assert_eq!(locked.unwrap()["version"].as_str(), Some(version), "Cargo.lock");
}

#[test]
fn the_yaml_parser_is_pinned() {
    let workspace = manifest(".");
    let version = workspace["workspace"]["dependencies"]["granit-parser"]["version"].as_str().unwrap();
    assert!(version.starts_with('='), "its majors are quick: {version}");
}
