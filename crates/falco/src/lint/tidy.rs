//! Rules of the house for these rules, held by tests.

use std::collections::BTreeSet;

use super::rules;
use super::testing::{fixed, found, of};

const SECTIONS: [&str; 5] = ["## What it finds", "## Why it matters", "## What to do", "## Bad", "## Good"];

/// Rules that no small example shows: what they find needs a plugin, or more than anybody wants to read.
const WITHOUT_EXAMPLE: [&str; 2] = ["falco-unsafe-na-check", "falco-limit"];

#[test]
fn every_rule_is_documented_in_the_fixed_sections() {
    let ids: BTreeSet<_> = rules().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules().count(), "an id stands twice");
    for rule in rules() {
        assert!(rule.id.starts_with("falco-"), "{}", rule.id);
        assert!(!rule.title.ends_with('.'), "{}", rule.id);
        let sections: Vec<_> = rule.docs.lines().map(str::trim).filter(|line| line.starts_with("## ")).collect();
        let wanted = if WITHOUT_EXAMPLE.contains(&rule.id) { &SECTIONS[..3] } else { &SECTIONS };
        assert_eq!(sections, wanted, "{}", rule.id);
    }
}

/// The YAML or JSON of a section.
fn example(docs: &str, section: &str) -> Option<String> {
    let after = docs.split(section).nth(1)?;
    let block = after.split("```").nth(1)?.split_once('\n')?.1;
    Some(block.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect())
}

#[test]
fn examples_do_what_they_say() {
    for rule in rules().filter(|rule| !WITHOUT_EXAMPLE.contains(&rule.id)) {
        let (bad, good) = (example(rule.docs, "## Bad").unwrap(), example(rule.docs, "## Good").unwrap());
        let findings = of(rule.id, &bad);
        assert_eq!(findings.len(), 1, "{}: {:?}\n{bad}", rule.id, found(&bad));
        assert!(of(rule.id, &good).is_empty(), "{}: {:?}", rule.id, of(rule.id, &good));
        let errors: Vec<_> = found(&good).into_iter().filter(|finding| finding.what.contains("LOAD_ERR")).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", rule.id);
        let fix = findings[0].fixes.first();
        assert_eq!(rule.fixable, fix.is_some(), "{}: {bad}", rule.id);
        if let Some(fix) = fix {
            let after = fixed(&bad, fix);
            assert!(of(rule.id, &after).is_empty(), "{}:\n{after}", rule.id);
        }
    }
}

/// What a good example shows raises nothing else either, so that examples teach nothing wrong.
#[test]
fn good_examples_are_good() {
    for rule in rules().filter(|rule| !WITHOUT_EXAMPLE.contains(&rule.id)) {
        let good = example(rule.docs, "## Good").unwrap();
        let others = found(&good);
        let what: Vec<_> = others.iter().map(|finding| format!("{}: {}", finding.rule.id, finding.what)).collect();
        assert!(what.is_empty(), "{}: {what:?}\n{good}", rule.id);
    }
}
