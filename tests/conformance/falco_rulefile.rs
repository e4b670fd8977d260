//! Rules files and what the Falco engine's loader says of them: `falco/rulefile_cases.jsonl`; and the published stable
//! rules with their compiled conditions: `falco/falco_rules.yaml`, `falco/stable_compiled.jsonl`.

use std::collections::BTreeMap;

use serde::Deserialize;
use watertight_falco::condition::print;
use watertight_falco::rules::{Code, Message, RuleSet, load};
use watertight_text::LineIndex;

use crate::corpus::Corpus;
use crate::tally::Tally;

#[derive(Deserialize)]
struct Row {
    id: String,
    files: Vec<File>,
    result: Answer,
}

#[derive(Deserialize)]
struct File {
    name: String,
    content: String,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    files: Vec<FileAnswer>,
    compiled: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct FileAnswer {
    name: String,
    successful: bool,
    schema_valid: Option<bool>,
    errors: Vec<Said>,
    warnings: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    code: String,
    message: String,
    line: usize,
    path: Vec<String>,
}

impl Said {
    fn words(&self) -> String {
        words(&self.code, &self.message, self.line, &self.path)
    }
}

/// The text of another YAML reader's complaint is its own, and so is its place.
fn words(code: &str, message: &str, line: usize, path: &[String]) -> String {
    if code == Code::YamlParse.name() { code.to_owned() } else { format!("{code} {line} {path:?} {message}") }
}

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("falco-rulefile");
    let rows: Vec<Row> = corpus.rows("falco/rulefile_cases.jsonl");
    for row in rows {
        let streams: Vec<_> = row.files.iter().map(|file| watertight_yaml::parse(&file.content)).collect();
        let set = load(&streams);
        tally.compare(&row.id, &ours(&row.files, &set, row.result.compiled.is_some()), &theirs(&row.result));
    }
    vec![tally]
}

fn ours(files: &[File], set: &RuleSet, compiled: bool) -> String {
    let mut out = format!("ok {}", set.is_loaded());
    for (file, result) in files.iter().zip(&set.files).filter(|(_, result)| result.reached) {
        let (valid, successful) = (result.schema_valid, result.loads() == Some(true));
        out.push_str(&format!("\n{} {successful} {valid:?}", file.name));
        // The engine stops at its first error.
        let errors = result.errors.iter().take(1);
        push(&mut out, errors.map(|message| said(files, message)).collect());
        push(&mut out, result.warnings.iter().map(|message| said(files, message)).collect());
    }
    if compiled && set.is_loaded() {
        let compiled = set.rules().map(|(rule, item)| (item.head.name.as_str(), print(&rule.condition)));
        for (name, condition) in compiled.collect::<BTreeMap<_, _>>() {
            out.push_str(&format!("\n{name}: {condition}"));
        }
    }
    out
}

fn theirs(answer: &Answer) -> String {
    let mut out = format!("ok {}", answer.ok);
    for file in &answer.files {
        out.push_str(&format!("\n{} {} {:?}", file.name, file.successful, file.schema_valid));
        push(&mut out, file.errors.iter().map(Said::words).collect());
        push(&mut out, file.warnings.iter().map(Said::words).collect());
    }
    for (name, condition) in answer.compiled.iter().flatten() {
        out.push_str(&format!("\n{name}: {condition}"));
    }
    out
}

/// The order in which the engine finds warnings says nothing.
fn push(out: &mut String, mut lines: Vec<String>) {
    lines.sort();
    for line in lines {
        out.push_str("\n  ");
        out.push_str(&line);
    }
}

fn said(files: &[File], message: &Message) -> String {
    let line = message.path.first().map_or(0, |step| {
        let text = files.get(step.file as usize).map_or("", |file| file.content.as_str());
        LineIndex::new(text).line_of(step.span.start)
    });
    let path: Vec<_> = message.path.iter().map(|step| step.label()).collect();
    words(message.code.name(), &message.message, line, &path)
}

#[derive(Deserialize)]
struct CompiledRow {
    rule: String,
    compiled: String,
    evt_types: Vec<String>,
}

pub(crate) fn run_compiled(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("falco-compiled");
    let rows: Vec<CompiledRow> = corpus.rows("falco/stable_compiled.jsonl");
    let Some(text) = corpus.text("falco/falco_rules.yaml").filter(|_| !rows.is_empty()) else { return Vec::new() };
    let set = load(&[watertight_yaml::parse(&text)]);
    let said = set.files.iter().flat_map(|file| file.errors.iter().chain(&file.warnings));
    let said: Vec<_> = said.map(|message| message.message.as_str()).collect();
    tally.compare("falco_rules.yaml", &said.join("; "), "");
    let ours: BTreeMap<_, _> = set.rules().map(|(rule, item)| (item.head.name.as_str(), rule)).collect();
    for row in rows {
        let ours = ours.get(row.rule.as_str()).map(|rule| {
            let names: Vec<_> = rule.event_types.names.iter().map(AsRef::as_ref).collect();
            format!(
                "{} {}[{}]",
                print(&rule.condition),
                if rule.event_types.except { "all but " } else { "" },
                names.join(" ")
            )
        });
        let mut types: Vec<_> = row.evt_types.iter().map(String::as_str).collect();
        types.sort_unstable();
        let theirs = format!("{} [{}]", row.compiled, types.join(" "));
        tally.compare(&row.rule, ours.as_deref().unwrap_or("no such rule"), &theirs);
    }
    vec![tally]
}
