//! Conditions and what the Falco engine says of them for given values of fields: `falco/eval_cases.jsonl`; the rules that
//! hold for events of escape attempts: `falco/scenario_events.json`, `falco/rule_event_matrix.tsv`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use watertight_falco::condition::{FILTER_DEPTH, parse};
use watertight_falco::evaluate::{Absent, Evaluator, Program, Verdict, explain};
use watertight_falco::events::read;
use watertight_falco::rules::load;

use crate::corpus::Corpus;
use crate::falco_compile::compiled;
use crate::tally::Tally;

#[derive(Deserialize)]
struct Row {
    condition: String,
    fields: Value,
    result: Value,
    #[serde(default)]
    error: String,
    /// Not every row has been asked for them.
    warnings: Option<Vec<String>>,
}

/// The fields of upstream's own tests, as string fields that there are.
const STAND_INS: &[(&str, &str)] =
    &[("c.true", "proc.name"), ("c.false", "proc.pname"), ("c.singlequote", "proc.cwd"), ("c.doublequote", "proc.exe")];

pub(crate) fn run(corpus: &Corpus) -> Vec<Tally> {
    let mut tally = Tally::new("falco-eval");
    let rows: Vec<Row> = corpus.rows("falco/eval_cases.jsonl");
    for row in rows {
        let (mut condition, mut event) = (row.condition.clone(), row.fields.to_string());
        for (theirs, ours) in STAND_INS {
            condition = condition.replace(theirs, ours);
            event = event.replace(theirs, ours);
        }
        let theirs = match (&row.result, &row.warnings) {
            (Value::Bool(value), Some(warnings)) => format!("{value} {}", warnings.join("; ")),
            (Value::Bool(value), None) => value.to_string(),
            _ => row.error.replace(": the argument is required", ": a required argument is missing"),
        };
        // The table was made with a stand-in for the container plugin, which has words of its own for this.
        let ours = evaluated(&condition, &event);
        let ours = match ours.split_once(" requires an argument but none provided") {
            Some((start, _)) => {
                format!("{}': a required argument is missing", start.split("':").next().unwrap_or(start))
            }
            None if row.warnings.is_none() && row.result.is_boolean() => {
                ours.split(' ').next().unwrap_or_default().to_owned()
            }
            None => ours,
        };
        let name = format!("{} | {}", row.condition, row.fields);
        tally.compare(&name, &ours, &theirs);
    }
    vec![tally]
}

/// Whether a condition holds for a table of fields, and the warnings about it; or the error.
fn evaluated(condition: &str, event: &str) -> String {
    let said = compiled(condition);
    let Some(Ok(event)) = read(event).next() else { return "the event cannot be read".to_owned() };
    let Ok(expr) = parse(condition, 0, FILTER_DEPTH) else { return said };
    if !watertight_falco::compile::compile(&expr).errors.is_empty() {
        return said;
    }
    let mut program = Program::default();
    let root = program.add(&expr);
    let verdict = program.verdict(root, &program.bind(&event, Absent::ByForm), &mut program.verdicts());
    // The tree says the same, or it would explain something else.
    let explained = explain(&expr, &event, Absent::ByForm).verdict;
    if explained != verdict {
        return format!("{} but explained as {}", verdict.word(), explained.word());
    }
    format!("{} {said}", verdict.word())
}

/// The article's rule, which the table asks about besides the stable ones.
const ARTICLE: &str = r#"
- rule: Container Escape via Mount
  desc: Detect attempts to mount host filesystem
  condition: spawned_process and container and proc.name = "mount" and proc.args contains "/host"
  output: Mount (user=%user.name container=%container.name command=%proc.cmdline)
  priority: CRITICAL
"#;

pub(crate) fn run_matrix(corpus: &Corpus) -> Vec<Tally> {
    let (Some(stable), Some(scenarios), Some(matrix)) = (
        corpus.text("falco/falco_rules.yaml"),
        corpus.text("falco/scenario_events.json"),
        corpus.text("falco/rule_event_matrix.tsv"),
    ) else {
        return Vec::new();
    };
    let set = load(&[watertight_yaml::parse(&stable), watertight_yaml::parse(ARTICLE)]);
    let evaluator = Evaluator::new(&set, Absent::ByForm);
    let events: BTreeMap<_, _> =
        read(&scenarios).flatten().filter_map(|event| Some((event.id.clone()?.into_owned(), event))).collect();
    let mut tally = Tally::new("falco-matrix");
    for line in matrix.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [scenario, _, rule, fires] = columns[..] else { continue };
        let verdict = (|| {
            let event = events.get(scenario)?;
            let index = set.items.rules.position(rule)?;
            let verdict = evaluator.verdict(index, event)?;
            // What the engine would look at for the event's type finds the same.
            let outcome = evaluator.evaluate(event, &mut evaluator.verdicts());
            let found = outcome.holding().any(|one| one.index == index);
            Some(if found == (verdict == Verdict::True) { verdict.word() } else { "told apart by the event's type" })
        })();
        tally.compare(line, verdict.unwrap_or("no such scenario or rule"), fires);
    }
    vec![tally]
}
