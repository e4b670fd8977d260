//! The examples in the documentation of every rule about pods, put through the whole analysis as somebody would paste them: the bad
//! one has exactly one finding of the rule, the good one none, and each fix of the bad one mends it.

mod examples;

use std::collections::BTreeSet;

use watertight::diagnostic::report::{FindingReport, Report};
use watertight::diagnostic::{KubeVersion, RuleMeta, Settings};
use watertight::text::{Encoding, apply};
use watertight::{Input, analyse};

/// The rules about pods and their texts. Those of the other analysers are held by tests of their own.
fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    watertight_rules::all().map(|rule| &rule.meta)
}

/// The report on an example, under the version that its first line names, or the newest.
fn report(text: &str) -> Report {
    let version = text.lines().next().and_then(|line| line.strip_prefix("# For Kubernetes "));
    let kube_version = version.and_then(|version| version.parse().ok()).unwrap_or(KubeVersion::Latest);
    let settings = Settings { kube_version, ..Settings::default() };
    analyse(&[Input { name: "example", text }], &settings, Encoding::Utf8)
}

fn findings(rule: &RuleMeta, text: &str) -> Vec<FindingReport> {
    report(text).findings.into_iter().filter(|found| found.rule == rule.id).collect()
}

fn example(rule: &RuleMeta, heading: &str) -> String {
    rule.example(heading).unwrap_or_default()
}

#[test]
fn bad_has_one_finding_and_good_has_none() {
    for rule in rules() {
        let bad = example(rule, "## Bad");
        let found = findings(rule, &bad);
        assert_eq!(found.len(), 1, "{}\n{bad}\n{found:#?}", rule.id);
        assert_eq!(rule.fixable, !found[0].fixes.is_empty(), "{}: fixable and fixes", rule.id);
        let good = example(rule, "## Good");
        assert_eq!(findings(rule, &good), [], "{}\n{good}", rule.id);
    }
}

#[test]
fn fixes_of_the_bad_one_mend_it() {
    for rule in rules() {
        let bad = example(rule, "## Bad");
        let before = rules_of(&report(&bad));
        for fix in findings(rule, &bad).iter().flat_map(|found| &found.fixes) {
            let done = watertight::edits(&bad, &fix.operations, &fix.rewrites, Encoding::Utf8);
            assert_eq!(done.refused, [""; 0], "{}: {}", rule.id, fix.title);
            let mended = apply(&bad, &done.edits).unwrap();
            assert_eq!(findings(rule, &mended), [], "{}: {}\n{mended}", rule.id, fix.title);
            // What was hidden or dropped until now may be a fault of its own once it counts.
            let reveals = ["unknown-field", "wrong-type", "hidden-line-break"].contains(&rule.id);
            let after = rules_of(&report(&mended));
            let fresh: Vec<_> = after.difference(&before).collect();
            assert!(reveals || fresh.is_empty(), "{}: {} brings {fresh:?}\n{mended}", rule.id, fix.title);
        }
    }
}

fn rules_of(report: &Report) -> BTreeSet<String> {
    report.findings.iter().map(|found| found.rule.to_string()).collect()
}

/// What a finding says of the text is a sentence, whoever says it.
#[test]
fn findings_are_whole_sentences() {
    for rule in rules() {
        for found in findings(rule, &example(rule, "## Bad")) {
            for text in [&*found.what, &*found.why, &*found.how] {
                let ends = text.ends_with(['.', '?', '!']);
                assert!(ends && !text.contains("  ") && !text.contains(".."), "{}: {text:?}", rule.id);
            }
        }
    }
}
