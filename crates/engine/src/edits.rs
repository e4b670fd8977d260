//! From symbolic operations to text edits.

use watertight_diagnostic::{Operation, Rewrite};
use watertight_text::sort;
use watertight_text::{Edit, Encoding, Offsets};

/// Text edits for a fix.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Edits {
    /// In the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
    /// Why nothing was changed, as sentences; empty when all operations could be carried out.
    pub refused: Vec<String>,
}

/// Text edits that carry out the operations of one fix on a text, all of them or none. Offsets count in `encoding`.
///
/// Operations hold no offsets, so they may come from a report about an earlier state of the text. Rewrites do, in
/// `encoding`, and are refused where something else stands now.
///
/// ```
/// use watertight::diagnostic::{Operation, Route};
/// use watertight::text::{Encoding, apply};
///
/// let text = "spec:\n  hostPID: true # why?\n  hostIPC: false\n";
/// let operations = [Operation::set(Route::root(0).keys("spec.hostPID"), false)];
/// let done = watertight::edits(text, &operations, &[], Encoding::Utf8);
/// assert_eq!(apply(text, &done.edits).unwrap(), text.replace("true", "false"));
/// ```
pub fn edits(text: &str, operations: &[Operation], rewrites: &[Rewrite], encoding: Encoding) -> Edits {
    let offsets = Offsets::new(text, encoding);
    let mut edits: Vec<Edit> = Vec::new();
    if !operations.is_empty() {
        let stream = watertight_yaml::parse(text);
        let plan = watertight_yaml::edit::plan(&stream, operations);
        if !plan.refused.is_empty() {
            return refused(plan.refused.into_iter().map(|refusal| refusal.reason).collect());
        }
        edits.extend(
            plan.edits.into_iter().map(|edit| Edit { span: offsets.span_from_bytes(edit.span), text: edit.text }),
        );
    }
    for rewrite in rewrites {
        let stands = text.get(offsets.span_to_bytes(rewrite.span).range());
        if stands != Some(rewrite.expect.as_str()) {
            return refused(vec!["The text has changed here since it was looked at.".to_owned()]);
        }
        edits.push(Edit { span: rewrite.span, text: rewrite.text.clone() });
    }
    sort::by_key(&mut edits, |edit| edit.span);
    let overlap = edits.windows(2).any(|pair| matches!(pair, [one, other] if one.span.end > other.span.start));
    if overlap {
        return refused(vec!["Two changes of this fix stand in each other's way.".to_owned()]);
    }
    Edits { edits, refused: Vec::new() }
}

fn refused(refused: Vec<String>) -> Edits {
    Edits { edits: Vec::new(), refused }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Route;
    use watertight_text::Span;

    use super::*;

    fn rewrite(start: usize, expect: &str, text: &str) -> Rewrite {
        Rewrite { span: Span::new(start, start + expect.len()), expect: expect.to_owned(), text: text.to_owned() }
    }

    fn check(text: &str, operations: &[Operation], rewrites: &[Rewrite], expected: Option<&str>) {
        let done = edits(text, operations, rewrites, Encoding::Utf8);
        assert_eq!(done.refused.is_empty(), expected.is_some(), "{:?}", done.refused);
        let changed = watertight_text::apply(text, &done.edits).unwrap();
        assert_eq!(changed, expected.unwrap_or(text));
    }

    #[test]
    fn rewrites_need_what_they_expect() {
        check("deny /** w,", &[], &[rewrite(0, "deny", "audit deny")], Some("audit deny /** w,"));
        check("deny /** w,", &[], &[rewrite(1, "deny", "audit deny")], None);
        check("deny", &[], &[rewrite(2, "ny\n", "")], None);
        check("abc", &[], &[rewrite(0, "ab", ""), rewrite(1, "bc", "")], None);
    }

    #[test]
    fn rewrites_go_with_operations() {
        let operations = [Operation::set(Route::root(0).key("a"), 2)];
        check("a: 1\nb: x y\n", &operations, &[rewrite(8, "x", "z")], Some("a: 2\nb: z y\n"));
    }
}
