//! Texts that nobody meant well: each gets an answer that says what is wrong and where, and none of them a panic.

#![allow(clippy::indexing_slicing, clippy::print_stdout, reason = "a test knows its own rows")]

mod apparmor;
mod seccomp;

use std::collections::BTreeSet;

use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::escape::EscapeAsk;
use watertight::diagnostic::report::{InputKind, Report};
use watertight::text::Encoding;
use watertight::{Input, analyse, escape, harden, restore};

fn look_at(text: &str) -> Report {
    let report = analyse(&[Input { name: "x", text }], &Settings::default(), Encoding::Utf16);
    let units = text.encode_utf16().count() as u32;
    for found in report.findings.iter().chain(report.suppressed.iter().map(|left| &left.finding)) {
        for place in std::iter::once(&found.primary).chain(&found.related) {
            let range = place.range;
            assert!(range.start <= range.end && range.end <= units, "{} points outside: {range:?}", found.rule);
            assert!(range.start_line >= 1 && range.start_column >= 1);
        }
    }
    report
}

/// The kind, and each expected rule with its line.
fn check(text: &str, kind: InputKind, expected: &[(&str, u32)]) {
    let report = look_at(text);
    let shown: String = text.chars().take(60).collect();
    assert_eq!(report.files[0].kind, kind, "{shown:?}");
    let found: Vec<_> = report.findings.iter().map(|f| (&*f.rule, f.primary.range.start_line)).collect();
    for one in expected {
        assert!(found.contains(one), "{shown:?}: {one:?} is not among {found:?}");
    }
    if kind != InputKind::KubernetesYaml && kind != InputKind::KubernetesJson {
        assert_eq!(found.len(), expected.len(), "{shown:?}: {found:?}");
    }
    if text.len() < 100_000 {
        harden(&[Input { name: "x", text }], &Settings::default());
        restore(text);
    }
}

/// Texts of what is easily read in a time that grows faster than they do; how they grow is shown by the benchmark.
#[test]
fn texts_that_grow() {
    for (_, text) in watertight_tests::growing::ALL {
        let text = text(150);
        look_at(&text);
        let files = [Input { name: "x", text: &text }];
        harden(&files, &Settings::default());
        escape(&files, &EscapeAsk::default(), &Settings::default(), Encoding::Utf8);
        restore(&text);
    }
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      image: a\n";

/// A pod whose containers are to follow.
const CONTAINERS: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n";

#[test]
fn nothing_at_all() {
    for text in
        ["", " ", "\n\n", "\t", "\u{feff}", "# only a comment\n", "---\n", "---\n---\n# x\n...\n", "null\n", "~"]
    {
        check(text, InputKind::Empty, &[("not-kubernetes", 1)]);
    }
}

#[test]
fn no_text() {
    check("a\0b", InputKind::Binary, &[("binary-input", 1)]);
    let elf =
        String::from_utf8_lossy(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\xff\xfe\n\n\x80\x81").into_owned();
    check(&elf, InputKind::Binary, &[("binary-input", 1)]);
    check(&format!("{POD}---\n\0\0"), InputKind::Binary, &[("binary-input", 11)]);
}

/// Command lines are read whatever stands around them, and however they break off.
#[test]
fn command_lines() {
    let line = "docker run -itv \"$A\":/b --mount 'type=bind,src=/,dst=/x' \\\n  --cap-add=ALL --device /dev/sda: -- a ${B:-$(c)} `d`";
    for end in (0..=line.len()).filter(|end| line.is_char_boundary(*end)) {
        let text = &line[..end];
        look_at(text);
        harden(&[Input { name: "x", text }], &Settings::default());
    }
    for text in [
        "docker run -v :: --mount ,,=,\"=\" --device : --tmpfs : -u : -e = -p : --sysctl = x",
        "docker run --security-opt = --security-opt : --cap-add \"\" --user 99999999999999999999 --name é -vé:é é",
        "docker run '\u{feff}' \u{202e}x",
        "docker -H run",
        "docker run -",
        "docker run -- ",
    ] {
        assert_eq!(look_at(text).files[0].kind == InputKind::CommandLines, text != "docker -H run", "{text}");
        harden(&[Input { name: "x", text }], &Settings::default());
    }
    // Long, with pieces that end nowhere.
    for piece in
        ["docker run -v /:/x a;", "docker run --cap-add X --x 'y", "docker run $(((((", "docker run -p 1:1 a\n"]
    {
        look_at(&piece.repeat(3_000));
    }
}

/// Compose files whose values have every wrong type, and every beginning of one.
#[test]
fn compose_files() {
    let keys = "image cap_add cap_drop security_opt volumes devices ports environment sysctls deploy tmpfs group_add \
                privileged user pid network_mode userns_mode extends entrypoint command gpus volumes_from mem_limit";
    for value in
        ["", "x", "[]", "{}", "[[]]", "[{}]", "{a: {b: [c]}}", "1.5", "$A", "[':', '=', '']", "*missing", "!!binary x"]
    {
        for key in keys.split_ascii_whitespace() {
            let text = format!("services:\n  a:\n    {key}: {value}\n");
            assert_eq!(look_at(&text).files[0].kind, InputKind::Compose, "{text}");
            harden(&[Input { name: "x", text: &text }], &Settings::default());
        }
    }
    let text = "x-a: &a {pid: host}\nservices:\n  a:\n    <<: *a\n    extends: {service: b}\n    volumes:\n      - type: bind\n        \
                source: /\n        target: /x\n        bind: {propagation: rshared}\n      - /:/y:rshared,z\n    tmpfs: /run\n";
    for end in 0..=text.len() {
        look_at(&text[..end]);
        harden(&[Input { name: "x", text: &text[..end] }], &Settings::default());
    }
    let many: String = (0..2_000).map(|at| format!("  s{at}: {{extends: s{}, pid: host}}\n", at + 1)).collect();
    look_at(&format!("services:\n{many}"));
}

/// Versions that are none, and every beginning of what programs print of themselves.
#[test]
fn versions_of_nodes() {
    check("Linux a v5.x-custom #1 SMP", InputKind::Versions, &[("doubtful-version", 1)]);
    check("runc version \n", InputKind::Versions, &[("doubtful-version", 1)]);
    check(
        "Linux a 5.4.0-1-aws #1\nLinux a 5.15.0-1-aws #1\nLinux a 6.8.0-1-aws #1",
        InputKind::Versions,
        &[("doubtful-version", 1)],
    );
    let text = "Server:\n Engine:\n  Version: 24.0.7\n runc:\n  Version:\u{a0}1.1.10é\nNAME  STATUS  ROLES  VERSION  KERNEL-VERSION\n\
                a é   Ready   x      v1.29.1  5.4.0\nLinux é 99999999999.1 #1 Debian 6.1.55-\ncontainerd a.b v1\n";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        look_at(&text[..end]);
    }
    look_at(&text.repeat(2_000));
    look_at(&"{\"kind\": \"Node\", \"apiVersion\": \"v1\", \"nodeInfo\": {\"kernelVersion\":\"".repeat(300));
}

/// OCI configurations with every field of a wrong type, and every beginning of one.
#[test]
fn oci_configurations() {
    let paths = "process process.user process.user.uid process.capabilities process.capabilities.bounding process.args \
                 process.env process.noNewPrivileges process.apparmorProfile process.selinuxLabel root root.readonly mounts \
                 linux linux.namespaces linux.seccomp linux.devices linux.resources linux.resources.memory.limit \
                 linux.resources.devices linux.sysctl linux.maskedPaths linux.uidMappings hostname";
    for value in ["null", "1", "\"x\"", "[]", "{}", "[null, 1, \"x\", {}, []]", "1e400", "-9223372036854775809"] {
        for path in paths.split_ascii_whitespace() {
            let inner = path.split('.').rev().fold(value.to_owned(), |inner, key| format!("{{\"{key}\": {inner}}}"));
            let rest = inner.strip_prefix('{').unwrap();
            let text = format!("{{\"ociVersion\": \"1.0.2\", \"mounts\": [], {rest}");
            look_at(&text);
            harden(&[Input { name: "x", text: &text }], &Settings::default());
        }
    }
    let text = "{\"ociVersion\": \"1\", \"process\": {\"capabilities\": {\"bounding\": [\"CAP_SYS_ADMIN\"], \"ambient\": \
                [\"CAP_SYS_ADMIN\"]}}, \"mounts\": [{\"destination\": \"/a\", \"source\": \"/\", \"options\": [\"rbind\", \"rshared\"]}], \
                \"linux\": {\"namespaces\": [{\"type\": \"user\"}], \"sysctl\": {\"kernel.core_pattern\": \"x\"}}}";
    for end in 0..=text.len() {
        look_at(&text[..end]);
        harden(&[Input { name: "x", text: &text[..end] }], &Settings::default());
    }
}

#[test]
fn something_else() {
    for (text, words) in [
        ("services: {}\n", "a Compose file"),
        ("{\"ociVersion\": \"1.0.2\"}", "an OCI runtime configuration"),
        ("FROM alpine:3\nRUN apk add curl\nUSER root\n", "a Dockerfile"),
        (
            "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          3d\n",
            "a table printed by kubectl",
        ),
        ("resource \"kubernetes_pod\" \"x\" {\n  metadata {\n    name = \"x\"\n  }\n}\n", "Terraform code"),
        ("replicaCount: 1\nimage:\n  repository: nginx\n", "values of a Helm chart"),
        ("hello\n", "something else"),
        ("42", "something else"),
        ("<html><body>404</body></html>\n", "the source of an HTML page"),
    ] {
        check(text, InputKind::Unknown, &[("not-kubernetes", look_at(text).findings[0].primary.range.start_line)]);
        let what = look_at(text).findings[0].what.clone();
        assert!(what.contains(words), "{text:?}: {what}");
    }
}

#[test]
fn broken_and_half_typed() {
    check("apiVersion: v1\nkind: Pod\nspec: [\n", InputKind::KubernetesYaml, &[("yaml-syntax", 3)]);
    // A broken document hides neither the one before nor the one behind it.
    let text = format!("{POD}---\na: b: c\n---\n{POD}");
    check(&text, InputKind::KubernetesYaml, &[("host-pid", 6), ("yaml-syntax", 11), ("host-pid", 18)]);
    let text = format!("{POD}---\nkey: \"never closed\n---\n{POD}");
    check(&text, InputKind::KubernetesYaml, &[("host-pid", 6), ("yaml-syntax", 11)]);
    check(&POD.replace("  hostPID", "\thostPID"), InputKind::KubernetesYaml, &[("yaml-syntax", 6)]);
}

#[test]
fn templates_are_named_and_not_misread() {
    let text =
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  hostPID: {{ .Values.pid }}\n";
    let missing = [("service-account-token-mounted", 5), ("user-namespace-missing", 5)];
    check(text, InputKind::Template, &[&[("template-not-rendered", 4)], &missing[..]].concat());
    assert!(look_at(text).findings.iter().all(|found| found.rule != "host-pid"));
}

#[test]
fn deeper_than_anybody_writes() {
    for deep in ["[", "{a: ", "- ", "- - "] {
        let text = deep.repeat(10_000);
        let report = look_at(&text);
        assert_eq!(report.findings.len(), 1, "{deep}: {:?}", report.findings);
        assert!(["too-large", "yaml-syntax"].contains(&&*report.findings[0].rule), "{deep}");
    }
    let blocks: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level % 1_500))).collect();
    look_at(&blocks);
    let json = format!("{}{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    assert_eq!(look_at(&json).findings.len(), 1);
    // A pod beside the depths is still looked at.
    let text = format!("{POD}---\n{}\n", "[".repeat(10_000));
    check(&text, InputKind::KubernetesYaml, &[("host-pid", 6), ("too-large", 11)]);
}

#[test]
fn larger_than_the_limit() {
    for text in ["a: b\n".repeat(2_100_000), "x".repeat(10_500_000), "- {}\n".repeat(2_050_000)] {
        let report = look_at(&text);
        let rules: BTreeSet<_> = report.findings.iter().map(|found| &*found.rule).collect();
        assert_eq!(Vec::from_iter(rules), ["too-large"]);
        assert!(report.findings.len() <= 2);
    }
}

/// What is within the limits is hardened whole, though its changes make it longer than we read at once.
#[test]
fn a_text_that_grows_out_of_the_limit() {
    let filler = "x".repeat(watertight::text::MAX_BYTES - 150 - POD.len());
    let text = format!("{POD}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: b}}\ndata:\n  a: {filler}\n");
    let report = harden(&[Input { name: "x", text: &text }], &Settings::default());
    let file = &report.files[0];
    assert!(file.text.len() > watertight::text::MAX_BYTES, "{}", file.text.len());
    assert!(report.reached && file.readable && !file.text.contains("hostPID"));
    let left: Vec<_> = file.left.iter().map(|left| (&*left.rule, left.needed)).collect();
    assert!(left.contains(&("too-large", false)), "{left:?}");
    // What is beyond them from the start is changed as far as it is read.
    let longer = text.replacen("data:", &format!("data:\n  b: {}", "y".repeat(200)), 1);
    let report = harden(&[Input { name: "x", text: &longer }], &Settings::default());
    assert!(!report.reached, "{:?}", report.files[0].left);
}

/// A thousand alike are listed of what was done and of what is left, and the last knows of the others.
#[test]
fn thousands_are_hardened_and_counted() {
    let containers: String = (0..1_500).map(|at| format!("    - {{name: c{at}, image: a}}\n")).collect();
    let text = POD.replace("    - name: a\n      image: a\n", &containers);
    let report = harden(&[Input { name: "x", text: &text }], &Settings::default());
    let file = &report.files[0];
    let of = |rule: &str| file.applied.iter().filter(|fix| fix.rule == rule).map(|fix| fix.more).collect::<Vec<_>>();
    let dropped = of("capabilities-not-dropped");
    assert_eq!((dropped.len(), dropped.last()), (1_000, Some(&500)));
    assert!(file.applied_count() > 3_000 && report.reached, "{}", file.applied_count());
    assert_eq!(file.text.matches("drop: [ALL]").count() + file.text.matches("- ALL").count(), 1_500);
}

#[test]
fn more_faults_than_anybody_reads() {
    let text = format!("{POD}  volumes:\n{}", "  - {name: a, hostPath: {path: /etc}}\n".repeat(6_000));
    let report = look_at(&text);
    assert!(report.findings.len() < 5_000, "{}", report.findings.len());
    assert!(report.findings.iter().any(|found| found.what.ends_with("There are 5000 more like it.")));
}

/// Of many small pods the worst faults are told, and of each rule how many more there are.
#[test]
fn more_faults_than_a_short_text_bears() {
    let bare = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n";
    let worst = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: []}\n";
    let alone = look_at(bare);
    let text = [&*bare.repeat(1_000), worst].concat();
    let report = look_at(&text);
    assert_eq!(report.pods.len(), 1_001);
    assert!(report.findings.len() < 3_000 + text.len() / 80 + 100, "{}", report.findings.len());
    assert_eq!(report.findings[0].rule, "host-pid");
    for rule in alone.findings.iter().map(|found| &found.rule) {
        let of_rule: Vec<_> = report.findings.iter().filter(|found| found.rule == *rule).collect();
        let last = of_rule.last().map(|found| found.what.as_str()).unwrap_or_default();
        let more = last.rsplit_once("There are ").and_then(|(_, more)| more.split(' ').next()?.parse().ok());
        let all = of_rule.len() + more.unwrap_or(0);
        assert!((1_000..=1_001).contains(&all), "{rule}: {all}, {last}");
    }
}

/// What an alias says a thousand times is one fault, and hides no other one.
#[test]
fn behind_many_uses_of_one_anchor() {
    let privileged = "image: a, securityContext: {privileged: true}}\n";
    let aliases = "  - *c\n".repeat(1_500);
    let evil =
        "  # watertight: ignore run-as-nobody why\n  - {name: evil, image: b, securityContext: {privileged: true}}\n";
    let text = format!("{CONTAINERS}  - &c {{name: c, {privileged}{aliases}{evil}");
    let report = look_at(&text);
    let told: Vec<_> = report.findings.iter().filter(|found| found.rule == "privileged").collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|found| !found.what.contains("more like it")), "{:?}", told[1].what);
    assert_eq!(told[1].container.as_deref(), Some("evil"));
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostPID: true, containers: []}}";
    let report = look_at(&format!("apiVersion: v1\nkind: List\nitems:\n- &p {pod}\n{}", "- *p\n".repeat(40)));
    assert_eq!(report.pods.len(), 41);
    assert_eq!(report.findings.iter().filter(|found| found.rule == "host-pid").count(), 1);
}

/// What is asked to be left out is not called missing where not all was looked at, and what is left out is not counted.
#[test]
fn many_that_are_asked_to_be_left_out() {
    let containers: String = (0..1_200)
        .map(|at| format!("  - {{name: c{at}, image: a, securityContext: {{privileged: true}}}}\n"))
        .collect();
    let asks =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {watertight/ignore.privileged: ok}}\nspec:\n";
    let one = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  containers:\n  - {name: x, image: a, \
               securityContext: {privileged: true}}\n";
    let report = look_at(&format!("{asks}  containers:\n{containers}{one}"));
    let told: Vec<_> = report.findings.iter().filter(|found| found.rule == "privileged").collect();
    assert_eq!(told.len(), 1);
    assert!(!told[0].what.contains("more like it"), "{}", told[0].what);
    let last = report.suppressed.iter().rfind(|left| left.finding.rule == "privileged").unwrap();
    assert!(last.finding.what.ends_with("There are 200 more like it."), "{}", last.finding.what);
    let late = format!(
        "{containers}  # watertight: ignore privileged why\n  - {{name: z, image: a, securityContext: {{privileged: true}}}}\n"
    );
    let report = look_at(&format!("{CONTAINERS}{late}"));
    assert!(report.findings.iter().all(|found| found.rule != "unused-suppression"));
}

/// What is not read is said.
#[test]
fn more_than_is_read() {
    let anchored = format!("{CONTAINERS}  - &c {{name: a, image: a}}\n{}", "  - *c\n".repeat(6_000));
    let services: String = (0..1_001).map(|at| format!("  s{at}: {{image: a}}\n")).collect();
    let services = format!("services:\n{services}");
    let variables: String = (0..10_000).map(|at| format!("      - /srv/{at}:/m/{at}\n")).collect();
    let extending: String = (0..900).map(|at| format!("  s{at}: {{extends: a}}\n")).collect();
    let extending = format!("services:\n  a:\n    image: a\n    volumes:\n{variables}{extending}");
    let commands = "docker run nginx\n".repeat(5_001);
    let mounts = format!("services:\n  a:\n    image: a\n    volumes:\n{}", "      - /a:/b\n".repeat(10_001));
    let variables = vec!["\"A=b\""; 10_001].join(", ");
    let config = format!(
        "{{\"ociVersion\": \"1.0.0\", \"process\": {{\"cwd\": \"/\", \"env\": [{variables}]}}, \"root\": {{\"path\": \"r\"}}}}"
    );
    let pods = "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: a}]}\n".repeat(12_000);
    for (text, said) in [
        (&pods, "There are too many pods, containers and volumes here"),
        (&anchored, "There are too many pods, containers and volumes here"),
        (&services, "There are too many services here"),
        (&extending, "There are too many services here"),
        (&commands, "There are more than 5000 commands here"),
        (&mounts, "This list has more than 10000 entries"),
        (&config, "This list has more than 10000 entries"),
    ] {
        let report = look_at(text);
        assert!(report.findings.iter().any(|found| found.what.starts_with(said)), "{said}");
    }
}

#[test]
fn alias_bomb() {
    let mut text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    text.push_str("spec:\n  hostPID: true\n  containers: *a11\n");
    let report = look_at(&text);
    assert!(report.findings.iter().any(|found| found.rule == "unsupported-yaml"), "{:?}", report.findings);
    look_at("a: &a [*a]\n");
    look_at("spec: &s\n  containers: *s\nkind: Pod\napiVersion: v1\n");
    look_at("a: *nowhere\n");
}

#[test]
fn one_endless_line() {
    let pods: Vec<_> = (0..2_000)
        .map(|n| format!("{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"name\":\"é{n}\"}},\"spec\":{{\"hostPID\":true,\"containers\":[]}}}}"))
        .collect();
    let text = format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}]}}", pods.join(","));
    let report = look_at(&text);
    assert_eq!(report.pods.len(), 2_000);
    assert_eq!(report.findings.iter().filter(|found| found.rule == "host-pid").count(), 2_000);
}

#[test]
fn strange_objects() {
    for spec in [
        "null",
        "[]",
        "3",
        "text",
        "{containers: {}}",
        "{containers: [null, 3, []]}",
        "{containers: [{name: {}}]}",
        "{volumes: x, containers: [{volumeMounts: 7, securityContext: [], ports: {a: b}}]}",
        "{securityContext: null}",
        "{containers: [{name: a, securityContext: {capabilities: {add: ALL, drop: [1, null, {}]}}}]}",
    ] {
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}\n");
        check(&text, InputKind::KubernetesYaml, &[]);
    }
    for text in [
        "kind: Pod\n",
        "apiVersion: v1\n",
        "kind: [Pod]\napiVersion: {}\n",
        "apiVersion: v1\nkind: List\nitems: 3\n",
        "apiVersion: v1\nkind: List\nitems: [null, [], {kind: Pod, apiVersion: v1, spec: {}}]\n",
    ] {
        let report = look_at(text);
        assert!(!report.findings.is_empty(), "{text:?}");
        harden(&[Input { name: "x", text }], &Settings::default());
    }
}

/// kubectl takes no bare list; what is in it is looked at all the same.
#[test]
fn a_list_without_its_kind() {
    let text = "[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"hostPID\":true}}]";
    check(text, InputKind::KubernetesJson, &[("not-kubernetes", 1), ("host-pid", 1)]);
}

/// Kinds of texts that are read by lines and so have no documents; there may be nothing wrong with them.
const WITHOUT_A_TREE: [InputKind; 3] = [InputKind::AppArmor, InputKind::FalcoEvents, InputKind::Versions];

/// What stands there while somebody types.
#[test]
fn every_beginning_of_the_examples() {
    let mut texts = vec![POD.to_owned(), watertight_tests::manifest(3)];
    let article = watertight_tests::corpus().map(|corpus| corpus.join("article"));
    let examples = std::fs::read_dir(examples()).unwrap();
    let files = article.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().chain(examples);
    texts.extend(files.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok()));
    for text in texts {
        for (at, _) in text.char_indices().step_by(if text.len() > 1_500 { 7 } else { 1 }) {
            let beginning = &text[..at];
            let report = look_at(beginning);
            let kind = report.files[0].kind;
            let is_read = !report.files[0].documents.is_empty() || WITHOUT_A_TREE.contains(&kind);
            assert!(at == 0 || is_read || !report.findings.is_empty(), "{kind:?}: {beginning:?}");
            if at % 20 == 0 {
                harden(&[Input { name: "x", text: beginning }], &Settings::default());
                restore(beginning);
            }
        }
    }
}

fn examples() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/examples")
}

/// The two manifests of the article, as they are pasted: they are restored, and then analysed as they were meant.
#[test]
fn the_article() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\nname: secure-pod\nspec:\nsecurityContext:\nrunAsNonRoot: true\n\
               runAsUser: 1000\nfsGroup: 1000\nseccompProfile:\ntype: RuntimeDefault\ncontainers:\n- name: app\n\
               image: myapp:latest\nsecurityContext:\nallowPrivilegeEscalation: false\nreadOnlyRootFilesystem: true\n\
               capabilities:\ndrop:\n- ALL\nresources:\nlimits:\nmemory: \"128Mi\"\ncpu: \"500m\"\n";
    let report = look_at(pod);
    assert!(report.files[0].restorable);
    // It is judged as it was meant, at the lines where it stands, and mended when the structure is back.
    let rules: Vec<_> = report.findings.iter().map(|found| (&*found.rule, found.primary.range.start_line)).collect();
    let expected = [
        ("lost-indentation", 4),
        ("service-account-token-mounted", 5),
        ("user-namespace-missing", 5),
        ("low-user-id", 8),
        ("image-tag-latest", 14),
    ];
    assert_eq!(rules, expected);
    assert!(report.findings.iter().all(|found| found.fixes.is_empty()));
    assert_eq!(report.pods[0].admitted_by, watertight::diagnostic::Level::Restricted);
    let restored = restore(pod).expect("the article's pod can be restored");
    let report = look_at(&restored);
    assert!(report.findings.iter().all(|found| found.rule != "lost-indentation"));
    assert_eq!(report.pods[0].admitted_by, watertight::diagnostic::Level::Restricted);

    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\nname: secure-apps\nlabels:\n\
                     pod-security.kubernetes.io/enforce: restricted\npod-security.kubernetes.io/audit: restricted\n\
                     pod-security.kubernetes.io/warn: restricted\n";
    let report = look_at(namespace);
    assert!(report.files[0].restorable);
    let restored = restore(namespace).expect("the article's namespace can be restored");
    assert!(look_at(&restored).findings.is_empty());
}
