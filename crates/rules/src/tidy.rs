//! Rules of the house for rules, held by tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use watertight_diagnostic::{Category, Operation, Standard};
use watertight_text::apply;
use watertight_yaml::edit::plan;
use watertight_yaml::parse;

use crate::testing::{findings, findings_of};
use crate::{Check, Rule, all, by_id, correctness, escape, hardening, hygiene};

const SECTIONS: [&str; 5] = ["## What it finds", "## Why it matters", "## What to do", "## Bad", "## Good"];

fn folders() -> [(&'static str, Category, &'static [&'static Rule]); 4] {
    [
        ("escape", Category::Escape, escape::RULES),
        ("hardening", Category::Hardening, hardening::RULES),
        ("correctness", Category::Correctness, correctness::RULES),
        ("hygiene", Category::Hygiene, hygiene::RULES),
    ]
}

#[expect(clippy::unwrap_used, reason = "only tests call it")]
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| !path.ends_with("mod.rs")).collect()
}

#[test]
fn every_file_is_one_registered_rule() {
    for (folder, category, rules) in folders() {
        let names: BTreeSet<_> =
            files(folder).iter().map(|path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-")).collect();
        let ids: BTreeSet<_> = rules.iter().map(|rule| rule.meta.id.to_owned()).collect();
        assert_eq!(names, ids, "files and registered rules of {folder}");
        assert_eq!(ids.len(), rules.len(), "an id stands twice in {folder}");
        for rule in rules {
            assert_eq!(rule.meta.category, category, "{}", rule.meta.id);
        }
    }
    let ids: BTreeSet<_> = all().map(|rule| rule.meta.id).collect();
    assert_eq!(ids.len(), all().count(), "an id stands twice");
    assert!(ids.iter().all(|id| by_id(id).is_some()));
}

#[test]
fn every_rule_is_documented_in_the_fixed_sections() {
    for rule in all() {
        let docs = rule.meta.docs;
        let sections: Vec<_> = docs.lines().map(str::trim).filter(|line| line.starts_with("## ")).collect();
        assert_eq!(sections, SECTIONS, "{}", rule.meta.id);
        // What is no manifest is plain text.
        let examples = docs.matches("```yaml").count() + docs.matches("```text").count();
        assert!(examples >= 2, "{}: two examples", rule.meta.id);
        assert!(!rule.meta.title.ends_with('.'), "{}", rule.meta.id);
    }
}

/// The examples of the documentation do what it says: one finding of the rule for the bad one, none for the good one.
/// Those about the text itself are found by reading, or by the engine: a test of the whole looks at them.
#[test]
fn examples_are_true() {
    for rule in all().filter(|rule| !matches!(rule.check, Check::Reading)) {
        let id = rule.meta.id;
        let bad = example(rule, "## Bad");
        let found = findings_of(id, &bad);
        assert_eq!(found.len(), 1, "{id}: {bad}\n{found:#?}");
        assert_eq!(rule.meta.fixable, !found[0].fixes.is_empty(), "{id}: fixable and fixes");
        let good = example(rule, "## Good");
        assert_eq!(findings_of(id, &good), [], "{id}: {good}");
    }
}

/// Each fix of the bad example mends it, finds nothing that was not there before, and has nothing to do a second time.
#[test]
fn fixes_mend() {
    for rule in all().filter(|rule| rule.meta.fixable && !matches!(rule.check, Check::Reading)) {
        let id = rule.meta.id;
        let bad = example(rule, "## Bad");
        let before: BTreeSet<_> = findings(&bad).iter().map(|found| found.rule.id).collect();
        for fix in findings_of(id, &bad).iter().flat_map(|found| &found.fixes) {
            let mended = applied(&bad, &fix.operations);
            assert_ne!(mended, bad, "{id}: {}", fix.title);
            assert_eq!(findings_of(id, &mended), [], "{id}: {}\n{mended}", fix.title);
            let after: BTreeSet<_> = findings(&mended).iter().map(|found| found.rule.id).collect();
            assert!(after.is_subset(&before), "{id}: {}\n{mended}{after:?} and not {before:?}", fix.title);
        }
    }
}

fn example(rule: &Rule, heading: &str) -> String {
    rule.meta.example(heading).unwrap_or_default()
}

#[expect(clippy::unwrap_used, reason = "only tests call it")]
fn applied(text: &str, operations: &[Operation]) -> String {
    let plan = plan(&parse(text), operations);
    assert_eq!(plan.refused, [], "{text}{operations:#?}");
    apply(text, &plan.edits).unwrap()
}

/// What every finding has to say, and no finding says twice.
#[test]
fn findings_are_whole_sentences() {
    for rule in all().filter(|rule| !matches!(rule.check, Check::Reading)) {
        for found in findings_of(rule.meta.id, &example(rule, "## Bad")) {
            for text in [&*found.what, &*found.why, &*found.how] {
                assert!(
                    text.ends_with('.') && !text.contains("  ") && !text.contains(".."),
                    "{}: {text}",
                    rule.meta.id
                );
                assert!(text.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()), "{}: {text}", rule.meta.id);
            }
            assert!(found.fixes.iter().all(|fix| !fix.title.ends_with('.') && !fix.operations.is_empty()));
        }
    }
}

#[test]
fn every_check_of_the_pod_security_standards_has_a_rule() {
    const CHECKS: [&str; 19] = [
        "allowPrivilegeEscalation",
        "appArmorProfile",
        "capabilities_baseline",
        "capabilities_restricted",
        "hostNamespaces",
        "hostPathVolumes",
        "hostPorts",
        "hostProbesAndHostLifecycle",
        "privileged",
        "procMount",
        "procMount_restricted",
        "restrictedVolumes",
        "runAsNonRoot",
        "runAsUser",
        "seLinuxOptions",
        "seccompProfile_baseline",
        "seccompProfile_restricted",
        "sysctls",
        "windowsHostProcess",
    ];
    let named: BTreeSet<_> = all().flat_map(|rule| rule.meta.ids_of(Standard::Pss)).collect();
    for name in &named {
        assert!(CHECKS.contains(name), "{name} is no check of the admission library");
    }
    for check in CHECKS {
        assert!(named.contains(check), "no rule speaks for {check}");
    }
}
