//! `watertight falco`, as a person or a build server runs it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

mod common;

use serde_json::Value;

const RULES: &str = r#"
- macro: spawned_process
  condition: (evt.type in (execve, execveat))
- macro: container
  condition: (container.id != host)
- rule: Container Escape via Mount
  desc: Detect attempts to mount host filesystem
  condition: spawned_process and container and proc.name = "mount" and proc.args contains "/host"
  output: Mount (user=%user.name container=%container.name command=%proc.cmdline)
  priority: CRITICAL
"#;

/// Exit status, standard output, standard error of `watertight falco …` in a folder with `rules.yaml`.
fn falco(arguments: &[&str], input: &str) -> (i32, String, String) {
    let files = [("rules.yaml", RULES), ("broken.yaml", "- rule: x\n  condition: nosuch\n")];
    common::run("falco", &files, arguments, input).texts()
}

const FIRES: &str = r#"{"evt.type":"execve","container.id":"abc","proc.name":"mount","proc.args":"--bind /host /mnt"}"#;
const SILENT: &str = r#"{"evt.type":"execve","container.id":"abc","proc.name":"mount","proc.args":"-l"}"#;

#[test]
fn the_exit_status_says_whether_a_rule_fired() {
    assert_eq!(falco(&["eval", "-r", "rules.yaml"], FIRES).0, 1);
    assert_eq!(falco(&["eval", "-r", "rules.yaml"], SILENT).0, 0);
    assert_eq!(falco(&["eval", "-r", "rules.yaml"], "nonsense").0, 2);
    assert_eq!(falco(&["eval"], FIRES).0, 2);
    let (status, _, said) = falco(&["eval", "-r", "broken.yaml"], FIRES);
    assert_eq!(status, 2);
    assert!(said.contains("LOAD_ERR_YAML_VALIDATE"), "{said}");
}

#[test]
fn expectations_make_a_test() {
    let test = |expect: &str, fields: &str| format!("{{\"expect\":{expect},\"fields\":{fields}}}\n");
    let rule = r#"["Container Escape via Mount"]"#;
    let good = test(rule, FIRES) + &test("[]", SILENT);
    let (status, out, _) = falco(&["eval", "-r", "rules.yaml", "-"], &good);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("2 of 2 tests as expected"), "{out}");
    let (status, out, _) = falco(&["eval", "-r", "rules.yaml", "--explain", "-"], &test(rule, SILENT));
    assert_eq!(status, 1);
    assert!(out.contains("false: proc.args contains /host  [\"-l\"]"), "{out}");
    let (status, out, _) = falco(&["eval", "-r", "rules.yaml", "-"], &test("[]", FIRES));
    assert_eq!(status, 1);
    assert!(out.contains("fires, unexpected"), "{out}");
}

#[test]
fn what_an_alert_does_not_carry_is_asked_for() {
    let alert = r#"{"rule":"x","priority":"Error","output_fields":{"proc.name":"mount","evt.type":"execve"}}"#;
    let (status, out, _) = falco(&["eval", "-r", "rules.yaml", "--format", "jsonl", "-"], alert);
    assert_eq!(status, 0);
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(line["open"][0]["needs"], serde_json::json!(["container.id", "proc.args"]));
    let (_, out, _) = falco(&["eval", "-r", "rules.yaml", "--absent", "missing", "-"], alert);
    assert!(out.contains("0 raised something"), "{out}");
}

#[test]
fn coverage_names_the_gaps_and_generate_fills_them() {
    let (status, out, _) = falco(&["coverage", "-r", "rules.yaml", "--format", "json"], "");
    assert_eq!(status, 1);
    let rows: Value = serde_json::from_str(&out).unwrap();
    let gaps: Vec<_> = rows.as_array().unwrap().iter().filter(|row| row["gap"] == true).collect();
    assert_eq!(rows.as_array().unwrap().len(), gaps.len() + 1);

    let (status, generated, _) = falco(&["generate", "-r", "rules.yaml"], "");
    assert_eq!(status, 0);
    let (status, out, said) = falco(&["coverage", "-r", "/dev/stdin", "--format", "markdown"], &generated);
    assert_eq!(status, 0, "{out}{said}");
    let (_, events, _) = falco(&["coverage", "--events", "nsenter"], "");
    assert_eq!(events.lines().count(), 3);
    assert_eq!(falco(&["coverage", "--events", "no-such"], "").0, 2);
}

#[test]
fn check_says_whether_falco_loads_the_rules() {
    let (status, out, _) = falco(&["check", "rules.yaml"], "");
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("falco-substring-trap") && out.contains("rules.yaml: Falco loads it.\n"), "{out}");
    let (status, out, _) = falco(&["check", "--fail-on", "never", "rules.yaml"], "");
    assert_eq!(status, 0, "{out}");

    let (status, out, _) = falco(&["check", "--fail-on", "never", "broken.yaml", "rules.yaml"], "");
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("LOAD_ERR_YAML_VALIDATE") && out.contains("broken.yaml: Falco does not load it."), "{out}");
    assert!(out.contains("rules.yaml: Falco does not get to it, because of a file before it."), "{out}");

    let newer = "- macro: a\n  condition: evt.type = open and\n    proc.name regex 'a+' and fd.name = a\n";
    let (_, out, _) = falco(&["check", "-"], newer);
    assert!(out.contains("stdin: Falco loads it; it needs Falco 0.39 or newer, for regex in line 3."), "{out}");

    let (status, _, said) = falco(&["check", "-"], "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n");
    assert_eq!(status, 2);
    assert!(said.contains("there are no Falco rules in it"), "{said}");
    let (status, out, _) = falco(&["check", "--format", "sarif", "broken.yaml"], "");
    assert_eq!(status, 1);
    let sarif: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "broken.yaml"
    );
}
