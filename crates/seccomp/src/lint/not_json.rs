use serde::de::IgnoredAny;
use watertight_diagnostic::{Finding, declare_meta};
use watertight_text::Span;

use super::Form;
use super::look::Look;

declare_meta! {
    /// ## What it finds
    /// A profile in a file of its own that is not strict JSON: with a comment, with a comma too many, or in YAML.
    ///
    /// ## Why it matters
    /// The runtimes read these files as JSON and as nothing else. They refuse the profile, and no container with it starts.
    /// Only objects of the Security Profiles Operator are YAML.
    ///
    /// ## What to do
    /// Write plain JSON. A note has its place in a key such as `_comment`.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"},]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    NOT_JSON = {
        id: "seccomp-not-json",
        title: "The file is not the JSON that runtimes read",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.subject.form != Form::File {
        return;
    }
    let text = look.subject.text;
    let Err(error) = serde_json::from_str::<IgnoredAny>(text) else { return };
    let place = look.at(at(text, error.line(), error.column()), &look.subject.route, "");
    found.push(
        Finding::new(&NOT_JSON, place, "The text ceases to be JSON here, and the runtime refuses it.")
            .why("Runtimes read a profile as strict JSON: without comments, without a comma before a closing bracket.")
            .how("Write plain JSON."),
    );
}

/// The character at a line and a column in bytes, both from 1.
fn at(text: &str, line: usize, column: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let length = text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(offset, offset + length)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn where_it_ceases() {
        let rule = "seccomp-not-json";
        check(rule, "{\"defaultAction\": \"SCMP_ACT_ERRNO\", # no\n\"syscalls\": []}", &["#"]);
        check(rule, "defaultAction: SCMP_ACT_ERRNO\nsyscalls: []\n", &["d"]);
        check(rule, "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", &[]);
    }
}
