//! Falco: loading the published stable rules, evaluating them on events, and how both grow.
//!
//! The rules and the events are those of the corpus, so this measures nothing where there is none.

use std::error::Error;
use std::hint::black_box;

use watertight_falco::evaluate::{Absent, Evaluator};
use watertight_falco::events::{Event, read};
use watertight_falco::rules::{RuleSet, load};

use crate::processor_time;

/// Events of a run.
const EVENTS: &[usize] = &[10_000, 100_000, 1_000_000];

/// How many times the rules stand in the set.
const COPIES: &[usize] = &[1, 4, 16];

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let Some(corpus) = watertight_tests::corpus() else {
        println!("no corpus: WATERTIGHT_CORPUS names no folder");
        return Ok(());
    };
    let rules = std::fs::read_to_string(corpus.join("falco/falco_rules.yaml"))?;
    let scenarios = std::fs::read_to_string(corpus.join("falco/scenario_events.json"))?;
    let events: Vec<Event<'_>> = read(&scenarios).filter_map(Result::ok).collect();
    // One event a line, as a log has them.
    let lines: Vec<String> = events
        .iter()
        .map(|event| scenarios.get(event.span.range()).unwrap_or_default().replace(['\n', '\r'], " "))
        .collect();

    let rounds = 20;
    let start = processor_time()?;
    for _ in 0..rounds {
        black_box(loaded(&rules));
    }
    let spent = (processor_time()? - start) / f64::from(rounds);
    println!("stable rules loaded in {:.2} ms", spent * 1e3);

    println!("{:>6} {:>10} {:>14} {:>12} {:>20}", "rules", "events", "µs an event", "events/s", "with reading, µs");
    let set = loaded(&rules);
    for count in EVENTS {
        report(&Evaluator::new(&set, Absent::ByForm), &events, &lines, *count)?;
    }
    for copies in COPIES {
        let text: String = (0..*copies).map(|copy| renamed(&rules, copy)).collect();
        let set = loaded(&text);
        if !set.is_loaded() {
            return Err("the copies do not load".into());
        }
        report(&Evaluator::new(&set, Absent::ByForm), &events, &lines, 100_000)?;
    }
    Ok(())
}

fn loaded(text: &str) -> RuleSet {
    load(&[watertight_yaml::parse(text)])
}

/// The rules once more under other names and with another constant, so that nothing of them is shared.
fn renamed(rules: &str, copy: usize) -> String {
    if copy == 0 {
        return rules.to_owned();
    }
    let mut out = String::new();
    // What the file asks for stands in it once.
    let mut asks = false;
    for line in rules.lines() {
        asks = line.starts_with("- required_") || asks && !line.starts_with('-');
        if asks {
            continue;
        }
        match line.strip_prefix("- rule: ") {
            Some(name) => out.push_str(&format!("- rule: {name} {copy}\n")),
            None => {
                out.push_str(&line.replace("container.id", &format!("proc.env[{copy}]")));
                out.push('\n');
            }
        }
    }
    out
}

fn report(evaluator: &Evaluator, events: &[Event<'_>], lines: &[String], count: usize) -> Result<(), Box<dyn Error>> {
    let mut verdicts = evaluator.verdicts();
    let start = processor_time()?;
    for event in events.iter().cycle().take(count) {
        black_box(evaluator.evaluate(event, &mut verdicts));
    }
    let evaluated = (processor_time()? - start) / count as f64;
    let start = processor_time()?;
    for line in lines.iter().cycle().take(count) {
        for event in read(line).flatten() {
            black_box(evaluator.evaluate(&event, &mut verdicts));
        }
    }
    let with_reading = (processor_time()? - start) / count as f64;
    println!(
        "{:>6} {count:>10} {:>14.2} {:>12.0} {:>20.2}",
        evaluator.len(),
        evaluated * 1e6,
        1.0 / evaluated,
        with_reading * 1e6
    );
    Ok(())
}
