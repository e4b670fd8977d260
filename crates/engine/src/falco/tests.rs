use watertight_diagnostic::Settings;
use watertight_diagnostic::report::{InputKind, Report};
use watertight_text::Encoding;

use crate::{Input, analyse, edits, restore};

fn report(files: &[(&str, &str)]) -> Report {
    let inputs: Vec<_> = files.iter().map(|&(name, text)| Input { name, text }).collect();
    analyse(&inputs, &Settings::default(), Encoding::Utf8)
}

/// The findings as `file:line rule`, those about missing tags left out.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let report = report(files);
    let found = report.findings.iter().filter(|finding| finding.rule != "falco-missing-mitre-tag");
    let found: Vec<String> = found
        .map(|finding| {
            let file = &report.files[finding.primary.file as usize].name;
            format!("{file}:{} {}", finding.primary.range.start_line, finding.rule)
        })
        .collect();
    assert_eq!(found, expected);
}

const RULE: &str = "- rule: Mount in container\n  desc: A container mounts something\n  condition: >\n    spawned_process and container and\n    \
     proc.name = \"mount\"\n  output: Mount (user=%user.name command=%proc.cmdline)\n  priority: CRITICAL\n";
const MACROS: &str = "- macro: spawned_process\n  condition: (evt.type in (execve, execveat))\n\
     - macro: container\n  condition: (container.id != host)\n";

#[test]
fn kinds() {
    let kind = |text: &str| report(&[("a", text)]).files[0].kind;
    assert_eq!(kind(RULE), InputKind::FalcoRules);
    assert_eq!(kind("# a\n- required_engine_version: 0.31.0\n"), InputKind::FalcoRules);
    assert_eq!(kind("[{\"list\": \"a\", \"items\": []}]"), InputKind::FalcoRules);
    assert_eq!(kind("rule: a\ncondition: b\n"), InputKind::FalcoRules);
    assert_eq!(kind("- rule: a\ndesc: b\n"), InputKind::FalcoRules);
    assert_eq!(kind("- rule: a\n  kind: b\n"), InputKind::Unknown);
    assert_eq!(kind("- a\n- b\n"), InputKind::Unknown);
    assert_eq!(kind("rule: a\n"), InputKind::Unknown);
}

#[test]
fn files_are_loaded_together() {
    check(&[("rule", RULE)], &["rule:4 falco-undefined-macro"]);
    check(&[("macros", MACROS), ("rule", RULE)], &[]);
    check(&[("rule", RULE), ("macros", MACROS)], &["rule:4 falco-undefined-macro"]);
}

/// The rule alone fails as in Falco; what it lacks is added with a click, and then it loads.
#[test]
fn what_a_rule_lacks_is_added() {
    let mut text = RULE.to_owned();
    for _ in 0..3 {
        let report = report(&[("rule", &text)]);
        let Some(finding) = report.findings.iter().find(|finding| finding.rule == "falco-undefined-macro") else {
            break;
        };
        assert!(finding.what.contains("LOAD_ERR_VALIDATE"), "{}", finding.what);
        let fix = &finding.fixes[0];
        let done = edits(&text, &fix.operations, &fix.rewrites, Encoding::Utf8);
        text = watertight_text::apply(&text, &done.edits).unwrap();
    }
    check(&[("rule", &text)], &[]);
    assert!(text.contains("- macro: spawned_process") && text.contains("- macro: container"), "{text}");
}

#[test]
fn lost_indentation() {
    let flat: String = RULE.lines().map(|line| line.trim_start().to_owned() + "\n").collect();
    check(&[("rule", &flat)], &["rule:2 lost-indentation"]);
    assert!(report(&[("rule", &flat)]).files[0].restorable);
    assert_eq!(restore(&flat).as_deref(), Some(RULE));
    check(&[("rule", "- rule: a\ndesc: \"b\"\n- c\n")], &["rule:2 lost-indentation"]);
    assert!(!report(&[("rule", RULE)]).files[0].restorable);
}

#[test]
fn what_stands_in_a_condition_has_its_place() {
    let text = RULE.replace("spawned_process and container and", "evt.type = execve and not proc.nme = x and");
    let report = report(&[("rule", &text)]);
    let finding = report.findings.iter().find(|finding| finding.what.contains("LOAD_ERR")).unwrap();
    let range = &finding.primary.range;
    assert_eq!(&text[range.start as usize..range.end as usize], "proc.nme");
}

#[test]
fn findings_are_left_out_on_demand() {
    let text = RULE.replace("spawned_process and container and", "evt.type in (execve, execveat) and")
        + "- list: unused # watertight: ignore falco-unused-list kept for later\n  items: [a]\n";
    check(&[("rule", &text)], &[]);
    let left = report(&[("rule", &text)]).suppressed;
    assert_eq!(left[0].finding.rule, "falco-unused-list");
}
