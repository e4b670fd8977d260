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
    /// Whether it can be restored.
    pub(crate) restorable: bool,
}

/// The documents of a file that have lost their indentation.
pub(crate) fn lost(source: &Source<'_>) -> Vec<Lost> {
    let text = source.input.text;
    // Where all is well the question need not be asked.
    if !source.is_kubernetes() || !source.is_incomplete() || !looks_flat(source) {
        return Vec::new();
    }
    if source.kind == InputKind::FalcoRules {
        let document = Span::new(0, text.len());
        return vec![Lost { document, first: first_lost_rule(text), restorable: restore(text).is_some() }];
    }
    let documents = source.stream.documents.iter().map(|document| document.span);
    let flat = documents.filter(|span| objects::looks_flat(span.slice(text)));
    flat.map(|document| {
        let restorable = objects::restore(document.slice(text)).is_some();
        Lost { document, first: first_lost(text, document), restorable }
    })
    .collect()
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

/// Whether the indentation of a text, or of a document of it, is lost and can be restored.
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

#[cfg(test)]
mod tests {
    use crate::{Input, analyse};
    use watertight_diagnostic::Settings;
    use watertight_text::Encoding;

    /// The rules that speak of a text, whether it can be restored, and what the first finding proposes.
    fn told(text: &str) -> (Vec<String>, bool, String) {
        let report = analyse(&[Input { name: "x", text }], &Settings::default(), Encoding::Utf8);
        let mut rules: Vec<_> = report.findings.iter().map(|found| found.rule.to_string()).collect();
        rules.sort();
        let how = report.findings.iter().find(|found| found.rule == "lost-indentation");
        (rules, report.files[0].restorable, how.map(|found| found.how.to_string()).unwrap_or_default())
    }

    #[test]
    fn what_is_certain_is_told_beside_it() {
        let flat = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec: # x\u{2028}\n# watertight: ignore host-pid why\n\
                    hostPID: true\nnoSuchField: 1\nimage: {{ .x }}\n";
        let (rules, restorable, how) = told(flat);
        assert_eq!(rules, ["hidden-line-break", "lost-indentation", "template-not-rendered"]);
        assert!(!restorable && how.starts_with("It cannot be told"), "{how}");
    }

    #[test]
    fn each_document_by_itself() {
        let flat = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nhostPID: true\ncontainers:\n- name: a\n";
        let lost = "apiVersion: v1\nkind: Pod\nmetadata:\nname: a\nspec:\nnoSuchField: 1\n";
        let whole = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  lables: {}\n";
        let (rules, restorable, how) = told(&format!("{flat}---\n{lost}---\n{whole}"));
        assert_eq!(rules, ["lost-indentation", "lost-indentation", "unknown-field"]);
        assert!(restorable && how.starts_with("Restore"), "{how}");
    }
}
