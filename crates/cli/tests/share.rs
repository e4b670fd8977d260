//! Links of the built program, and reports that are those of the page.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::export::ExportFormat;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  containers: []\n";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_watertight")).args(arguments).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_link_brings_the_files_back() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("pod.yaml"), POD).unwrap();
    fs::write(place.path().join("note.txt"), "no line end").unwrap();
    let page = "https://docs.example.com/w/#old";
    let link = said(&run(place.path(), &["share", "--page", page, "pod.yaml", "note.txt"]));
    assert!(link.starts_with("https://docs.example.com/w/#1"), "{link}");

    let shown = said(&run(place.path(), &["open", link.trim()]));
    assert_eq!(shown, format!("==> pod.yaml <==\n{POD}==> note.txt <==\nno line end\n"));

    let written = run(place.path(), &["open", "--into", "got", link.trim()]);
    assert!(written.status.success());
    assert_eq!(fs::read_to_string(place.path().join("got/pod.yaml")).unwrap(), POD);
    // What is there already is not written over.
    let again = run(place.path(), &["open", "--into", "got", link.trim()]);
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn files_of_one_name_from_several_folders_stay_apart() {
    let place = tempfile::tempdir().unwrap();
    for (folder, text) in [("a", "one"), ("b", "two"), ("c", "three")] {
        fs::create_dir(place.path().join(folder)).unwrap();
        fs::write(place.path().join(folder).join("pod.yaml"), text).unwrap();
    }
    let link = said(&run(place.path(), &["share", "a/pod.yaml", "b/pod.yaml", "c/pod.yaml"]));
    assert!(run(place.path(), &["open", "--into", "got", link.trim()]).status.success());
    for (name, text) in [("pod.yaml", "one"), ("pod-2.yaml", "two"), ("pod-3.yaml", "three")] {
        assert_eq!(fs::read_to_string(place.path().join("got").join(name)).unwrap(), text, "{name}");
    }
}

#[test]
fn what_is_no_link_is_said() {
    let place = tempfile::tempdir().unwrap();
    for link in ["https://docs.example.com/", "#1%%%", "#7abc"] {
        let output = run(place.path(), &["open", link]);
        assert_eq!(output.status.code(), Some(2), "{link}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: this link: "), "{link}");
    }
}

#[test]
fn reports_are_those_of_the_page() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("pod.yaml"), POD).unwrap();
    let inputs = [watertight::Input { name: "pod.yaml", text: POD }];
    for (word, format) in [("sarif", ExportFormat::Sarif), ("markdown", ExportFormat::Markdown)] {
        let output = run(place.path(), &["check", "--format", word, "pod.yaml"]);
        assert_eq!(said(&output), watertight::export(&inputs, &Settings::default(), format), "{word}");
    }
}
