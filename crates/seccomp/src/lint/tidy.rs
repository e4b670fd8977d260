//! The documentation of each rule is executed: the bad example has the finding, the good one has not, and the fix turns
//! one into the other.

use super::rules;
use super::testing::{findings_of, fixed};

#[test]
fn examples_are_what_they_say() {
    for rule in rules() {
        let bad = rule.example("## Bad").unwrap_or_else(|| panic!("{} has no bad example", rule.id));
        let found = findings_of(rule.id, &bad);
        assert_eq!(found.len(), 1, "{}\n{bad}\n{found:#?}", rule.id);
        assert_eq!(rule.fixable, !found[0].fixes.is_empty(), "{}: fixable and fixes", rule.id);
        if rule.fixable {
            fixed(rule.id, &bad);
        }
        let good = rule.example("## Good").unwrap_or_else(|| panic!("{} has no good example", rule.id));
        assert_eq!(findings_of(rule.id, &good).len(), 0, "{}\n{good}", rule.id);
        for finding in found {
            for text in [&*finding.what, &*finding.why, &*finding.how] {
                let ends = text.ends_with(['.', '?', '!']);
                assert!(ends && !text.contains("  ") && !text.contains(".."), "{}: {text:?}", rule.id);
            }
        }
    }
}

#[test]
fn facts_are_in_order() {
    let mut before = "";
    for rule in rules() {
        assert!(before < rule.id, "{} stands out of order", rule.id);
        before = rule.id;
        assert!(rule.id.starts_with("seccomp-"), "{}", rule.id);
        assert!(!rule.title.ends_with('.'), "{}", rule.id);
        for heading in ["## What it finds", "## Why it matters", "## What to do"] {
            assert!(rule.docs.contains(heading), "{} has no {heading}", rule.id);
        }
    }
}
