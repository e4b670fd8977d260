//! Manifests with characters changed, read by `sigs.k8s.io/yaml` as Kubernetes reads them: what it refuses we do not pass
//! over, what we say that it refuses it refuses, and what both take says the same. What is no YAML to us, and what we say
//! that it may read otherwise, it may take.
//!
//! `WATERTIGHT_CASES` says how many texts to make up, `WATERTIGHT_SEED` where to begin.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use watertight_tests::Dice;
use watertight_yaml::{ProblemKind, parse};

use crate::{Tally, machine};

/// The manifests that are changed: shapes of which each holds something of the others' language.
const MANIFESTS: &[&str] = &[
    include_str!("../../static/examples/nginx.yaml"),
    include_str!("../../static/examples/database.yaml"),
    include_str!("../../static/examples/network-agent.yaml"),
    include_str!("../../static/examples/windows.yaml"),
    include_str!("../../static/examples/yes.yaml"),
    "a: &x {b: [1, 'two', \"th\\tree\"], c: ~}\nd: *x\ne:\n  <<: *x\n  f: |\n    g\n      h\n  i: >-\n    j\n\n    k\n? l\n: m\n",
    "- a: 1\n  b:\n  - 0x1F\n  - 017\n  - 1_000\n  - .5\n  - 1e3\n- - yes\n  - !!str no\n-\n  c: 2001-12-14 # d\n",
];

/// What is put in.
const PIECES: &[&str] = &[
    " ", "  ", "\n", "\n\n", "\t", "\n\t", "\n \t", "- ", ": ", ":", "#", " #", "'", "\"", "{", "}", "[", "]", ",",
    "&", "*", "!", "|", ">", "@", "`", "~", "\\", "\\/", "<", "=", "a", "0", "1", ".", "é", "\r", "\r\n", "<<: *x",
    "&x ", "*x", "!!str ", "...\n",
];

pub(crate) fn fits() -> Result<(), String> {
    machine::has(&["go"]).map_err(|missing| format!("{missing}, in which Kubernetes' reader is written"))?;
    machine::succeed(&mut go(&["mod", "download"])).map(drop)
}

/// Go as it is here, with nothing but the pinned modules.
fn go(arguments: &[&str]) -> Command {
    let mut go = Command::new("go");
    go.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/lab/go_yaml"));
    go.env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    go
}

pub(crate) fn run() -> Result<Tally, String> {
    let reader = Reader::build()?;
    let (first, cases): (u64, u64) =
        (machine::number("WATERTIGHT_SEED", 1), machine::number("WATERTIGHT_CASES", 5_000));
    let texts: Vec<String> = (first..first + cases).map(|seed| changed(&mut Dice::new(seed))).collect();
    let answers = reader.ask(&texts)?;
    let mut tally = Tally::default();
    for ((text, theirs), seed) in texts.iter().zip(&answers).zip(first..) {
        let Some(ours) = ours(text) else { continue };
        let agrees = match (&ours, theirs) {
            (Ours::Value(ours), Some(theirs)) => is_same(ours, theirs),
            (Ours::Value(_), None) => false,
            (Ours::Refused(_), theirs) => theirs.is_none(),
            (Ours::Unsure, _) => true,
        };
        tally.count(agrees, || {
            let theirs = theirs.as_ref().map_or("refused".to_owned(), Value::to_string);
            format!("seed {seed}\n{text}\n  ours:   {}\n  theirs: {theirs}", ours.words())
        });
    }
    Ok(tally)
}

/// A manifest with a few changes.
fn changed(dice: &mut Dice) -> String {
    let mut text = dice.pick(MANIFESTS).to_owned();
    for _ in 0..1 + dice.roll(3) {
        let mut at = dice.roll(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let next = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |next| at + next.len_utf8());
        match dice.roll(3) {
            0 => text.replace_range(at..next, ""),
            1 => text.replace_range(at..next, dice.pick(PIECES)),
            _ => text.insert_str(at, dice.pick(PIECES)),
        }
    }
    text
}

/// What we say of a text.
enum Ours {
    Value(Value),
    /// Kubernetes refuses it, for that reason.
    Refused(String),
    /// It is no YAML to us, or may be read otherwise.
    Unsure,
}

impl Ours {
    fn words(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::Refused(reason) => ["refused: ", reason].concat(),
            Self::Unsure => "unsure".to_owned(),
        }
    }
}

/// What we read; `None` for what is no object of Kubernetes: several documents, templates, a text alone.
fn ours(text: &str) -> Option<Ours> {
    let stream = parse(text);
    let [document] = stream.documents.as_slice() else { return None };
    if document.problems.iter().any(|problem| problem.kind == ProblemKind::Template) {
        return None;
    }
    let value = document.root().map_or(Value::Null, |root| root.to_json());
    // No object is a text alone; where such a text ends the two differ.
    if value.is_string() {
        return None;
    }
    let mut reasons = document.problems.iter().filter(|problem| problem.kind.is_fatal()).peekable();
    Some(match reasons.peek() {
        None => Ours::Value(value),
        Some(first) => {
            let reason = first.message.clone();
            let is_sure = reasons.all(|problem| !matches!(problem.kind, ProblemKind::Syntax | ProblemKind::Ambiguous));
            if is_sure { Ours::Refused(reason) } else { Ours::Unsure }
        }
    })
}

/// Whether two values are the same; a number has several spellings.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_there = |(key, one)| other.get(key).is_some_and(|other| is_same(one, other));
            one.len() == other.len() && one.iter().all(is_there)
        }
        _ => one == other,
    }
}

/// Kubernetes' reader, built on the spot.
struct Reader {
    folder: PathBuf,
}

impl Reader {
    fn build() -> Result<Self, String> {
        let folder = machine::folder("yaml")?;
        let mut build = go(&["build", "-mod=readonly", "-o"]);
        machine::succeed(build.arg(folder.join("read")).arg("."))?;
        Ok(Self { folder })
    }

    /// What it reads in each text; `None` for what it refuses.
    fn ask(&self, texts: &[String]) -> Result<Vec<Option<Value>>, String> {
        let input = self.folder.join("texts");
        fs::write(&input, texts.join("\0")).map_err(|error| error.to_string())?;
        let input = File::open(&input).map_err(|error| error.to_string())?;
        let output = Command::new(self.folder.join("read")).stdin(input).output().map_err(|error| error.to_string())?;
        let lines = String::from_utf8_lossy(&output.stdout);
        let answers: Vec<Option<Value>> = lines.lines().map(|line| serde_json::from_str(line).ok()).collect();
        if answers.len() == texts.len() { Ok(answers) } else { Err("it did not answer for every text".to_owned()) }
    }
}
