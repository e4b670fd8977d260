//! Conditions that the Falco engine's parser reads or refuses: `falco/parse_cases.jsonl`.

use serde::Deserialize;
use watertight_falco::condition::{FILTER_DEPTH, parse, print};

use crate::corpus::Corpus;
use crate::tally::Tally;

#[derive(Deserialize)]
struct Row {
    condition: String,
    parses: bool,
    #[serde(default)]
    ast: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    pos: usize,
}

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("falco-parse");
    let rows: Vec<Row> = corpus.rows("falco/parse_cases.jsonl");
    for row in rows {
        let ours = match parse(&row.condition, 0, FILTER_DEPTH) {
            Ok(expr) => print(&expr),
            Err(error) => format!("{}: {}", error.at, error.message),
        };
        let theirs = if row.parses { row.ast } else { format!("{}: {}", row.pos, row.error) };
        tally.compare(&row.condition, &ours, &theirs);
    }
    vec![tally]
}
