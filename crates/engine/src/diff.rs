//! Two texts as a unified diff, which `patch -p1` and `git apply` take.

use std::fmt::Write;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, InternedInput, Token};

/// Lines that are shown around a change.
const CONTEXT: u32 = 3;

/// Lines of the longest text whose changes anybody reads.
const READ: usize = 20_000;

/// The difference between two states of a file; empty when there is none.
pub fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let input = InternedInput::new(before, after);
    // The histogram's changes read best, and take long where thousands of lines are alike.
    let algorithm = if input.before.len() > READ { Algorithm::Myers } else { Algorithm::Histogram };
    let mut diff = Diff::compute(algorithm, &input);
    diff.postprocess_lines(&input);
    let hunks: Vec<Hunk> = diff.hunks().collect();
    let mut out = format!("--- a/{name}\n+++ b/{name}\n");
    let mut writer = Writer { input: &input, out: &mut out };
    for group in hunks.chunk_by(|one, next| next.before.start.saturating_sub(one.before.end) <= 2 * CONTEXT) {
        writer.group(group);
    }
    out
}

struct Writer<'a, 't> {
    input: &'a InternedInput<&'t str>,
    out: &'a mut String,
}

impl Writer<'_, '_> {
    /// Changes that are so near to each other that they share their context.
    fn group(&mut self, hunks: &[Hunk]) {
        let (Some(first), Some(last)) = (hunks.first(), hunks.last()) else { return };
        let above = first.before.start.min(CONTEXT);
        let length = u32::try_from(self.input.before.len()).unwrap_or(u32::MAX);
        let below = length.saturating_sub(last.before.end).min(CONTEXT);
        let before = first.before.start - above..last.before.end + below;
        let after = first.after.start.saturating_sub(above)..last.after.end + below;
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "@@ -{} +{} @@", extent(&before), extent(&after));
        let mut at = before.start;
        for hunk in hunks {
            self.lines(' ', &self.input.before, at..hunk.before.start);
            self.lines('-', &self.input.before, hunk.before.clone());
            self.lines('+', &self.input.after, hunk.after.clone());
            at = hunk.before.end;
        }
        self.lines(' ', &self.input.before, at..before.end);
    }

    fn lines(&mut self, mark: char, tokens: &[Token], range: Range<u32>) {
        let tokens = tokens.get(range.start as usize..range.end as usize).unwrap_or_default();
        for token in tokens {
            let line = self.input.interner[*token];
            self.out.push(mark);
            self.out.push_str(line);
            if !line.ends_with('\n') {
                self.out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
}

/// Lines from 1 with their number, as `diff -u` writes them: no number for one line, and the line before for none.
fn extent(range: &Range<u32>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        length => format!("{},{length}", range.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        let expected = if expected.is_empty() { String::new() } else { format!("--- a/x\n+++ b/x\n{expected}") };
        assert_eq!(diff("x", before, after), expected);
    }

    #[test]
    fn as_patch_reads_it() {
        check("a\n", "a\n", "");
        check("a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
        check("", "a\n", "@@ -0,0 +1 @@\n+a\n");
        check("a\n", "", "@@ -1 +0,0 @@\n-a\n");
        check("a\r\nb\r\n", "a\r\nb\r\nc\r\n", "@@ -1,2 +1,3 @@\n a\r\n b\r\n+c\r\n");
    }

    #[test]
    fn a_missing_last_line_end_is_said() {
        check(
            "a\nb",
            "a\nc",
            "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n",
        );
    }

    #[test]
    fn far_changes_are_apart_and_near_ones_together() {
        let text = |marks: &[usize]| -> String {
            (0..30).map(|n| if marks.contains(&n) { format!("{n}!\n") } else { format!("{n}\n") }).collect()
        };
        let plain = text(&[]);
        assert_eq!(diff("x", &plain, &text(&[5, 12])).matches("@@ -").count(), 1);
        assert_eq!(diff("x", &plain, &text(&[5, 13])).matches("@@ -").count(), 2);
    }
}
