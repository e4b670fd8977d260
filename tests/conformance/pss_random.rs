//! Random and awkward pods with the admission library's answers, `pss-random/cases.jsonl`: raw, without any default.

use serde::Deserialize;
use serde_json::{Map, Value};
use watertight_diagnostic::{KubeVersion, Level};
use watertight_pss::{Defaulting, evaluate_with};

use crate::corpus::Corpus;
use crate::pss::{Answer, only_pod, words};
use crate::tally::Tally;

#[derive(Deserialize)]
struct Row {
    id: String,
    level: Level,
    version: KubeVersion,
    pod: Map<String, Value>,
    #[serde(flatten)]
    answer: Answer,
}

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("pss-random");
    for mut row in corpus.rows::<Row>("pss-random/cases.jsonl") {
        // The library was handed the pod as such, so some rows do not say what they are.
        for (key, value) in [("apiVersion", "v1"), ("kind", "Pod")] {
            row.pod.entry(key).or_insert_with(|| value.into());
        }
        let text = Value::Object(row.pod).to_string();
        match only_pod(&text) {
            Ok(pod) => {
                let verdict = evaluate_with(&pod, row.level, row.version, Defaulting::Raw);
                tally.compare(&row.id, &words(&verdict, &text), &row.answer.words());
            }
            Err(reason) => tally.disagree(format!("{}: {reason}", row.id)),
        }
    }
    vec![tally]
}
