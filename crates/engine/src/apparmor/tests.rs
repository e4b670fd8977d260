use std::collections::BTreeSet;

use watertight_diagnostic::Settings;
use watertight_diagnostic::report::InputKind;
use watertight_text::Encoding;

use crate::{Input, analyse};

/// The findings about AppArmor, as `file:line rule`, in the order of the report.
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let inputs: Vec<_> = files.iter().map(|&(name, text)| Input { name, text }).collect();
    let report = analyse(&inputs, &Settings::default(), Encoding::Utf8);
    let found = report.findings.iter().filter(|finding| finding.rule.starts_with("apparmor"));
    let found: Vec<String> = found
        .map(|finding| {
            let file = report.files.get(finding.primary.file as usize).map_or("", |file| &file.name);
            format!("{file}:{} {}", finding.primary.range.start_line, finding.rule)
        })
        .collect();
    assert_eq!(found, expected);
}

fn pod(profile: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: a}}\nspec:\n  securityContext:\n    appArmorProfile:\n      \
         type: Localhost\n      localhostProfile: {profile}\n  containers:\n    - {{name: web, image: x}}\n"
    )
}

const GOOD: &str = "abi <abi/4.0>,\nprofile web {\n  /** rmix,\n  signal,\n  profile child {\n  }\n}\n";

#[test]
fn a_pod_and_its_profile() {
    check(&[("pod.yaml", &pod("web")), ("web", GOOD)], &[]);
    check(&[("pod.yaml", &pod("web//child")), ("web", GOOD)], &[]);
    check(&[("pod.yaml", &pod("other")), ("web", GOOD)], &["pod.yaml:6 apparmor-unknown-profile"]);
    check(&[("pod.yaml", &pod("other"))], &[]);
    check(
        &[("pod.yaml", &pod("web")), ("web", "abi <abi/4.0>,\nprofile web {\n  /a r\n}\n")],
        &["pod.yaml:6 apparmor-unloadable-profile", "web:3 apparmor-syntax"],
    );
    let complain = GOOD.replace("web {", "web flags=(complain) {");
    check(&[("pod.yaml", &pod("web")), ("web", &complain)], &["pod.yaml:6 apparmor-unenforced-profile"]);
}

#[test]
fn the_old_annotation() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: a\n  annotations:\n    \
        container.apparmor.security.beta.kubernetes.io/web: localhost/other\nspec:\n  containers:\n    - {name: web, image: x}\n";
    check(&[("pod.yaml", text), ("web", GOOD)], &["pod.yaml:7 apparmor-unknown-profile"]);
}

#[test]
fn an_object_of_the_operator() {
    let object = "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata: {name: web}\nspec:\n  \
        abstract:\n    filesystem:\n      readOnlyPaths:\n        - /etc/hosts\n        - /a{b}\n";
    check(
        &[("pod.yaml", &pod("web")), ("object.yaml", object)],
        &["pod.yaml:6 apparmor-unloadable-profile", "object.yaml:9 apparmor-refused"],
    );
}

#[test]
fn an_include_from_another_tab() {
    let text = "abi <abi/4.0>,\nprofile web {\n  include <local/web>\n  signal,\n  /a m,\n}\n";
    check(&[("web", text)], &["web:3 apparmor-unknown-include"]);
    check(&[("web", text), ("etc/apparmor.d/local/web", "/a r,\n")], &[]);
    check(&[("web", text), ("local/web", "/a r\n")], &["web:3 apparmor-syntax"]);
    // An included text is no text that nobody knows, and may be empty, as those of distributions are.
    for included in ["/a r,\n", ""] {
        let files = [Input { name: "web", text }, Input { name: "local/web", text: included }];
        assert_eq!(analyse(&files, &Settings::default(), Encoding::Utf8).findings, []);
    }
}

#[test]
fn what_is_to_be_left_out_is_said_in_comments() {
    let text = "abi <abi/4.0>,\nprofile web {\n  signal,\n  deny /** w,\n  \"/a{b}\" r,\n  /tmp/** rw, # watertight: ignore apparmor-dead-allow it is known\n  # watertight: ignore apparmor-dead-allow nothing here\n  /a m,\n}\n";
    let files = [Input { name: "web", text }];
    let report = analyse(&files, &Settings::default(), Encoding::Utf8);
    assert_eq!(report.files[0].documents, [], "a profile is no YAML");
    let left_out: Vec<&str> = report.suppressed.iter().map(|one| &*one.finding.rule).collect();
    assert_eq!(left_out, ["apparmor-dead-allow"]);
    let unused = report.findings.iter().find(|finding| finding.rule == "unused-suppression").unwrap();
    assert_eq!(unused.what, "There is no finding of \"apparmor-dead-allow\" here to be left out.");
}

#[test]
fn a_fix_is_an_edit_of_the_text() {
    let text = "profile web {\n  /a r\n}\n";
    let files = [Input { name: "web", text }];
    let report = analyse(&files, &Settings::default(), Encoding::Utf8);
    assert_eq!(report.files[0].kind, InputKind::AppArmor);
    let finding = report.findings.iter().find(|finding| finding.rule == "apparmor-syntax").unwrap();
    let fix = &finding.fixes[0];
    assert_eq!(fix.rewrites[0].text, ",");
}

/// The rules that speak of a pod that asks for a profile `other`, and of another text.
fn beside_a_pod(name: &str, text: &str) -> BTreeSet<String> {
    let pod = pod("other");
    let files = [Input { name: "pod.yaml", text: &pod }, Input { name, text }];
    let report = analyse(&files, &Settings::default(), Encoding::Utf8);
    let told =
        report.findings.iter().filter(|found| found.rule == "too-large" || found.rule == "apparmor-unknown-profile");
    told.map(|found| format!("{}:{} {}", found.primary.file, found.primary.range.start_line, found.rule)).collect()
}

#[test]
fn an_object_that_aliases_multiply_is_not_read() {
    let object = |path: &str| {
        let paths = "*v, ".repeat(200);
        format!(
            "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata: {{name: web}}\nx: &v {path}\nspec: {{abstract: {{filesystem: {{readOnlyPaths: [{paths}]}}}}}}\n"
        )
    };
    let long = ["/", &"n".repeat(5_000)].concat();
    // The pod may mean it.
    assert_eq!(Vec::from_iter(beside_a_pod("web.yaml", &object(&long))), ["1:1 too-large"]);
    assert_eq!(Vec::from_iter(beside_a_pod("web.yaml", &object("/a"))), ["0:6 apparmor-unknown-profile"]);
}

#[test]
fn more_objects_than_are_read() {
    let objects = |count: usize| {
        let object = |at| {
            format!(
                "---\napiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata: {{name: a{at}}}\n"
            )
        };
        (0..count).map(object).collect::<String>()
    };
    assert_eq!(Vec::from_iter(beside_a_pod("a.yaml", &objects(90))), ["0:6 apparmor-unknown-profile"]);
    assert!(beside_a_pod("a.yaml", &objects(300)).iter().all(|told| told.ends_with("too-large")));
}

#[test]
fn a_name_that_is_too_long_may_be_meant() {
    let children = (0..100).map(|at| format!("  profile c{at} {{ }}\n")).collect::<String>();
    let profile = |name: &str| format!("profile {name} {{\n{children}}}\n");
    assert_eq!(Vec::from_iter(beside_a_pod("a", &profile("a"))), ["0:6 apparmor-unknown-profile"]);
    assert_eq!(beside_a_pod("a", &profile(&"n".repeat(100_000))).len(), 0);
}
