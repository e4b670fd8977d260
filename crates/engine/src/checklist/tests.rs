use watertight_diagnostic::Settings;
use watertight_diagnostic::report::ChecklistState;
use watertight_text::Encoding;

use crate::{Input, analyse};

/// The state of some items, and what is said of each.
#[track_caller]
fn check(texts: &[&str], expected: &[(&str, ChecklistState, &str)]) {
    let files: Vec<_> = texts.iter().map(|text| Input { name: "x", text }).collect();
    let report = analyse(&files, &Settings::default(), Encoding::Utf8);
    for (id, state, because) in expected {
        let item = report.checklist.iter().find(|item| item.id == *id).unwrap();
        assert_eq!((item.state, item.because.as_str()), (*state, *because), "{id}: {texts:?}");
    }
}

const UNREADABLE: [(&str, &str); 5] = [
    ("never-privileged", "The value of privileged cannot be read here."),
    ("capabilities-dropped", "The value of capabilities.drop cannot be read here."),
    ("read-only-root", "The value of readOnlyRootFilesystem cannot be read here."),
    ("seccomp", "The value of seccompProfile cannot be read here."),
    ("apparmor", "The value of appArmorProfile cannot be read here."),
];

/// A profile that a container asks for is worth what it stops.
#[test]
fn profiles_that_stop_nothing() {
    let pod = |field: &str, name: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: a:1\n    \
             securityContext: {{{field}: {{type: Localhost, localhostProfile: {name}}}}}\n"
        )
    };
    let nothing = "Container a of Pod/a asks for a profile that stops nothing.";
    let broken = "Container a of Pod/a does not start with the profile that it asks for, as far as the files say.";
    let (open, unknown, done) = (ChecklistState::Open, ChecklistState::Unknown, ChecklistState::Done);
    let filtered = "Every container runs under a seccomp profile.";
    let seccomp = |profile: &str, state, because| {
        check(&[&pod("seccompProfile", "profiles/x"), profile], &[("seccomp", state, because)]);
    };
    seccomp("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", open, nothing);
    seccomp("{\"defaultAction\": \"SCMP_ACT_LOG\"}", open, nothing);
    seccomp("{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", unknown, broken);
    let refuses = |name: &str| {
        format!(
            "{{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{{\"names\": [\"{name}\"], \"action\": \"SCMP_ACT_ERRNO\"}}]}}"
        )
    };
    seccomp(&refuses("bpf"), done, filtered);
    seccomp(&refuses("acct"), open, nothing);
    check(&[&pod("seccompProfile", "x.json")], &[("seccomp", done, filtered)]);
    let confined = "Every container runs under an AppArmor profile.";
    let apparmor = |profile: &str, state, because| {
        check(&[&pod("appArmorProfile", "web"), profile], &[("apparmor", state, because)]);
    };
    apparmor("profile web flags=(complain) { file, }\n", open, nothing);
    apparmor("profile web { file, }\n", done, confined);
    apparmor("profile other { file, }\n", unknown, broken);
}

#[test]
fn what_lies_in_something_unreadable_is_not_said() {
    let pod = |container: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: a:1\n{container}"
        )
    };
    let unknown = UNREADABLE.map(|(id, because)| (id, ChecklistState::Unknown, because));
    for container in [
        "    securityContext:\n      {{- toYaml .Values.sc | nindent 6 }}\n",
        "    securityContext: {{ .Values.sc }}\n",
        "    securityContext: wrong\n",
        "    {{- include \"security\" . | nindent 4 }}\n",
        "    securityContext:\n      runAsUser: 1\n      {{- toYaml .Values.sc | nindent 6 }}\n",
    ] {
        check(&[&pod(container)], &unknown);
    }
    let security = |field: &str| pod(&format!("    securityContext:\n      {field}\n"));
    let one = |field: &str, id, state, because| check(&[&security(field)], &[(id, state, because)]);
    let (open, not_said) = (ChecklistState::Open, ChecklistState::Unknown);
    let id = "capabilities-dropped";
    one("capabilities: {{ .Values.caps }}", id, not_said, "The value of capabilities.drop cannot be read here.");
    one(
        "capabilities: {drop: [{{ .Values.caps }}]}",
        id,
        not_said,
        "The value of capabilities.drop cannot be read here.",
    );
    one(
        "capabilities: {drop: [ALL], add: {{ .Values.caps }}}",
        id,
        not_said,
        "The value of capabilities.add cannot be read here.",
    );
    one("capabilities: {add: {{ .Values.caps }}}", id, open, "Container a of Pod/a does not drop ALL.");
    one("capabilities: {drop: {{ .Values.caps }}, add: [SYS_ADMIN]}", id, open, "Container a of Pod/a adds SYS_ADMIN.");
    one("privileged: {{ .Values.p }}", "never-privileged", not_said, "The value of privileged cannot be read here.");
    one(
        "windowsOptions: {{ .Values.w }}",
        "never-privileged",
        not_said,
        "The value of windowsOptions.hostProcess cannot be read here.",
    );
}

#[test]
fn profiles_count_as_the_api_server_and_engines_take_them() {
    let one = |text: &str, id, state, because| check(&[text], &[(id, state, because)]);
    let annotated = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: \
                     {container.apparmor.security.beta.kubernetes.io/web: unconfined}\nspec:\n  securityContext: \
                     {appArmorProfile: {type: RuntimeDefault}}\n  containers: [{name: web}]\n";
    let unconfined = "Container web of Pod/a is unconfined by its annotation.";
    one(annotated, "apparmor", ChecklistState::Open, unconfined);
    let named = "docker run --privileged --security-opt seccomp=p.json alpine\n";
    one(named, "seccomp", ChecklistState::Done, "Every container runs under a seccomp profile.");
    let bare = "docker run --privileged --name a alpine\n";
    let no_filter = "Container a of docker run/a is privileged, and so runs without a filter.";
    one(bare, "seccomp", ChecklistState::Open, no_filter);
}

#[test]
fn capabilities_are_read_as_runtimes_read_them() {
    let check = |capabilities: &str, state, because| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: a\n    \
             securityContext: {{capabilities: {{{capabilities}}}}}\n"
        );
        check(&[&text], &[("capabilities-dropped", state, because)]);
    };
    let done = "Every container drops ALL and adds nothing but NET_BIND_SERVICE.";
    check("drop: [all], add: [cap_net_bind_service]", ChecklistState::Done, done);
    // No runtime knows this name.
    check("drop: [CAP_ALL]", ChecklistState::Open, "Container a of Pod/a does not drop ALL.");
    check("drop: [ALL], add: [NET_RAW]", ChecklistState::Open, "Container a of Pod/a adds NET_RAW.");
}

#[test]
fn what_may_hold_more_containers_is_not_said() {
    let pod = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  {spec}\n  containers:\n  - {{name: a, image: a, \
             securityContext: {{readOnlyRootFilesystem: true}}}}\n"
        )
    };
    let more = "Pod/a may have more containers, which cannot be read here.";
    for spec in ["initContainers: {{ .Values.init }}", "initContainers: [{{ .Values.init }}]"] {
        let expected = ["never-privileged", "read-only-root"].map(|id| (id, ChecklistState::Unknown, more));
        check(&[&pod(spec)], &expected);
    }
    let expected = [
        ("read-only-root", ChecklistState::Unknown, more),
        ("sandbox", ChecklistState::Unknown, "The value of runtimeClassName cannot be read here."),
    ];
    check(&[&pod("{{- include \"a\" . | nindent 2 }}")], &expected);
}

#[test]
fn pasted_versions_say_whether_the_node_is_current() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n";
    let says = |texts: &[&str], state, start: &str| {
        for texts in [texts.to_vec(), [&[pod], texts].concat()] {
            let files: Vec<_> = texts.iter().map(|text| Input { name: "x", text }).collect();
            let report = analyse(&files, &Settings::default(), Encoding::Utf8);
            let item = report.checklist.iter().find(|item| item.id == "patched-nodes").unwrap();
            assert_eq!(item.state, state, "{texts:?}: {}", item.because);
            assert!(item.because.starts_with(start), "{texts:?}: {}", item.because);
        }
    };
    let (open, unknown) = (ChecklistState::Open, ChecklistState::Unknown);
    says(&["runc version 1.1.4\n"], open, "runc 1.1.4 has CVE-");
    says(&["runc version 1.99.0\n"], unknown, "As of 20");
    says(&["Linux a 99.1.0 #1 SMP x86_64 GNU/Linux\n"], unknown, "Too little is known to say whether CVE-");
    let vendor = "Linux a 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\nrunc version 1.99.0\n";
    says(&[vendor], unknown, "The number of Linux 5.15.0-91-generic does not tell whether CVE-");
    says(&["runc version 1.1.4\n", "runc version 1.99.0\n"], open, "runc 1.1.4 has CVE-");
    says(&["runc version 1.1.4\n", "runc version x\n"], unknown, "A version of runc cannot be read.");
}

#[test]
fn engines_are_spoken_of_in_their_own_words() {
    let beside = "There is no object of Kubernetes, and no admission looks at anything else.";
    let all = |text: &str, state, sandbox: &str| {
        check(
            &[text],
            &[("pod-security-standard", ChecklistState::NotApplicable, beside), ("sandbox", state, sandbox)],
        );
    };
    let (done, open, unknown) = (ChecklistState::Done, ChecklistState::Open, ChecklistState::Unknown);
    let sandboxed = "Everything runs under a runtime that is a sandbox.";
    all("docker run --name a alpine\n", open, "docker run/a sets no --runtime, so it shares the kernel of its host.");
    all("docker run --name a --runtime runc alpine\n", open, "docker run/a runs under runc, which is no sandbox.");
    all("docker run --runtime runsc alpine\n", done, sandboxed);
    let mine = "What the runtime mine is, the configuration of the engine on the host says.";
    all("docker run --runtime mine alpine\n", unknown, mine);
    let service = |more: &str| format!("services:\n  a:\n    image: a\n{more}");
    all(&service(""), open, "service/a sets no runtime, so it shares the kernel of its host.");
    all(&service("    runtime: kata-runtime\n"), done, sandboxed);
    let config = r#"{"ociVersion": "1.0.2", "process": {"args": ["a"]}, "root": {"path": "a"}, "linux": {}}"#;
    let oci = "The configuration does not say which runtime reads it. `runsc` and `kata-runtime` are sandboxes, `runc` and \
               `crun` are not.";
    all(config, unknown, oci);
}
