//! Any text is loaded as rules, read as a condition and read as events; what is printed of a condition stays
//! what it is, and what an explanation points at stands in the text.

use watertight::diagnostic::ask::falco::FalcoAsk;
use watertight::text::Encoding;
use watertight::{Input, falco};
use watertight_falco::condition::{RULE_DEPTH, parse as condition, print};
use watertight_falco::evaluate::{Absent, Evaluator};
use watertight_falco::events;
use watertight_falco::rules::load;
use watertight_yaml::parse;

const EVENTS: &str = r#"{"evt.type": "execve", "evt.dir": "<", "proc.name": "nsenter", "container.id": "0123456789ab"}
{"output_fields": {"fd.name": "/proc/sys/kernel/core_pattern", "evt.type": "openat", "evt.arg.flags": 1}, "rule": "x"}
"#;

const RULES: &str = "- macro: opened\n  condition: (evt.type in (open, openat))\n- rule: r\n  desc: d\n  \
                     condition: opened and not fd.name pmatch (/etc, /usr)\n  output: \"%fd.name\"\n  priority: INFO\n";

/// The longest text that is tried as a condition.
const LONGEST: usize = 4_096;

pub(super) fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    let rules = load([&parse(&text)]);
    try_events(&rules, EVENTS);
    try_events(&load([&parse(RULES)]), &text);
    ask(&text, EVENTS);
    ask(RULES, &text);
    if text.len() <= LONGEST
        && let Ok(read) = condition(&text, 0, RULE_DEPTH)
    {
        let printed = print(&read);
        // The engine prints some values without the quotes they need, and so it is here.
        if let Ok(again) = condition(&printed, 0, u32::MAX) {
            assert_eq!(print(&again), printed, "{text}");
        }
    }
}

fn try_events(rules: &watertight_falco::rules::RuleSet, text: &str) {
    let evaluator = Evaluator::new(rules, Absent::ByForm);
    let mut verdicts = evaluator.verdicts();
    for event in events::read(text).flatten().take(200) {
        for rule in evaluator.evaluate(&event, &mut verdicts).rules {
            evaluator.explain(rule.index, &event);
        }
    }
}

/// Asks everything that can be asked; every place has to be one in its text.
fn ask(rules: &str, events: &str) {
    let files = [Input { name: "rules", text: rules }, Input { name: "events", text: events }];
    let all = FalcoAsk { events: true, coverage: true, words: true, ..FalcoAsk::default() };
    let report = falco(&files, &all, Encoding::Utf8);
    let parts = report.explanation.iter().flat_map(|explanation| &explanation.parts).map(|part| &part.place);
    let events = report.events.iter().map(|event| &event.place);
    let rules = report.rules.iter().map(|rule| &rule.place);
    let needs = report.files.iter().map(|file| &file.needs);
    for place in parts.chain(events).chain(rules).chain(needs).flatten() {
        let text = files.get(place.file as usize).map(|file| file.text).unwrap_or_default();
        let range = place.range.start as usize..place.range.end as usize;
        assert!(text.get(range.clone()).is_some(), "{range:?} of {text}");
    }
}
