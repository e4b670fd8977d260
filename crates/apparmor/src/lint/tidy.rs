//! The documentation of each rule is executed: the bad example has the finding, the good one has not.

use super::rules;
use super::testing::findings_of;

/// The block of code behind a heading of a rule's documentation.
fn example(docs: &str, heading: &str) -> Option<String> {
    let (_, behind) = docs.split_once(heading)?;
    let (_, code) = behind.split_once("```apparmor\n")?;
    let (code, _) = code.split_once("```")?;
    Some(code.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).flat_map(|line| [line, "\n"]).collect())
}

#[test]
fn examples_are_what_they_say() {
    for rule in rules() {
        let bad = example(rule.docs, "## Bad").unwrap_or_else(|| panic!("{} has no bad example", rule.id));
        let good = example(rule.docs, "## Good").unwrap_or_else(|| panic!("{} has no good example", rule.id));
        assert_eq!(findings_of(rule.id, &bad).len(), 1, "{}\n{bad}", rule.id);
        assert_eq!(findings_of(rule.id, &good).len(), 0, "{}\n{good}", rule.id);
    }
}

#[test]
fn facts_are_in_order() {
    let mut before = "";
    for rule in rules() {
        assert!(before < rule.id, "{} stands out of order", rule.id);
        before = rule.id;
        assert!(!rule.title.ends_with('.'), "{}", rule.id);
        for heading in ["## What it finds", "## Why it matters", "## What to do"] {
            assert!(rule.docs.contains(heading), "{} has no {heading}", rule.id);
        }
    }
}
