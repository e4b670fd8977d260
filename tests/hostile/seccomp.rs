//! Seccomp profiles that nobody meant well.

use watertight::diagnostic::report::InputKind;

use super::{check, look_at};

fn profile(entry: &str) -> String {
    format!("{{\n\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\"syscalls\": [\n{entry}\n]}}")
}

/// A text for the analyser, and not for its finding that nothing starts.
#[track_caller]
fn faults(text: &str, expected: &[(&str, u32)]) {
    let report = look_at(text);
    assert_eq!(report.files[0].kind, InputKind::Seccomp, "{text}");
    let beside = ["seccomp-cannot-start", "seccomp-missing-architecture"];
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|found| (&*found.rule, found.primary.range.start_line))
        .filter(|(rule, _)| !beside.contains(rule))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn fragments_and_faults() {
    check("{\"defaultAction\": 7}", InputKind::Seccomp, &[("seccomp-wrong-type", 1)]);
    check("{\"syscalls\": []}", InputKind::Seccomp, &[("seccomp-empty", 1)]);
    faults(&profile("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALOW\"}"), &[("seccomp-unknown-word", 4)]);
    faults(&profile("{\"names\": [\"raed\"], \"action\": \"SCMP_ACT_ALLOW\"}"), &[("seccomp-unknown-call", 4)]);
    faults(&profile("null"), &[]);
    faults(&profile("[]"), &[("seccomp-wrong-type", 4)]);
    faults(&profile("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"},"), &[("seccomp-not-json", 5)]);
    faults(
        &profile(
            "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": -1, \"value\": 1e3}]}",
        ),
        &[("seccomp-wrong-type", 4), ("seccomp-wrong-type", 4)],
    );
}

#[test]
fn deep_and_wide() {
    let allow =
        |names: &str, rest: &str| profile(&format!("{{\"names\": [{names}], \"action\": \"SCMP_ACT_ALLOW\"{rest}}}"));
    let arg = "{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_GE\"}";
    let args = |count: usize| format!(", \"args\": [{}]", vec![arg; count].join(","));
    let names = |count: usize| vec!["\"read\""; count].join(",");
    let entry = "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}";
    let odd = "{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 1, \"value\": 5, \"op\": \"SCMP_CMP_NE\"}]}";
    for text in [
        allow(&names(50_000), ""),
        allow(&names(2_000), &args(2_000)),
        allow("\"raed\"", &args(3_000)),
        allow(&vec!["\"raed\""; 10_000].join(","), ""),
        profile(&vec![entry; 20_000].join(",\n")),
        profile(&vec![odd; 3_000].join(",\n")),
        profile(&vec!["{\"acton\": 1, \"acton\": 2}"; 5_000].join(",\n")),
        format!("{{\"defaultAction\": \"SCMP_ACT_ALLOW\"{}}}", ", \"acton\": 1".repeat(5_000)),
        format!("{{\"defaultAction\": \"SCMP_ACT_ALLOW\"{}}}", ", \"flags\": []".repeat(5_000)),
        format!("{{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": {}{}}}", "[".repeat(900), "]".repeat(900)),
        format!("{{\"defaultAction\": \"{}\"}}", "A".repeat(200_000)),
    ] {
        look_at(&text);
    }
}

#[test]
fn every_prefix_of_a_profile() {
    let text = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\"}], \"syscalls\": [{\"names\": \
                [\"clone\", \"é\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\": 0, \"valueTwo\": 1, \"op\": \
                \"SCMP_CMP_MASKED_EQ\"}], \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"], \"minKernel\": \"4.8\"}}]}";
    for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
        look_at(&text[..end]);
    }
}
