//! What the tests of all rules share: a text goes in, findings come out.

use watertight_diagnostic::{FileId, Finding, Route};
use watertight_text::{Edit, apply};

use super::{Form, Subject, findings};
use crate::{Arch, Reader, Target};

/// What a container has when nobody says anything, as far as profiles ask for it.
const CAPS: [&str; 2] = ["CAP_SYS_CHROOT", "CAP_AUDIT_WRITE"];

/// Everything that all rules find in a file for containerd on amd64; a comment in the first line of an example may name
/// another reader.
pub(crate) fn all(text: &str) -> Vec<Finding> {
    let reader = match text.lines().next().unwrap_or_default() {
        "# For Docker" => Reader::Docker,
        "# For Podman" => Reader::ContainersCommon,
        _ => Reader::Oci,
    };
    as_read_by(reader, text)
}

pub(crate) fn as_read_by(reader: Reader, text: &str) -> Vec<Finding> {
    let stream = watertight_yaml::parse(text);
    let Some(node) = stream.documents.first().and_then(|document| document.root()) else { return Vec::new() };
    let target = Target { arch: Arch::X86_64, caps: &CAPS, kernel: (6, 6) };
    findings(&Subject { file: FileId(0), text, form: Form::File, node, route: Route::root(0), reader, target })
}

/// What one rule finds in a text.
pub(crate) fn findings_of(rule: &str, text: &str) -> Vec<Finding> {
    all(text).into_iter().filter(|finding| finding.rule.id == rule).collect()
}

/// The underlined text of each finding of a rule, in the order found.
#[track_caller]
pub(crate) fn check(rule: &str, text: &str, expected: &[&str]) {
    let found = findings_of(rule, text);
    let places: Vec<&str> = found.iter().map(|finding| finding.primary.span.slice(text)).collect();
    assert_eq!(places, expected, "{text}");
}

/// A profile of these entries, each written as the inside of its mapping, with a default of EPERM.
pub(crate) fn profile(entries: &[&str]) -> String {
    of("SCMP_ACT_ERRNO", entries)
}

/// The same with another default.
pub(crate) fn of(default: &str, entries: &[&str]) -> String {
    let entries: Vec<String> = entries.iter().map(|entry| format!("{{{entry}}}")).collect();
    format!("{{\"defaultAction\": \"{default}\", \"syscalls\": [{}]}}", entries.join(", "))
}

/// An entry that allows these calls.
pub(crate) fn allow(names: &str) -> String {
    let names: Vec<String> = names.split(' ').map(|name| format!("\"{name}\"")).collect();
    format!("\"names\": [{}], \"action\": \"SCMP_ACT_ALLOW\"", names.join(", "))
}

/// The text after the first fix of each finding of a rule. Another look finds nothing more of it.
#[track_caller]
pub(crate) fn fixed(rule: &str, text: &str) -> String {
    let found = findings_of(rule, text);
    let operations: Vec<_> =
        found.iter().filter_map(|finding| finding.fixes.first()).flat_map(|fix| fix.operations.clone()).collect();
    assert!(!operations.is_empty(), "no fix: {found:#?}");
    let stream = watertight_yaml::parse(text);
    let plan = watertight_yaml::edit::plan(&stream, &operations);
    assert!(plan.refused.is_empty(), "{:?}", plan.refused);
    let edits: Vec<Edit> = plan.edits;
    let mended = apply(text, &edits).unwrap();
    check(rule, &mended, &[]);
    mended
}
