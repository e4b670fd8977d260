//! What the tests of all rules share: a text goes in, findings come out.

use std::borrow::Cow;

use watertight_diagnostic::{FileId, Finding};
use watertight_text::{Edit, apply};

use super::{Subject, findings};
use crate::resolve::{Found, Includes, Presence, resolve};
use crate::shipped::Shipped;

/// What is shipped, and nothing below `nowhere/`.
struct Usual;

impl Includes for Usual {
    fn find(&self, path: &str, magic: bool) -> Found<'_> {
        if path.starts_with("nowhere/") {
            return Found::Missing;
        }
        match Shipped.find(path, magic) {
            Found::Text(name, text) => Found::Text(name, Cow::Owned(text.into_owned())),
            _ => Found::Unknown,
        }
    }

    fn abi(&self, path: &str, magic: bool) -> Presence {
        Shipped.abi(path, magic)
    }
}

/// Everything that all rules find in a text.
pub(crate) fn all(text: &str) -> Vec<Finding> {
    let resolved = resolve(text, &Usual);
    findings(&Subject { text, resolved: &resolved, file: FileId(0) })
}

/// What one rule finds in a text.
pub(crate) fn findings_of(rule: &str, text: &str) -> Vec<Finding> {
    all(text).into_iter().filter(|finding| finding.rule.id == rule).collect()
}

/// The underlined text of each finding of a rule, in the order found.
pub(crate) fn underlined<'t>(rule: &str, text: &'t str) -> Vec<&'t str> {
    findings_of(rule, text).iter().map(|finding| finding.primary.span.slice(text)).collect()
}

/// Asserts that a finding of the rule has these words.
pub(crate) fn says(rule: &str, text: &str, words: &str) {
    let found = findings_of(rule, text);
    assert!(found.iter().any(|finding| finding.what.contains(words)), "{found:#?}");
}

/// The text after the first fix of each finding of a rule. Another look finds nothing more of it.
pub(crate) fn fixed(rule: &str, text: &str) -> String {
    let found = findings_of(rule, text);
    let fixes = found.iter().filter_map(|finding| finding.fixes.first());
    let rewrites = fixes.flat_map(|fix| &fix.rewrites).map(|rewrite| {
        assert_eq!(rewrite.span.slice(text), rewrite.expect);
        Edit::replace(rewrite.span, rewrite.text.clone())
    });
    let mended = apply(text, &rewrites.collect::<Vec<_>>()).unwrap();
    assert_eq!(underlined(rule, &mended), [""; 0], "{mended}");
    mended
}
