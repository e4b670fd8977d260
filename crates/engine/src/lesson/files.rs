//! The fenced blocks of a section.

use watertight_diagnostic::ask::lesson::LessonFile;
use watertight_text::Span;

/// A block between fences.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Block<'t> {
    /// What follows the opening fence.
    pub(super) info: &'t str,
    /// Where the opening fence stands.
    pub(super) head: Span,
    /// What is between the fences.
    pub(super) body: Span,
}

impl Block<'_> {
    /// The file that it holds: the second word behind the fence, or all behind the first.
    pub(super) fn file(&self, text: &str) -> Option<LessonFile> {
        let (_, name) = self.info.trim().split_once(char::is_whitespace)?;
        Some(LessonFile { name: name.trim().to_owned(), text: self.body.slice(text).to_owned() })
    }
}

/// How many backquotes open a fence in this line; `None` for any other line.
pub(super) fn fence(line: &str) -> Option<usize> {
    let ticks = line.len() - line.trim_start_matches('`').len();
    (ticks >= 3).then_some(ticks)
}

/// The fenced blocks of a stretch of a text; one that is never closed goes to its end.
pub(super) fn blocks(text: &str, stretch: Span) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let mut open: Option<(usize, Block<'_>)> = None;
    let mut at = stretch.start as usize;
    for line in stretch.slice(text).split_inclusive('\n') {
        let (start, bare) = (at, line.trim_end());
        at += line.len();
        match (open.take(), fence(bare)) {
            (None, Some(ticks)) => {
                let info = bare.trim_start_matches('`');
                let head = Span::new(start, start + bare.len());
                open = Some((ticks, Block { info, head, body: Span::at(at) }));
            }
            (Some((ticks, mut block)), Some(closing)) if closing >= ticks && bare.trim_matches('`').is_empty() => {
                block.body.end = start as u32;
                found.push(block);
            }
            (still, _) => open = still,
        }
    }
    found.extend(open.map(|(_, mut block)| {
        block.body.end = stretch.end;
        block
    }));
    found
}
