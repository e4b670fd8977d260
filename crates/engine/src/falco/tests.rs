use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::falco::{AbsentFields, FalcoAsk, FalcoReport, OpenRule};
use watertight_diagnostic::report::{InputKind, Report};
use watertight_text::Encoding;

use crate::{Input, analyse, edits, falco, restore};

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

const EVENTS: &str = "{\"evt.type\":\"execve\",\"container.id\":\"abc\",\"proc.name\":\"mount\"}\n\
     {\"rule\":\"x\",\"priority\":\"Error\",\"output_fields\":{\"proc.name\":\"mount\",\"evt.type\":\"execve\"}}\n\
     {\"expect\":[\"Mount in container\"],\"fields\":{\"evt.type\":\"open\",\"proc.name\":\"mount\"}}\n";

fn asked(ask: &FalcoAsk) -> FalcoReport {
    let files = [("macros", MACROS), ("rule", RULE), ("events", EVENTS)];
    let inputs: Vec<_> = files.iter().map(|&(name, text)| Input { name, text }).collect();
    falco(&inputs, ask, Encoding::Utf8)
}

#[test]
fn events_are_told_from_other_json() {
    let kind = |text: &str| report(&[("a", text)]).files[0].kind;
    assert_eq!(kind(EVENTS), InputKind::FalcoEvents);
    assert_eq!(kind("[\n{\"evt.type\":\"open\"}]"), InputKind::FalcoEvents);
    assert_eq!(kind("{\"rule\":\"x\",\"priority\":\"Error\",\"output\":\"o\"}"), InputKind::FalcoEvents);
    assert_eq!(kind("{\"evt.type\":\"open"), InputKind::FalcoEvents);
    assert_eq!(
        kind("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"evt.type\"}}"),
        InputKind::KubernetesJson
    );
    assert_eq!(kind("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"proc.name\":1}"), InputKind::FalcoEvents);
    assert_eq!(kind("{\"a\":{\"evt.type\":\"open\"}}"), InputKind::Unknown);
    check(&[("events", EVENTS)], &[]);
    check(
        &[("events", "{\"evt.type\":\"open\"}\n{\"proc.nmae\":1}\n{\"a.b\" 1}\n")],
        &["events:3 falco-unreadable-event", "events:2 falco-unknown-event-field"],
    );
}

#[test]
fn what_becomes_of_the_events_among_the_files() {
    let report = asked(&FalcoAsk { events: true, ..FalcoAsk::default() });
    let [fires, open, test] = report.events.as_slice() else { panic!("{:?}", report.events) };
    assert_eq!((report.event_count, report.rules[0].name.as_str()), (3, "Mount in container"));
    assert_eq!((fires.title.as_str(), fires.fires.as_slice()), ("execve: mount", &[0][..]));
    assert_eq!(fires.place.as_ref().map(|place| (place.file, place.range.start_line)), Some((2, 1)));
    assert_eq!(open.open, [OpenRule { rule: 0, needs: vec!["container.id".to_owned()] }]);
    assert_eq!(open.title, "Alert: x");
    assert_eq!((test.is_test, test.lacking.as_slice()), (true, &["Mount in container".to_owned()][..]));
    let missing = asked(&FalcoAsk { events: true, absent: AbsentFields::Missing, ..FalcoAsk::default() });
    assert!(missing.events[1].open.is_empty());
}

/// Each part of the condition with its depth, value and verdict, `*` where it decides, and what stands at its place.
#[test]
fn explanations_point_into_the_text() {
    let explained = |event: usize| {
        let report = asked(&FalcoAsk { events: true, event, ..FalcoAsk::default() });
        let explanation = report.explanation.unwrap();
        let texts = [MACROS, RULE];
        let parts: Vec<String> = explanation
            .parts
            .iter()
            .map(|part| {
                let place = part.place.as_ref().unwrap();
                let text = &texts[place.file as usize][place.range.start as usize..place.range.end as usize];
                let mark = if part.decides { "*" } else { "" };
                format!(
                    "{}{mark} {} {} {:?} `{}`",
                    part.depth,
                    part.text,
                    part.saw,
                    part.verdict,
                    text.replace('\n', "/")
                )
            })
            .collect();
        (parts, explanation.needs, explanation.passed_over)
    };
    let (parts, needs, passed_over) = explained(1);
    assert_eq!(
        parts,
        [
            "0* all of  Unknown `spawned_process and container and/    proc.name = \"mount\"`",
            "1 spawned_process  Yes `spawned_process`",
            "2 evt.type in (execve, execveat) \"execve\" Yes `evt.type in (execve, execveat)`",
            "1* container  Unknown `container`",
            "2* container.id != host not in the event Unknown `container.id != host`",
            "1 proc.name = mount \"mount\" Yes `proc.name = \"mount\"`",
        ]
    );
    assert_eq!((needs, passed_over), (vec!["container.id".to_owned()], String::new()));
    let (parts, _, passed_over) = explained(2);
    assert!(passed_over.contains("type open"), "{passed_over}");
    assert_eq!(parts[2], "2* evt.type in (execve, execveat) \"open\" No `evt.type in (execve, execveat)`");
}

#[test]
fn attempts_are_tried_and_rules_for_them_written() {
    let ask = FalcoAsk { events: true, attempt: Some("mount-disk".to_owned()), coverage: true, ..FalcoAsk::default() };
    let report = asked(&ask);
    assert!(report.events[0].place.is_none() && report.event_text.lines().count() == report.event_count);
    assert_eq!(report.events[0].fires, [0]);
    let attempt = |id: &str| report.attempts.iter().find(|attempt| attempt.id == id).unwrap();
    assert_eq!((attempt("mount-disk").by.as_slice(), attempt("nsenter").gap), (&[0][..], true));
    let write = |ids: &[&str]| {
        let write = ids.iter().map(|id| (*id).to_owned()).collect();
        asked(&FalcoAsk { write, ..FalcoAsk::default() }).written
    };
    let written = write(&["nsenter", "no-such"]);
    check(&[("written", &written)], &[]);
    assert_eq!(written.matches("- rule:").count(), 1);
    assert_eq!(write(&["no-such"]), "");
}

#[test]
fn files_say_whether_they_load_and_what_they_need() {
    let newer = "- macro: a\n  condition: evt.type = open and fd.name iglob a\n";
    let inputs = [Input { name: "a", text: newer }, Input { name: "b", text: RULE }, Input { name: "c", text: MACROS }];
    let report = falco(&inputs, &FalcoAsk::default(), Encoding::Utf8);
    let said: Vec<_> =
        report.files.iter().map(|file| (file.file, file.loads, file.reached, file.falco.as_deref())).collect();
    assert_eq!(said, [(0, Some(true), true, Some("0.38")), (1, Some(false), true, None), (2, Some(true), false, None)]);
    let needs = report.files[0].needs.as_ref().unwrap();
    assert_eq!((needs.label.as_str(), needs.range.start_line), ("iglob", 2));
    assert_eq!(report.files[0].loading(), "Falco loads it; it needs Falco 0.38 or newer, for iglob in line 2.");
    let asks = Input { name: "a", text: "- required_engine_version: 0.57.0\n" };
    let report = falco(&[asks], &FalcoAsk::default(), Encoding::Utf8);
    let words = "Falco loads it; it needs Falco 0.42 or newer, for the engine version it asks for in line 1.";
    assert_eq!(report.files[0].loading(), words);
}

/// A limit of ours is none of Falco's: it is not known what Falco does with such a file, and those behind it are looked at.
#[test]
fn a_file_that_holds_too_much_is_not_said_to_be_refused() {
    let many = format!("- list: l\n  items: [{}]\n", "a,".repeat(100_000));
    let inputs = [Input { name: "a", text: &many }, Input { name: "b", text: MACROS }];
    let report = falco(&inputs, &FalcoAsk::default(), Encoding::Utf8);
    let said: Vec<_> = report.files.iter().map(|file| (file.loads, file.reached)).collect();
    assert_eq!(said, [(None, true), (Some(true), true)]);
    assert!(report.files[0].loading().starts_with("Whether Falco loads it is not known"));
}

/// The checklist says what the rules beside a pod would see.
#[test]
fn rules_count_for_the_checklist() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n";
    let because = |files: &[(&str, &str)]| {
        let report = report(files);
        report.checklist.iter().find(|item| item.id == "detection").unwrap().because.clone()
    };
    assert!(because(&[("pod", pod)]).starts_with("A manifest does not say"));
    let beside = because(&[("pod", pod), ("macros", MACROS), ("rule", RULE)]);
    assert!(beside.starts_with("The Falco rules beside it see 1 of "), "{beside}");
    assert!(because(&[("rule", RULE)]).starts_with("There is no pod"));
}
