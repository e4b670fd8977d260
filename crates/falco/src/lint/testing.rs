//! What the tests of lint rules share.

use watertight_diagnostic::{FileId, Finding, Fix};
use watertight_text::sort;
use watertight_text::{Edit, apply};
use watertight_yaml::parse;

use super::{File, Subject, findings, of_events};
use crate::rules::load;

/// All findings about a file of rules or of events.
pub(crate) fn found(text: &str) -> Vec<Finding> {
    if text.starts_with('{') {
        return of_events(FileId(0), text);
    }
    let stream = parse(text);
    let set = load(std::slice::from_ref(&stream));
    findings(&Subject::new(&set, &[File { id: FileId(0), text, stream: &stream }]))
}

/// The findings of one rule.
pub(crate) fn of(rule: &str, text: &str) -> Vec<Finding> {
    found(text).into_iter().filter(|finding| finding.rule.id == rule).collect()
}

/// The text after a fix.
pub(crate) fn fixed(text: &str, fix: &Fix) -> String {
    let stream = parse(text);
    let plan = watertight_yaml::edit::plan(&stream, &fix.operations);
    assert!(plan.refused.is_empty(), "{:?}", plan.refused);
    let mut edits = plan.edits;
    for rewrite in &fix.rewrites {
        assert_eq!(rewrite.span.slice(text), rewrite.expect);
        edits.push(Edit { span: rewrite.span, text: rewrite.text.clone() });
    }
    sort::by_key(&mut edits, |edit| edit.span);
    apply(text, &edits).unwrap()
}

/// The places that a rule underlines in a condition, and the condition after its first fix.
#[track_caller]
pub(crate) fn check_condition(rule: &str, condition: &str, marked: &[&str], mended: Option<&str>) {
    let text =
        format!("- rule: r\n  desc: d\n  condition: >\n    {condition}\n  output: \"%proc.name\"\n  priority: INFO\n");
    let found = of(rule, &text);
    let places: Vec<_> = found.iter().map(|finding| finding.primary.span.slice(&text)).collect();
    assert_eq!(places, marked, "{condition}");
    let fix = found.first().and_then(|finding| finding.fixes.first());
    let after = fix.map(|fix| fixed(&text, fix));
    let after = after.as_deref().and_then(|after| after.lines().nth(3)).map(str::trim);
    assert_eq!(after, mended, "{condition}");
}
