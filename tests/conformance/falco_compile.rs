//! Conditions that the Falco engine compiles or refuses, and the types of events they can match:
//! `falco/compile_cases.jsonl`, `falco/evttype_cases.jsonl`.

use serde::Deserialize;
use serde_json::Value;
use watertight_falco::compile::{EventSet, Problem, compile, event_types};
use watertight_falco::condition::{FILTER_DEPTH, line_and_column, parse};

use crate::corpus::Corpus;
use crate::tally::Tally;

#[derive(Deserialize)]
struct Row {
    condition: String,
    compiles: bool,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Vec<String>,
}

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("falco-compile");
    let rows: Vec<Row> = corpus.rows("falco/compile_cases.jsonl");
    for row in rows {
        let theirs = if row.compiles { row.warnings.join("; ") } else { row.error };
        tally.compare(&row.condition, &compiled(&row.condition), &theirs);
    }
    vec![tally]
}

/// The warnings about a condition, or the error.
pub(crate) fn compiled(condition: &str) -> String {
    let expr = match parse(condition, 0, FILTER_DEPTH) {
        Ok(expr) => expr,
        Err(error) => {
            let (line, column) = line_and_column(condition, error.at);
            return format!("filter error at index {}, line {line}, column {column}: {}", error.at, error.message);
        }
    };
    let report = compile(&expr);
    if let Some(error) = report.errors.into_iter().next() {
        return error.message;
    }
    let messages: Vec<_> = report.warnings.into_iter().map(|warning| warning.message).collect();
    messages.join("; ")
}

#[derive(Deserialize)]
struct TypesRow {
    condition: String,
    #[serde(flatten)]
    answer: serde_json::Map<String, Value>,
}

pub(crate) fn run_event_types(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("falco-evttype");
    let rows: Vec<TypesRow> = corpus.rows("falco/evttype_cases.jsonl");
    for row in rows {
        let expr = match parse(&row.condition, 0, FILTER_DEPTH) {
            Ok(expr) => expr,
            Err(error) => {
                tally.disagree(format!("{}: {}", row.condition, error.message));
                continue;
            }
        };
        let set = event_types(&expr);
        // The table leaves open what is excepted in a few rows.
        let open = row.answer.get("all_except").is_some_and(Value::is_null);
        if open && set.as_ref().is_ok_and(|set| set.except) {
            tally.agree();
            continue;
        }
        tally.compare(&row.condition, &ours(set), &theirs(&row.answer));
    }
    vec![tally]
}

fn ours(set: Result<EventSet, Problem>) -> String {
    match set {
        Err(_) => "error".to_owned(),
        Ok(set) if set.is_all() => "all".to_owned(),
        Ok(set) => {
            let names: Vec<&str> = set.names.iter().map(AsRef::as_ref).collect();
            format!("{}{}", if set.except { "all except " } else { "" }, names.join(" "))
        }
    }
}

fn theirs(answer: &serde_json::Map<String, Value>) -> String {
    let names = |value: &Value| {
        let mut names: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        names.sort_unstable();
        names.join(" ")
    };
    match (answer.get("all_except"), answer.get("evt_types")) {
        (Some(except), _) => format!("all except {}", names(except)),
        (None, Some(Value::String(word))) => word.clone(),
        (None, Some(types)) => names(types),
        (None, None) => String::new(),
    }
}
