//! Bytes that are no text, and characters that YAML does not allow.

use watertight_text::Span;
use watertight_text::sort;

use crate::{Problem, ProblemKind, Stream, explain};

/// Whether a text is something else: it holds a NUL, or one of ten of its first characters is no character of a text.
pub fn is_binary(text: &str) -> bool {
    if text.as_bytes().contains(&0) {
        return true;
    }
    let head = || text.chars().take(4_096);
    let odd = head().filter(|&c| !is_allowed(c) || c == char::REPLACEMENT_CHARACTER).count();
    odd >= 8 && odd * 10 > head().count()
}

/// The problem of a text that is none.
pub(crate) fn problem(text: &str) -> Problem {
    let odd = text.char_indices().find(|&(_, c)| !is_allowed(c) || c == char::REPLACEMENT_CHARACTER);
    let span = odd.map_or(Span::at(0), |(at, c)| Span::new(at, at + c.len_utf8()));
    Problem {
        kind: ProblemKind::Binary,
        span,
        related: None,
        route: None,
        message:
            "This is no text: it holds bytes that no manifest can hold, the first of them here. Perhaps the wrong file \
                  was opened, or it is packed or in another encoding than UTF-8."
                .to_owned(),
    }
}

/// Adds a problem for the first forbidden character of each document, unless its reading stopped there anyway.
pub(crate) fn find_controls(text: &str, stream: &mut Stream<'_>) {
    if text.bytes().all(|b| matches!(b, 0x20..=0x7e | b'\n' | b'\r' | b'\t')) {
        return;
    }
    let mut reached = 0;
    for (at, c) in text.char_indices() {
        let stray_mark = c == '\u{feff}' && !begins_a_part(text.get(..at).unwrap_or_default());
        if at < reached || (is_allowed(c) && !stray_mark) {
            continue;
        }
        let span = Span::new(at, at + c.len_utf8());
        let Some(document) = stream.documents.iter_mut().find(|document| document.span.end > span.start) else {
            return;
        };
        reached = document.span.end as usize;
        if document.problems.iter().all(|problem| problem.span != span && problem.kind != ProblemKind::Binary) {
            let (kind, message) = if stray_mark {
                (ProblemKind::Ambiguous, STRAY_MARK.to_owned())
            } else {
                (ProblemKind::Binary, explain::control(c))
            };
            document.problems.push(Problem { kind, span, related: None, route: None, message });
            sort::by_key(&mut document.problems, |problem| problem.span.start);
        }
    }
}

const STRAY_MARK: &str = "An invisible byte order mark stands here. Kubernetes' reader takes it for a part of the word \
                          behind it, so a field of that name is not found. Remove it; it often comes along when files are \
                          joined.";

/// Whether a byte order mark may stand behind this: at the beginning of the text, and of what `kubectl` cuts at `---`.
fn begins_a_part(before: &str) -> bool {
    let Some(line) = before.strip_suffix('\n') else { return before.is_empty() };
    let line = line.strip_suffix('\r').unwrap_or(line);
    line.strip_suffix("---").is_some_and(|above| above.is_empty() || above.ends_with(['\n', '\r']))
}

/// The characters that go-yaml v2 lets through. Source: `readerc.go`, `yaml_parser_update_buffer`.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}
