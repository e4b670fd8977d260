//! The documentation of each rule is executed: the bad example has the finding, the good one has not.

use super::rules;
use super::testing::findings_of;

#[test]
fn examples_are_what_they_say() {
    for rule in rules() {
        assert!(rule.docs.contains("## Bad"), "{} has no bad example", rule.id);
        // A few faults are too large to be shown, and are only told.
        if let Some(bad) = rule.example("## Bad") {
            assert_eq!(findings_of(rule.id, &bad).len(), 1, "{}\n{bad}", rule.id);
        }
        let good = rule.example("## Good").unwrap_or_else(|| panic!("{} has no good example", rule.id));
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
