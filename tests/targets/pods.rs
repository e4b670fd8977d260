//! Any text gets a report whose places lie inside of it, and whose fixes can be planned on it.

use watertight::diagnostic::report::Report;
use watertight::diagnostic::{KubeVersion, Level, Settings};
use watertight::text::{Encoding, apply};
use watertight::{Input, analyse, edits, restore};

pub(super) fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    let version = bytes.first().map_or(KubeVersion::Latest, |&byte| KubeVersion::Minor(u32::from(byte % 40)));
    for kube_version in [KubeVersion::Latest, version] {
        let settings = Settings { kube_version, level: Level::Hardened, ..Settings::default() };
        let report = analyse(&[Input { name: "x", text: &text }], &settings, Encoding::Utf8);
        places(&report, &text);
        for fix in report.findings.iter().flat_map(|found| &found.fixes).take(40) {
            let done = edits(&text, &fix.operations, &fix.rewrites, Encoding::Utf8);
            assert!(apply(&text, &done.edits).is_ok(), "edits overlap: {}", fix.title);
        }
    }
    if let Some(restored) = restore(&text) {
        assert_eq!(restore(&restored), None, "restored twice\n{text}\n{restored}");
    }
}

pub(super) fn places(report: &Report, text: &str) {
    let suppressed = report.suppressed.iter().map(|left| &left.finding);
    for found in report.findings.iter().chain(suppressed) {
        for place in std::iter::once(&found.primary).chain(&found.related) {
            let range = place.range.start as usize..place.range.end as usize;
            assert!(text.get(range.clone()).is_some(), "{} points at {range:?} of {}", found.rule, text.len());
        }
        for sentence in [&*found.what, &*found.why, &*found.how] {
            assert!(!sentence.contains('\n'), "{}: {sentence:?} has several lines", found.rule);
        }
    }
}
