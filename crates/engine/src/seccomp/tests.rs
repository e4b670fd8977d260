use std::collections::BTreeSet;

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{NodeSettings, Runtime, Settings};
use watertight_text::Encoding;

use crate::{Input, analyse};

/// The findings about seccomp profiles, as `file:line rule`, in the order of the report; those that only inform left out.
#[track_caller]
fn check_with(runtime: Runtime, files: &[(&str, &str)], expected: &[&str]) {
    let settings = Settings { node: NodeSettings { runtime, ..NodeSettings::default() }, ..Settings::default() };
    let inputs: Vec<_> = files.iter().map(|&(name, text)| Input { name, text }).collect();
    let report = analyse(&inputs, &settings, Encoding::Utf8);
    let told = report.findings.iter().filter(|finding| {
        let is_info = finding.severity == watertight_diagnostic::Severity::Info;
        finding.rule.starts_with("seccomp-") && finding.rule != "seccomp-missing" && !is_info
    });
    let found: Vec<String> = told
        .map(|finding| {
            let file = report.files.get(finding.primary.file as usize).map_or("", |file| &file.name);
            format!("{file}:{} {}", finding.primary.range.start_line, finding.rule)
        })
        .collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    check_with(Runtime::Containerd, files, expected);
}

fn pod(profile: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: a}}\nspec:\n  securityContext:\n    seccompProfile:\n      \
         type: Localhost\n      localhostProfile: {profile}\n  containers:\n    - {{name: web, image: x}}\n"
    )
}

/// What lets runc, crun and programs with libraries start, and nothing else.
const STARTS: &str = "{\n\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\"syscalls\": [{\"names\": [\"arch_prctl\", \"brk\", \"capget\", \
    \"capset\", \"chdir\", \"close\", \"execve\", \"exit_group\", \"faccessat2\", \"fstat\", \"fstatfs\", \"getcwd\", \
    \"getdents64\", \"getppid\", \"mmap\", \"mprotect\", \"newfstatat\", \"openat\", \"prctl\", \"pread64\", \"read\", \
    \"rt_sigaction\", \"rt_sigprocmask\", \"setgid\", \"setgroups\", \"setresgid\", \"setresuid\", \"setuid\", \"write\"],\n\
    \"action\": \"SCMP_ACT_ALLOW\"}]}\n";

#[test]
fn a_pod_and_its_profile() {
    check(&[("pod.yaml", &pod("profiles/web.json")), ("web.json", STARTS)], &[]);
    check(&[("pod.yaml", &pod("other.json")), ("web.json", STARTS)], &["pod.yaml:6 seccomp-unknown-profile"]);
    check(&[("pod.yaml", &pod("other.json"))], &[]);
    let refused = STARTS.replace("ERRNO", "DENY");
    check(
        &[("pod.yaml", &pod("web.json")), ("web.json", &refused)],
        &["pod.yaml:6 seccomp-refused-profile", "web.json:2 seccomp-unknown-word"],
    );
    let early = STARTS.replace("\"setuid\", ", "");
    check(
        &[("pod.yaml", &pod("web.json")), ("web.json", &early)],
        &["pod.yaml:6 seccomp-unstartable-profile", "web.json:2 seccomp-cannot-start"],
    );
    let late = pod("web.json").replace("image: x", "image: x, securityContext: {allowPrivilegeEscalation: false}");
    check(&[("pod.yaml", &late), ("web.json", &early)], &["web.json:2 seccomp-cannot-start"]);
}

#[test]
fn one_file_and_three_readers() {
    let gated = STARTS.replace(
        "}]}",
        "}, {\"names\": [\"mount\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}}]}",
    );
    check_with(Runtime::Containerd, &[("a.json", &gated)], &["a.json:4 seccomp-lost-gates"]);
    check_with(Runtime::Docker, &[("a.json", &gated)], &[]);
    check_with(Runtime::CriO, &[("a.json", &gated)], &[]);
}

#[test]
fn an_object_of_the_operator() {
    let object = |name: &str, base: &str, names: &[&str]| {
        format!(
            "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {{name: {name}}}\nspec:\n  \
             defaultAction: SCMP_ACT_ERRNO\n{base}  syscalls:\n    - action: SCMP_ACT_ALLOW\n      names: [{}]\n",
            names.join(", ")
        )
    };
    let is_call = |name: &&str| watertight_seccomp::Syscall::from_name(name).is_some();
    let names: Vec<&str> = STARTS.split('"').filter(is_call).collect();
    let whole = object("web", "", &names);
    check(&[("pod.yaml", &pod("operator/web.json")), ("web.yaml", &whole)], &[]);
    let (left, right) = names.split_at(10);
    let web = object("web", "  baseProfileName: base\n", left);
    let base = object("base", "", right);
    // The parts do what the whole does; only the base by itself starts nothing.
    check(
        &[("pod.yaml", &pod("operator/web.json")), ("web.yaml", &web), ("base.yaml", &base)],
        &["base.yaml:5 seccomp-cannot-start"],
    );
}

#[test]
fn what_is_taken_for_a_profile() {
    let kind = |text: &str| analyse(&[Input { name: "a", text }], &Settings::default(), Encoding::Utf8).files[0].kind;
    for text in [
        "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}",
        "{\"syscalls\": []}",
        "{\"DefaultAction\": \"x\"}",
        "defaultAction: SCMP_ACT_ALLOW\n",
        "{\"vcpu\": {\"default_action\": \"trap\", \"filter_action\": \"allow\", \"filter\": []}}",
    ] {
        assert_eq!(kind(text), InputKind::Seccomp, "{text}");
    }
    for text in ["{\"syscalls\": [1]}", "kind: X\ndefaultAction: a\n", "{}", "{\"a\": {\"filter\": []}}"] {
        assert_ne!(kind(text), InputKind::Seccomp, "{text}");
    }
}

#[test]
fn the_configuration_of_a_container() {
    let text = "{\"ociVersion\": \"1.0.2\", \"process\": {\"args\": [\"a\"]}, \"root\": {\"path\": \"a\"}, \"linux\": {\"seccomp\": {\n\
                \"defaultAction\": \"SCMP_ACT_ALLOW\"}}}";
    check(&[("config.json", text)], &["config.json:2 seccomp-allow-by-default"]);
    // It names no file, so that none can be missing.
    check(
        &[("config.json", text), ("a.json", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}")],
        &["config.json:2 seccomp-allow-by-default", "a.json:1 seccomp-allow-by-default"],
    );
}

#[test]
fn what_aliases_multiply_is_not_read() {
    let long = "n".repeat(5_000);
    let file = |value: &str| {
        format!(
            "a: &v {value}\ndefaultAction: SCMP_ACT_ERRNO\nsyscalls:\n{}",
            "- {names: [*v], action: *v}\n".repeat(200)
        )
    };
    let object = |value: &str| {
        let entries = "{names: [*v], action: *v}, ".repeat(200);
        format!(
            "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {{name: web}}\nx: &v {value}\nspec: {{syscalls: [{entries}]}}\n"
        )
    };
    let found = |name: &str, text: &str| {
        let pod = pod("other.json");
        let files = [Input { name: "pod.yaml", text: &pod }, Input { name, text }];
        let report = analyse(&files, &Settings::default(), Encoding::Utf8);
        let told =
            report.findings.iter().filter(|found| found.rule == "too-large" || found.rule.starts_with("seccomp-u"));
        told.map(|found| format!("{}:{} {}", found.primary.file, found.primary.range.start_line, found.rule))
            .collect::<BTreeSet<_>>()
    };
    let read = ["0:6 seccomp-unknown-profile"];
    // The pod may mean what is not read.
    assert_eq!(Vec::from_iter(found("web.json", &file(&long))), ["1:1 too-large"]);
    assert_eq!(Vec::from_iter(found("web.yaml", &object(&long))), ["1:5 too-large"]);
    for text in [file("read"), object("read")] {
        assert!(found("web.json", &text).contains(read[0]), "{text}");
    }
}
