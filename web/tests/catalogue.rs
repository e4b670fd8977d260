//! Every text of the page stands in every catalogue, and nothing else does.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test stops where it cannot read the sources"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use watertight_diagnostic::Severity;
use watertight_diagnostic::ask::escape::{Layer, Outcome, State};
use watertight_web::state::APPARMOR_KINDS;

/// Calls that say something of a list of names, as they stand in the sources, with that list.
fn names() -> BTreeMap<&'static str, Vec<&'static str>> {
    let kinds = || APPARMOR_KINDS.iter();
    BTreeMap::from([
        ("layer.name()", Layer::ALL.into_iter().map(Layer::name).collect()),
        ("outcome.name()", Outcome::ALL.into_iter().map(Outcome::name).collect()),
        ("state.name()", [State::Stops, State::Passes, State::Unknown, State::NotInvolved].map(State::name).into()),
        ("severity.word()", Severity::ALL.into_iter().map(Severity::word).collect()),
        ("kind.label", kinds().map(|kind| kind.label).collect()),
        ("kind.about", kinds().map(|kind| kind.about).collect()),
        // The first page, whose texts `shell` finds.
        ("element.getAttribute(name)", Vec::new()),
        ("element.textContent", Vec::new()),
    ])
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// All sources that say something, with their texts; tests and comments are left out.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join("web/src"), ".rs", &mut found);
    for folder in ["static/boot", "static/share", "static/tools", "static/editor/src"] {
        files(&root().join(folder), ".js", &mut found);
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        (name, lines.join("\n"))
    };
    found.into_iter().filter(|path| !path.ends_with("language.rs") && !path.ends_with("say.js")).map(read).collect()
}

/// The texts in the calls of `say`, `say_with` and `plural`.
fn said(source: &str) -> Result<BTreeSet<String>, String> {
    let mut keys = BTreeSet::new();
    for call in ["say(", "say_with(", "plural("] {
        for (at, _) in source.match_indices(call) {
            let before = source[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || "_.".contains(before) {
                continue;
            }
            let literals = arguments(&source[at + call.len()..])?;
            let named = names();
            match literals {
                Arguments::Texts(texts) => keys.extend(texts),
                Arguments::Other(expression) => match named.get(expression.as_str()) {
                    Some(names) => keys.extend(names.iter().map(|name| (*name).to_owned())),
                    None => return Err(format!("{call}{expression}) says what no list in this test has")),
                },
            }
        }
    }
    Ok(keys)
}

enum Arguments {
    /// The literals of a call, without those that name values.
    Texts(Vec<String>),
    /// What stands there instead.
    Other(String),
}

fn arguments(source: &str) -> Result<Arguments, String> {
    let mut texts = Vec::new();
    let mut depth = 0_usize;
    let mut chars = source.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => {
                let mut text = String::new();
                loop {
                    match chars.next().map(|(_, char)| char) {
                        Some('"') => break,
                        Some('\\') => match chars.next().map(|(_, char)| char) {
                            // A line that goes on: its indentation is not of the text.
                            Some('\n') => while chars.next_if(|(_, char)| char.is_whitespace()).is_some() {},
                            Some('n') => text.push('\n'),
                            Some(char @ ('"' | '\\' | '\'')) => text.push(char),
                            other => return Err(format!("an escape this test does not know: {other:?}")),
                        },
                        Some(char) => text.push(char),
                        None => return Err("a text without an end".to_owned()),
                    }
                }
                texts.push(text);
            }
            // In JavaScript a template is no text that a catalogue could have.
            '`' => return Err(format!("a template: {}", source.chars().take(60).collect::<String>())),
            // The values of the placeholders, in Rust and in JavaScript.
            '&' if depth == 0 && source[at..].starts_with("&[") => break,
            '{' if depth == 0 && source[..at].trim_end().ends_with(',') => break,
            '(' | '{' | '[' => depth += 1,
            ')' if depth == 0 => {
                let whole: String = source[..at].split_whitespace().collect();
                return Ok(if texts.is_empty() { Arguments::Other(whole) } else { Arguments::Texts(texts) });
            }
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(Arguments::Texts(texts))
}

/// What the first page says, which the start script translates.
fn shell() -> BTreeSet<String> {
    let html = fs::read_to_string(root().join("index.html")).unwrap();
    let shell = html.split_once("id=\"shell\"").unwrap().1.split_once("<div id=\"app\">").unwrap().0;
    let shell = shell.split("<noscript>").next().unwrap();
    let mut found = BTreeSet::new();
    for attribute in ["aria-label=\"", "placeholder=\""] {
        found.extend(shell.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    let texts = shell.split('>').skip(1).filter_map(|rest| rest.split('<').next()).map(str::trim);
    found.extend(texts.filter(|text| text.contains(' ')).map(str::to_owned));
    found
}

fn keys() -> BTreeSet<String> {
    let mut keys = shell();
    for (name, text) in sources() {
        keys.extend(said(&text).unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    keys
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_text_is_in_every_catalogue() {
    let keys = keys();
    assert!(keys.len() > 100, "the texts were not found: {}", keys.len());
    let mut catalogues = Vec::new();
    files(&root().join("static/languages"), ".json", &mut catalogues);
    assert!(!catalogues.is_empty());
    for path in catalogues {
        let text = fs::read_to_string(&path).unwrap();
        let words: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
        let there: BTreeSet<String> = words.keys().cloned().collect();
        let missing: Vec<_> = keys.difference(&there).collect();
        let dead: Vec<_> = there.difference(&keys).collect();
        assert!(missing.is_empty() && dead.is_empty(), "{}\nmissing: {missing:#?}\ndead: {dead:#?}", path.display());
        for (english, other) in &words {
            assert_eq!(placeholders(english), placeholders(other), "placeholders of {english:?}");
            assert!(!other.trim().is_empty() && other.trim() == other, "{english:?} is said as {other:?}");
        }
        // The page looks texts up in the order of the file.
        assert_eq!(text.matches("\n  \"").count(), words.len(), "one text a line, none twice, in {}", path.display());
        let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  \"")).collect();
        let order: Vec<String> =
            lines.iter().map(|line| serde_json::from_str(&format!("\"{}\"", key_of(line))).unwrap()).collect();
        assert!(order.is_sorted(), "{} is not sorted by the English texts", path.display());
    }
}

/// The key of a line whose first quote is gone.
fn key_of(line: &str) -> &str {
    line.split("\": \"").next().unwrap_or_default()
}

#[test]
fn texts_are_found_in_calls() {
    let source = "say(\"a\") say_with(\"{n} b\", &[(\"n\", &x)]) plural(n, \"one \\\n    c\", \"more\") \
                  say(match x { A => \"d\", B => \"e\" }) to_say(\"no\") say(layer.name()) say(\"f\", { n: \"no\" })";
    let found = said(source).unwrap();
    let mut expected: BTreeSet<String> = ["a", "{n} b", "one c", "more", "d", "e", "f"].map(str::to_owned).into();
    expected.extend(Layer::ALL.into_iter().map(|layer| layer.name().to_owned()));
    assert_eq!(found, expected);
    assert!(said("say(anything)").is_err());
    assert!(said("say(`a ${template}`)").is_err());
}

/// Names and marks that are the same in every language.
const NAMES: [&str; 5] = ["Watertight", "Ctrl K", "SVG", "ATT&CK", "NET_RAW"];

#[test]
fn nothing_is_drawn_past_the_catalogue() {
    let mut found = Vec::new();
    for (name, text) in sources() {
        for before in ["{ \"", "aria-label=\"", " title=\"", "placeholder=\""] {
            let texts = text.split(before).skip(1).filter_map(|rest| rest.split('"').next());
            let drawn = texts.filter(|text| text.chars().filter(|char| char.is_alphabetic()).count() > 1);
            if name.contains("components/") {
                found.extend(
                    drawn
                        .filter(|text| !NAMES.contains(text) && text.starts_with(char::is_uppercase))
                        .map(|text| format!("{name}: {text}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
