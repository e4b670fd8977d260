//! The built program, as a person or a build server runs it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A pod that shares the processes of its node, and nothing else that the baseline level minds.
const BAD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  hostPID: true
  containers:
    - name: app
      image: example.com/app:1.0
";

/// A pod with a single fault, in line 25.
const ONE: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  automountServiceAccountToken: false
  hostUsers: false
  securityContext:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: app
      image: example.com/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      resources:
        requests:
          memory: 256Mi
          cpu: 500m
        limits:
          memory: 256Mi
          cpu: 500m
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: false
        capabilities:
          drop:
            - ALL
";

/// A folder with files, and what the program says when run there.
struct Place(TempDir);

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            place.write(name, content.as_bytes());
        }
        place
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn spawn(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_watertight"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(&self.spawn(arguments).wait_with_output().unwrap())
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Said {
        let mut child = self.spawn(arguments);
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        // The program may answer before it has read everything.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        said(&output)
    }
}

fn said(output: &Output) -> Said {
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A list as `kubectl get pods -A -o json` prints it.
fn list(pods: usize, padding: usize) -> String {
    let padding = "x".repeat(padding);
    let item = |n: usize| {
        format!(
            "        {{\n            \"apiVersion\": \"v1\",\n            \"kind\": \"Pod\",\n            \"metadata\": {{\"name\": \
             \"p{n}\", \"annotations\": {{\"note\": \"{padding}\"}}}},\n            \"spec\": {{\n                \"hostPID\": \
             true,\n                \"containers\": [{{\"name\": \"é\", \"image\": \"example.com/a:1\"}}]\n            }}\n        }}"
        )
    };
    let items: Vec<_> = (0..pods).map(item).collect();
    format!(
        "{{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n{}\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {{}}\n}}\n",
        items.join(",\n")
    )
}

#[test]
fn the_exit_status_says_how_it_went() {
    let place = Place::new(&[("bad.yaml", BAD), ("broken.yaml", "a: [\n"), ("sub/none.txt", "")]);
    for (arguments, code) in [
        (&["check", "bad.yaml"][..], 1),
        (&["check", "--fail-on", "high", "bad.yaml"], 1),
        (&["check", "--fail-on", "critical", "bad.yaml"], 0),
        (&["check", "--fail-on", "never", "bad.yaml"], 0),
        (&["check", "missing.yaml"], 2),
        (&["check", "--fail-on", "never", "broken.yaml"], 2),
        (&["check", "sub"], 2),
        (&["check", "--level", "strict", "bad.yaml"], 2),
        (&["check", "--kube-version", "v1.34.1", "bad.yaml"], 1),
        (&["check", "--kube-version", "v2.34", "bad.yaml"], 2),
        (&["check", "--format", "xml", "bad.yaml"], 2),
        (&["nothing"], 2),
        (&["pss", "--level", "privileged", "bad.yaml"], 0),
        (&["pss", "bad.yaml"], 1),
        (&["pss", "broken.yaml"], 2),
        (&["explain", "host-pid"], 0),
        (&["explain", "no-such-rule-at-all"], 2),
        (&["explain", "host-pid", "host-ipc"], 0),
        (&["explain", "host-pid", "no-such-rule-at-all"], 2),
        (&["explain", "20"], 2),
        (&["explain", "datree", "20"], 0),
        (&["seccomp", "decide", "--cap", "SYS_ADMIM", "bad.yaml"], 2),
        (&["rules"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let said = place.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}\n{}\n{}", said.out, said.err);
    }
}

/// Whoever reads the exit status alone must not take what nobody looked at for what is in order.
#[test]
fn nothing_and_what_nobody_can_read_is_not_clean() {
    let flat = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\ncontainers:\n- name: a\n";
    let broken = format!("{BAD}---\nkind: {{\n");
    let place = Place::new(&[("empty.yaml", ""), ("flat.yaml", flat), ("bad.yaml", BAD), ("broken.yaml", &broken)]);
    for command in ["check", "pss", "harden"] {
        for said in [place.run(&[command, "empty.yaml"]), place.run_with(&[command, "-"], b"\n\n")] {
            assert!(said.code == 2 && said.err.contains("there is nothing in it"), "{command}: {}", said.err);
        }
        assert_eq!(place.run(&[command, "broken.yaml"]).code, 2, "{command}");
    }
    let said = place.run(&["pss", "flat.yaml", "bad.yaml"]);
    let lost = "flat.yaml:1:1: this text has lost its indentation; `watertight restore` brings it back";
    assert!(said.code == 2 && said.err.contains(lost) && said.out.contains("of 1 pod allowed"), "{}", said.err);
    // A brace that is not closed is another fault.
    let open = "apiVersion: v1\nkind: Pod\nmetadata: {name: a\nspec: {hostPID: true}\n";
    let said = place.run_with(&["pss", "-"], open.as_bytes());
    assert!(said.code == 2 && !said.err.contains("indentation"), "{}", said.err);
}

#[test]
fn what_nobody_recognises_is_not_clean() {
    let page: &[u8] = b"<!DOCTYPE html>\n<title>Sign in</title>\n";
    let table: &[u8] = b"NAME   READY   STATUS\nweb    1/1     Running\n";
    let values: &[u8] = b"image: web\nreplicas: 3\n";
    let empty: &[u8] = br#"{"apiVersion":"v1","kind":"List","items":[]}"#;
    let remark: &[u8] = b"# nothing yet\n";
    let map: &[u8] = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n";
    let place = Place::new(&[]);
    for command in [&["check", "-"][..], &["check", "--format", "sarif", "-"], &["harden", "-"], &["pss", "-"]] {
        for (text, code) in [(page, 2), (table, 2), (values, 2), (remark, 2), (empty, 0), (map, 0)] {
            let said = place.run_with(command, text);
            assert_eq!(said.code, code, "{command:?} {}\n{}{}", String::from_utf8_lossy(text), said.out, said.err);
        }
    }
    // Among others it is nothing to complain about.
    let place = Place::new(&[("values.yaml", "image: web\n"), ("map.yaml", "apiVersion: v1\nkind: ConfigMap\n")]);
    assert_ne!(place.run(&["check", "."]).code, 2);
}

#[test]
fn what_a_namespace_keeps_out_is_told() {
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: demo\n  labels: \
                     {pod-security.kubernetes.io/enforce: restricted}\n";
    let pod = BAD.replacen("metadata:\n", "metadata:\n  namespace: demo\n", 1);
    let place = Place::new(&[("namespace.yaml", namespace), ("bad.yaml", &pod)]);
    let out = place.run(&["check", "--level", "privileged", "."]).out;
    assert!(out.contains("1 of 1 pod would be refused by what their namespace enforces."), "{out}");
    let lax = namespace.replace("restricted", "privileged");
    let place = Place::new(&[("namespace.yaml", &lax), ("bad.yaml", &pod)]);
    let out = place.run(&["check", "."]).out;
    assert!(out.contains("1 of 1 pod would be let in all the same: their namespace asks for less."), "{out}");
}

#[test]
fn what_is_left_on_purpose_is_not_left_for_anybody() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec:\n  hostUsers: false\n  \
                automountServiceAccountToken: false\n  securityContext: {runAsNonRoot: true, runAsUser: 20000, \
                seccompProfile: {type: RuntimeDefault}}\n  containers:\n    # watertight: ignore resource-limits-missing \
                it may burst\n    - name: a\n      image: example.com/a:1@sha256:\
                0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n      securityContext: \
                {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}\n";
    let place = Place::new(&[("pod.yaml", text)]);
    let said = place.run(&["harden", "--level", "hardened", "--no-tmp", "pod.yaml"]);
    assert!(said.err.contains("left on purpose: ") && said.err.contains("it may burst"), "{}", said.err);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn what_is_left_has_its_line() {
    let place = Place::new(&[("tab.yaml", "apiVersion: v1\nkind: Pod\nspec:\n\thostPID: true\n")]);
    let said = place.run(&["harden", "tab.yaml"]);
    assert!(said.err.contains("tab.yaml:4: left for you: "), "{}", said.err);
}

#[test]
fn what_cannot_be_read_does_not_hide_the_rest() {
    let place = Place::new(&[("bad.yaml", BAD)]);
    place.write("latin.yaml", b"name: caf\xe9\n");
    place.write("utf16.yaml", b"\xff\xfea\0:\0");
    let said = place.run(&["check", "missing.yaml", "latin.yaml", "utf16.yaml", "bad.yaml"]);
    assert_eq!(said.code, 2);
    assert!(said.out.contains("[host-pid]"), "{}", said.out);
    for part in ["error: missing.yaml: ", "error: latin.yaml: this is not UTF-8 text: line 1 ", "save it as UTF-8"] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
}

#[test]
fn folders_are_walked_and_standard_input_is_a_dash_or_nothing() {
    let place = Place::new(&[("b/bad.yml", BAD), ("a.json", "{}"), (".hidden/x.yaml", BAD), ("c.txt", BAD)]);
    let said = place.run(&["pss", "--format", "jsonl", "."]);
    let lines: Vec<_> = said.out.lines().map(json).collect();
    assert_eq!(lines.len(), 1, "{}", said.out);
    assert_eq!(lines[0]["file"], "./b/bad.yml");
    for arguments in [&["pss", "--format", "jsonl", "-"][..], &["pss", "--format", "jsonl"]] {
        let said = place.run_with(arguments, BAD.as_bytes());
        assert_eq!(json(&said.out)["file"], "stdin");
    }
}

#[test]
fn one_line_a_pod() {
    let text = format!("# nothing\n---\n{BAD}---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {{name: d}}\n");
    let place = Place::new(&[]);
    let said =
        place.run_with(&["pss", "--level", "baseline", "--kube-version", "1.34", "--format", "jsonl"], text.as_bytes());
    let line = json(said.out.lines().next().unwrap());
    assert_eq!(line["name"], "web");
    assert_eq!(line["kind"], "Pod");
    assert_eq!(line["line"], 6);
    assert_eq!(line["version"], "v1.34");
    assert_eq!(line["allowed"], false);
    assert_eq!(line["failed"], serde_json::json!(["hostNamespaces"]));
    assert_eq!(line["detail"], "host namespaces (hostPID=true)");
    assert!(line["document"].is_u64());
}

#[test]
fn the_defaults_of_the_api_server_can_be_left_out() {
    let pod = "{apiVersion: v1, kind: Pod, spec: {volumes: [{name: v}], containers: []}}";
    let place = Place::new(&[]);
    assert_eq!(place.run_with(&["pss", "-"], pod.as_bytes()).code, 0);
    assert_eq!(place.run_with(&["pss", "--raw", "-"], pod.as_bytes()).code, 1);
}

#[test]
fn unknown_is_not_allowed_and_not_refused() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {hostPID: maybe, containers: []}}";
    let said = Place::new(&[]).run_with(&["pss", "--format", "jsonl"], pod.as_bytes());
    assert_eq!(said.code, 1);
    let line = json(&said.out);
    assert_eq!(line["allowed"], Value::Null);
    assert_eq!(line["unknown"], serde_json::json!(["spec.hostPID"]));
}

#[test]
fn text_shows_the_line_and_no_colours_where_nobody_sees_them() {
    let place = Place::new(&[("bad.yaml", BAD)]);
    let said = place.run(&["check", "bad.yaml"]);
    for part in ["high[host-pid]: ", "--> bad.yaml:6:3", "6 |   hostPID: true\n", "1 file, 1 pod: "] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert!(!said.out.contains('\x1b'));
    let said = place.run(&["check", "--color", "always", "bad.yaml"]);
    assert!(said.out.contains("\x1b["));
}

/// The words are the rule's own and taken from the report; everything around them stands here to the letter.
#[test]
fn one_finding_in_every_format() {
    let place = Place::new(&[("one.yaml", ONE)]);
    let report = json(&place.run(&["check", "--format", "json", "one.yaml"]).out);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{report}");
    let finding = &report["findings"][0];
    let word = |key: &str| finding[key].as_str().unwrap();
    let (rule, what, why, how) = (word("rule"), word("what"), word("why"), word("how"));
    let fix = finding["fixes"][0]["title"].as_str().unwrap();
    let text = format!(
        "one.yaml\n\nlow[{rule}]: {what}\n  --> one.yaml:25:9\n   |\n25 |         readOnlyRootFilesystem: false\n   |         \
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n   |\n   = why: {why}\n   = do: {how}\n   = fix: {fix} (may change how the program \
         behaves)\n\n1 file, 1 pod: 1 low.\n"
    );
    assert_eq!(place.run(&["check", "one.yaml"]).out, text);
    let github = format!(
        "::notice file=one.yaml,line=25,endLine=25,col=9,endColumn=38,title={} (low)::{what} {why} {how} [{rule}]\n",
        word("title")
    );
    assert_eq!(place.run(&["check", "--format", "github", "one.yaml"]).out, github);
    let junit = place.run(&["check", "--format", "junit", "one.yaml"]).out;
    let document = roxmltree::Document::parse(&junit).unwrap();
    let case = document.descendants().find(|node| node.has_tag_name("testcase")).unwrap();
    assert_eq!(case.attribute("name").unwrap(), format!("{rule}: Pod/web app"));
    assert_eq!(case.attribute("line"), Some("25"));
    let failure = case.first_element_child().unwrap();
    assert_eq!(failure.text().unwrap(), format!("one.yaml:25:9\n{what}\n{why}\n{how}"));
    let hardened = place.run(&["harden", "--level", "hardened", "one.yaml"]);
    assert_eq!(hardened.code, 0, "{}", hardened.err);
    let clean = place.run_with(&["check", "--level", "hardened", "-"], hardened.out.as_bytes());
    assert_eq!((clean.code, clean.out.as_str()), (0, "1 file, 1 pod: nothing found.\n"));
    let sarif = json(&place.run(&["check", "--format", "sarif", "one.yaml"]).out);
    let replaced = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"];
    assert!(replaced.as_array().unwrap().iter().any(|edit| edit["deletedRegion"]["startLine"] == 25), "{replaced}");
}

#[test]
fn json_is_what_the_engine_says() {
    let place = Place::new(&[("bad.yaml", BAD), ("other.yaml", &BAD.replace("web", "shop"))]);
    let said = place.run(&["check", "--format", "json", "bad.yaml", "other.yaml"]);
    let report: watertight::diagnostic::report::Report = serde_json::from_str(&said.out).unwrap();
    let other = place.read("other.yaml");
    let inputs =
        [watertight::Input { name: "bad.yaml", text: BAD }, watertight::Input { name: "other.yaml", text: &other }];
    let settings = watertight::diagnostic::Settings::default();
    assert_eq!(report, watertight::analyse(&inputs, &settings, watertight::text::Encoding::Utf8));
}

/// What could not be used stands in the report, too, which is valid whatever happens.
#[test]
fn json_says_what_could_not_be_used() {
    let place = Place::new(&[("bad.yaml", BAD), ("notes.txt", "buy milk\n")]);
    for (inputs, files, unusable) in [
        (["bad.yaml"].as_slice(), 1, [].as_slice()),
        (&["missing.yaml", "bad.yaml"], 1, &["missing.yaml"]),
        (&["missing.yaml"], 0, &["missing.yaml"]),
        (&["notes.txt"], 1, &["notes.txt"]),
    ] {
        let said = place.run(&[["check", "--format", "json"].as_slice(), inputs].concat());
        let report = json(&said.out);
        assert_eq!(report["files"].as_array().unwrap().len(), files, "{inputs:?}");
        let told = report["unusable"].as_array().unwrap();
        let names: Vec<_> = told.iter().map(|told| told["name"].as_str().unwrap()).collect();
        assert_eq!(names, unusable, "{inputs:?}");
        assert!(
            told.iter().all(|told| said.err.contains(told["reason"].as_str().unwrap())),
            "{inputs:?}: {}",
            said.err
        );
        assert_eq!(said.code, if unusable.is_empty() { 1 } else { 2 }, "{inputs:?}");
    }
}

#[test]
fn a_large_list_is_told_as_if_it_were_looked_at_whole() {
    // More than is read at once, so it is cut into pieces.
    let text = list(60, 100_000);
    assert!(text.len() > 5_000_000);
    let place = Place::new(&[("list.json", &text)]);
    let cut = place.run_with(&["check", "--format", "json", "-"], text.as_bytes());
    let whole = place.run(&["check", "--format", "json", "list.json"]);
    let (mut cut, mut whole) = (json(&cut.out), json(&whole.out));
    assert_eq!(cut["files"].as_array().unwrap().len(), 1);
    for report in [&mut cut, &mut whole] {
        // The list itself is told of once for each piece; its members are what counts.
        report.as_object_mut().unwrap().remove("files");
        sort(&mut report["findings"]);
    }
    assert_eq!(cut["pods"].as_array().unwrap().len(), 60);
    assert_eq!(cut["pods"], whole["pods"]);
    assert_eq!(cut["findings"], whole["findings"]);
    assert_eq!(cut["checklist"][0]["state"], whole["checklist"][0]["state"]);

    let lines = |said: Said| said.out.lines().map(|line| json(line)["line"].clone()).collect::<Vec<_>>();
    let cut = lines(place.run_with(&["pss", "--format", "jsonl", "-"], text.as_bytes()));
    assert_eq!(cut, lines(place.run(&["pss", "--format", "jsonl", "list.json"])));
}

/// By place, since the order by severity holds only inside each piece.
fn sort(findings: &mut Value) {
    let key = |finding: &Value| (finding["primary"]["range"]["start"].as_u64(), finding["rule"].to_string());
    findings.as_array_mut().unwrap().sort_by_key(key);
}

#[test]
fn documents_of_a_large_stream_keep_their_lines_and_numbers() {
    let document = |n: usize| format!("---\n# {}\n{}", "x".repeat(100_000), BAD.replace("web", &format!("web{n}")));
    let text: String = (0..60).map(document).collect();
    let place = Place::new(&[("all.yaml", &text)]);
    let cut = place.run_with(&["pss", "--format", "jsonl", "-"], text.as_bytes());
    let whole = place.run(&["pss", "--format", "jsonl", "all.yaml"]);
    assert_eq!(cut.out.replace("\"stdin\"", "\"all.yaml\""), whole.out);
    assert_eq!(cut.out.lines().count(), 60);
}

/// A line of standard input says nothing to whoever has only the output.
#[test]
fn of_several_objects_each_is_named() {
    let pod = |name: &str| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{hostPID: true, containers: []}}\n"
        )
    };
    let place = Place::new(&[]);
    let both = pod("web") + &pod("db");
    let text = place.run_with(&["check", "-"], both.as_bytes()).out;
    assert!(
        text.contains("= in: Pod/web of namespace shop") && text.contains("= in: Pod/db of namespace shop"),
        "{text}"
    );
    let github = place.run_with(&["check", "--format", "github", "-"], both.as_bytes()).out;
    assert!(github.contains("::Pod/db of namespace shop: "), "{github}");
    assert!(!place.run_with(&["check", "-"], pod("web").as_bytes()).out.contains("= in:"));
}

#[test]
fn the_answer_begins_before_the_question_ends() {
    let text = list(100, 100_000);
    let place = Place::new(&[]);
    let mut child = place.spawn(&["check", "--format", "github", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (seen, wait) = std::sync::mpsc::channel();
    let writer = std::thread::spawn(move || {
        let (first, rest) = text.as_bytes().split_at(8_000_000);
        drop(stdin.write_all(first));
        // The rest comes only after an answer.
        wait.recv().unwrap();
        drop(stdin.write_all(rest));
    });
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert!(line.starts_with("::"), "{line}");
    // Nobody listens any more: that is no reason to panic.
    drop(out);
    seen.send(()).unwrap();
    writer.join().unwrap();
    let said = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stderr), "");
    assert!(said.status.code().is_some());
}

#[test]
fn sarif_has_what_code_scanning_needs() {
    let place = Place::new(&[("a b.yaml", BAD)]);
    let said = place.run(&["check", "--format", "sarif", "a b.yaml", "missing.yaml"]);
    let log = json(&said.out);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "host-pid").unwrap();
    assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], "host-pid");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.yaml");
    assert_eq!(place["region"]["startLine"], 6);
    assert_eq!(place["region"]["startColumn"], 3);
    assert_eq!(result["partialFingerprints"]["watertight/v1"].as_str().unwrap().len(), 16);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert!(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].is_string());
    for result in results {
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_suppressed_finding_is_told_where_it_does_not_count() {
    let text = BAD.replace("hostPID: true", "hostPID: true # watertight: ignore host-pid it watches processes");
    let place = Place::new(&[("bad.yaml", &text)]);
    let log = json(&place.run(&["check", "--format", "sarif", "bad.yaml"]).out);
    // Code scanning would take it for open.
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty() && results.iter().all(|result| result["ruleId"] != "host-pid"));
    let junit = place.run(&["check", "--format", "junit", "bad.yaml"]).out;
    assert!(junit.contains("<skipped message=\"it watches processes\"/>"), "{junit}");
    assert!(place.run(&["check", "bad.yaml"]).out.contains("; 1 suppressed."));
}

#[test]
fn junit_is_xml_whatever_the_names_are() {
    let text = BAD.replace("name: app", "name: \"a<b>&\\\"\\u0001\"");
    let place = Place::new(&[("bad & worse.yaml", &text)]);
    let said = place.run(&["check", "--format", "junit", "bad & worse.yaml", "missing.yaml"]);
    let document = roxmltree::Document::parse(&said.out).unwrap();
    let suites: Vec<_> = document.root_element().children().filter(|node| node.is_element()).collect();
    assert_eq!(suites.len(), 2);
    for suite in &suites {
        let cases = suite.children().filter(|node| node.has_tag_name("testcase")).count();
        assert_eq!(suite.attribute("tests"), Some(cases.to_string().as_str()));
        let failures = suite.descendants().filter(|node| node.has_tag_name("failure")).count();
        assert_eq!(suite.attribute("failures"), Some(failures.to_string().as_str()));
    }
}

#[cfg(unix)]
#[test]
fn names_and_texts_cannot_speak_to_the_terminal() {
    let text = BAD.replace("name: app", "name: \"x\\u001b[31m\\n::error::y\"");
    let text = text.replace("hostPID: true", "hostPID: true # \u{202e}\x1b]0;title\x07");
    let name = "a\n::warning::b\x1b[2J\u{202e}.yaml";
    let place = Place::new(&[(name, &text)]);
    for arguments in
        [&["check", "."][..], &["pss", "."], &["check", "--format", "github", "."], &["harden", "--diff", "."]]
    {
        let said = place.run(arguments);
        for text in [&said.out, &said.err] {
            // A diff has to show a line as it is; everything around it has not.
            let shown: String = text.lines().filter(|line| !is_diff(line)).collect();
            assert!(!shown.contains(['\x1b', '\x07', '\u{202e}']), "{arguments:?}: {text:?}");
            let commands = text.lines().filter(|line| line.starts_with("::"));
            assert!(commands.clone().all(|line| line.contains("file=")), "{arguments:?}: {text}");
        }
    }
}

fn is_diff(line: &str) -> bool {
    line.starts_with([' ', '+', '-', '@']) && !line.starts_with("+++") && !line.starts_with("---")
}

#[test]
fn harden_prints_writes_or_shows() {
    let place = Place::new(&[("bad.yaml", BAD), ("other.yaml", BAD)]);
    let printed = place.run(&["harden", "--level", "baseline", "bad.yaml"]);
    assert!(!printed.out.contains("hostPID: true"), "{}", printed.out);
    assert!(printed.out.contains("image: example.com/app:1.0"));
    let piped = place.run_with(&["harden", "--level", "baseline", "-"], BAD.as_bytes());
    assert_eq!(piped.out, printed.out);
    let diff = place.run(&["harden", "--level", "baseline", "--diff", "bad.yaml", "other.yaml"]);
    assert_eq!(diff.out.matches("\n-  hostPID: true").count(), 2, "{}", diff.out);
    assert_eq!(place.read("bad.yaml"), BAD, "only --write changes files");
    let written = place.run(&["harden", "--level", "baseline", "--write", "bad.yaml"]);
    assert_eq!((written.out.as_str(), place.read("bad.yaml")), ("", printed.out));
    assert_eq!(place.run(&["harden", "bad.yaml", "other.yaml"]).code, 2, "two texts cannot be printed as one");
    assert_eq!(place.run(&["harden", "--write", "--diff", "bad.yaml"]).code, 2);
    assert_eq!(place.run_with(&["harden", "--write", "-"], BAD.as_bytes()).code, 2);
}

#[test]
fn lost_indentation_is_told_and_brought_back() {
    let flat: String = BAD.lines().map(|line| format!("{}\n", line.trim_start())).collect();
    let place = Place::new(&[("flat.yaml", &flat), ("good.yaml", BAD)]);
    let told = place.run(&["check", "flat.yaml"]);
    assert!(told.out.contains("The indentation of flat.yaml is lost"), "{}", told.out);
    let restored = place.run(&["restore", "flat.yaml"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(place.run_with(&["check"], restored.out.as_bytes()).out.contains("[host-pid]"), "{}", restored.out);
    assert_eq!(place.run(&["restore", "good.yaml"]).code, 1);
    assert!(place.run(&["restore", "--diff", "flat.yaml"]).out.contains("\n+  hostPID: true"));
    place.run(&["restore", "--write", "flat.yaml"]);
    assert_eq!(place.read("flat.yaml"), restored.out);
}

#[cfg(unix)]
#[test]
fn writing_keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = Place::new(&[("real.yaml", BAD)]);
    let real = place.path().join("real.yaml");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.yaml", place.path().join("link.yaml")).unwrap();
    place.run(&["harden", "--level", "baseline", "--write", "link.yaml"]);
    assert!(fs::symlink_metadata(place.path().join("link.yaml")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(!place.read("real.yaml").contains("hostPID: true"));
}

#[test]
fn rules_are_listed_and_explained() {
    let place = Place::new(&[]);
    let rules = json(&place.run(&["rules", "--format", "json"]).out);
    let rules = rules.as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == "host-pid"));
    let listed = place.run(&["rules"]).out;
    assert_eq!(listed.lines().count(), rules.len());
    for rule in rules {
        let said = place.run(&["explain", rule["id"].as_str().unwrap()]);
        assert_eq!(said.code, 0);
        assert!(said.out.starts_with(rule["id"].as_str().unwrap()), "{}", said.out);
    }
    assert!(place.run(&["explain", "KSV-0010"]).out.contains("host-pid"), "another tool's id");
    assert!(place.run(&["explain", "host-pids"]).err.contains("did you mean host-pid?"));
}

/// Containers that are no Kubernetes objects are checked and hardened in their own syntax.
#[test]
fn other_ways_to_start_a_container() {
    let line = "docker run --privileged alpine:3\n";
    let compose = "services:\n  web:\n    image: web:1\n    privileged: true\n";
    let config = "{\"ociVersion\": \"1.0.2\", \"process\": {\"user\": {\"uid\": 0}}, \"root\": {\"path\": \"x\"}, \"linux\": {}}\n";
    let place = Place::new(&[("run.sh", line), ("compose.yaml", compose), ("config.json", config)]);
    for (name, kind, rule) in [
        ("run.sh", "command-lines", "privileged"),
        ("compose.yaml", "compose", "privileged"),
        ("config.json", "oci-config", "host-pid"),
    ] {
        let said = place.run(&["check", "--format", "json", name]);
        assert_eq!(said.code, 1, "{name}: {}", said.err);
        let report = json(&said.out);
        assert_eq!(report["files"][0]["kind"], kind);
        let found = report["findings"].as_array().unwrap();
        assert!(found.iter().any(|found| found["rule"] == rule), "{name}: {found:?}");
    }
    let said = place.run_with(&["harden", "-"], line.as_bytes());
    assert!(said.out.starts_with("docker run --") && !said.out.contains("--privileged"), "{}", said.out);
    let said = place.run(&["harden", "compose.yaml"]);
    assert!(said.out.contains("cap_drop:") && !said.out.contains("privileged: true"), "{}", said.out);
}
