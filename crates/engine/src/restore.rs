use watertight_diagnostic::report::InputKind;
use watertight_falco::restore as rules;
use watertight_pod::restore as objects;
use watertight_text::Span;

use crate::source::Source;

/// A document that has lost its indentation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lost {
    /// The bytes of the document.
    pub(crate) document: Span,
    /// The first line that stands too far left.
    pub(crate) first: Span,
    /// Whether the text as a whole can be restored.
    pub(crate) restorable: bool,
}

/// The documents of a file that have lost their indentation.
pub(crate) fn lost(source: &Source<'_>) -> Vec<Lost> {
    let text = source.input.text;
    // Where all is well the question need not be asked.
    if !source.is_incomplete() || !looks_flat(source) {
        return Vec::new();
    }
    let restorable = is_restorable(source);
    if source.kind == InputKind::FalcoRules {
        let document = Span::new(0, text.len());
        return vec![Lost { document, first: first_lost_rule(text), restorable }];
    }
    let documents = source.stream.documents.iter().map(|document| document.span);
    let flat = documents.filter(|span| objects::looks_flat(span.slice(text)));
    flat.map(|document| Lost { document, first: first_lost(text, document), restorable }).collect()
}

fn looks_flat(source: &Source<'_>) -> bool {
    match source.kind {
        InputKind::FalcoRules => rules::looks_flat(source.input.text),
        _ => objects::looks_flat(source.input.text),
    }
}

/// The line below the first item.
fn first_lost_rule(text: &str) -> Span {
    let mut at = 0;
    let mut opened = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        if opened && !words.is_empty() && !words.starts_with(['#', '-']) {
            return Span::new(at, at + words.len());
        }
        opened |= words.starts_with("- ");
        at += line.len();
    }
    Span::new(0, text.len())
}

/// The line below the first key that has nothing on its own line.
fn first_lost(text: &str, document: Span) -> Span {
    let mut at = document.start as usize;
    let mut opened = false;
    for line in document.slice(text).split_inclusive('\n') {
        let words = line.trim();
        let span = Span::new(at, at + line.trim_end().len());
        if opened && !words.is_empty() && !words.starts_with('#') {
            return span;
        }
        opened |= words.ends_with(':');
        at += line.len();
    }
    document
}

/// Whether the indentation of a text is lost and can be restored.
pub(crate) fn is_restorable(source: &Source<'_>) -> bool {
    source.is_incomplete() && looks_flat(source) && restore(source.input.text).is_some()
}

/// The text with the structure it had before it lost its indentation; `None` when nothing can be restored.
///
/// ```
/// let flat = "apiVersion: v1\nkind: Namespace\nmetadata:\nname: shop\n";
/// assert_eq!(watertight::restore(flat).unwrap(), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n");
/// ```
pub fn restore(text: &str) -> Option<String> {
    match objects::restore(text) {
        Some(restored) => Some(restored.text),
        None => rules::restore(text),
    }
}
