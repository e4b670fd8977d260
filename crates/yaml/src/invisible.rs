//! Invisible characters that Kubernetes reads in another way than a parser of YAML 1.2.
//!
//! U+0085, U+2028 and U+2029 are line breaks of YAML 1.1 that YAML 1.2 took away; go-yaml v2 still has them. A byte order
//! mark behind `---` is at the beginning of what `kubectl` hands to go-yaml, and so is skipped.

use std::ops::Range;
use watertight_text::sort;

use watertight_text::Span;

use crate::{Problem, ProblemKind, Stream};

/// A stand-in of the same length, in which such characters are line breaks and blanks that the parser knows; `None` when
/// there are none.
pub(crate) fn replace(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let marked = text.contains("---\n\u{feff}") || text.contains("---\r\n\u{feff}");
    let text =
        if marked { &text.replace("---\n\u{feff}", "---   \n").replace("---\r\n\u{feff}", "---   \r\n") } else { text };
    if !text.contains(is_hidden) {
        return marked.then(|| text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(is_hidden) {
        out.push_str(before);
        out.push_str(match text.len() - behind.len() - out.len() {
            2 => "\r\n",
            _ => " \r\n",
        });
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}

/// Names the first of them in each document.
pub(crate) fn report(text: &str, stream: &mut Stream<'_>) {
    if text.is_ascii() {
        return;
    }
    for document in &mut stream.documents {
        let range: Range<usize> = document.span.range();
        let part = text.get(range.clone()).unwrap_or_default();
        let Some((at, c)) = part.char_indices().find(|&(_, c)| is_hidden(c)) else { continue };
        let start = range.start + at;
        document.problems.push(Problem {
            kind: ProblemKind::HiddenLineBreak,
            span: Span::new(start, start + c.len_utf8()),
            related: None,
            route: None,
            message: format!(
                "The invisible character U+{:04X} stands here. Kubernetes' reader ends the line at it, so what follows can \
                 be a field although it looks like part of a comment or a value. Remove it.",
                u32::from(c)
            ),
        });
        sort::by_key(&mut document.problems, |problem| problem.span.start);
    }
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}
