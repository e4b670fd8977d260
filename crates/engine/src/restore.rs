use watertight_diagnostic::FileId;
use watertight_diagnostic::report::InputKind;
use watertight_falco::restore as rules;
use watertight_pod::Pod;
use watertight_pod::restore::{self as objects, Restored};
use watertight_text::{LineIndex, Span, lines};

use crate::Input;
use crate::source::Source;
use crate::suppress::indent_of;

/// Texts as they are read: those of objects that have lost their indentation with it.
pub(crate) struct Texts<'t> {
    files: Vec<Text<'t>>,
}

struct Text<'t> {
    input: Input<'t>,
    looks_flat: bool,
    restored: Option<Restored>,
}

/// The text that a restored one was made of.
#[derive(Debug)]
pub(crate) struct Pasted<'t> {
    pub(crate) text: &'t str,
    pub(crate) documents: Vec<Document>,
}

/// A restored document. Places are those in the restored text.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) span: Span,
    /// Its first line that stood too far left.
    pub(crate) first: Span,
    /// Lines that could as well belong elsewhere.
    pub(crate) doubts: Vec<Span>,
}

impl<'t> Texts<'t> {
    pub(crate) fn of(files: &[Input<'t>]) -> Self {
        Self { files: files.iter().map(|input| Text::of(*input)).collect() }
    }

    /// Reads every file.
    pub(crate) fn read(&self) -> Vec<Source<'_>> {
        let files = (0..).map(FileId).zip(&self.files);
        files.map(|(id, text)| text.read(id)).collect()
    }
}

impl<'t> Text<'t> {
    fn of(input: Input<'t>) -> Self {
        let looks_flat = objects::looks_flat(input.text);
        Self { input, looks_flat, restored: looks_flat.then(|| restored(input)).flatten() }
    }

    fn read(&self, id: FileId) -> Source<'_> {
        let input = self.input;
        let Some(restored) = &self.restored else {
            let source = Source::read(id, input);
            if source.kind != InputKind::FalcoRules {
                // It need not be asked again.
                let _ = source.flat.set(self.looks_flat);
            }
            return source;
        };
        let mut source = Source::read(id, Input { name: input.name, text: &restored.text });
        source.pasted = Some(Pasted::new(&source, input.text, &restored.doubts));
        source
    }
}

/// Whether a pod was read from a document whose indentation had to be restored first.
pub(crate) fn is_of_restored(source: &Source<'_>, pod: &Pod) -> bool {
    let documents = source.pasted.iter().flat_map(|pasted| &pasted.documents);
    documents.into_iter().any(|document| document.span.contains(pod.span))
}

impl<'t> Pasted<'t> {
    fn new(source: &Source<'_>, text: &'t str, doubts: &[usize]) -> Self {
        let pasted = LineIndex::new(text);
        let words = |line: usize| {
            let content = source.lines.content(line);
            let words = content.slice(source.input.text).trim_start();
            Span::new(content.end as usize - words.len(), content.end as usize)
        };
        let has_moved = |line: &usize| {
            let now = source.lines.content(*line).slice(source.input.text);
            indent_of(now) > indent_of(pasted.content(*line).slice(text))
        };
        let documents = source.stream.documents.iter().filter_map(|document| {
            let mut lines = source.lines.line_of(document.span.start)..=source.lines.line_of(document.span.end);
            let within = |line: &&usize| lines.contains(*line);
            let doubts = doubts.iter().filter(within).map(|line| words(*line)).collect();
            Some(Document { span: document.span, first: words(lines.find(has_moved)?), doubts })
        });
        Self { text, documents: documents.collect() }
    }
}

/// A text with its indentation, if it has lost it as it seems.
fn restored(input: Input<'_>) -> Option<Restored> {
    // Of a text that is too long for it this knows at once.
    let restored = objects::restore(input.text)?;
    let source = Source::read(FileId(0), input);
    let is_of_objects = matches!(source.kind, InputKind::KubernetesYaml | InputKind::Unknown)
        && (source.is_incomplete() || objects::is_lost(input.text));
    // Places are told by their lines.
    (is_of_objects && LineIndex::new(&restored.text).len() == source.lines.len()).then_some(restored)
}

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
    // Where all is well the question need not be asked, unless nobody knows here what is well.
    let is_lost = source.kind == InputKind::KubernetesYaml && objects::is_lost(text);
    let may_be = is_lost || source.is_incomplete() && looks_flat(source);
    if !source.is_kubernetes() || !may_be {
        return Vec::new();
    }
    if source.kind == InputKind::FalcoRules {
        let document = Span::new(0, text.len());
        return vec![Lost { document, first: first_lost_rule(text), restorable: restore(text).is_some() }];
    }
    let documents = source.stream.documents.iter().map(|document| document.span);
    let flat = documents.filter(|span| {
        let text = span.slice(text);
        objects::is_lost(text) || source.is_incomplete() && objects::looks_flat(text)
    });
    flat.map(|document| {
        let restorable = objects::restore(document.slice(text)).is_some();
        Lost { document, first: first_lost(text, document), restorable }
    })
    .collect()
}

fn looks_flat(source: &Source<'_>) -> bool {
    *source.flat.get_or_init(|| match source.kind {
        InputKind::FalcoRules => rules::looks_flat(source.input.text),
        _ => objects::looks_flat(source.input.text),
    })
}

/// The line below the first item.
fn first_lost_rule(text: &str) -> Span {
    let mut opened = false;
    for (at, line) in lines(text) {
        let words = line.trim_end();
        if opened && !words.is_empty() && !words.starts_with(['#', '-']) {
            return Span::new(at, at + words.len());
        }
        opened |= words.starts_with("- ");
    }
    Span::new(0, text.len())
}

/// The line below the first key that has nothing on its own line.
fn first_lost(text: &str, document: Span) -> Span {
    let mut opened = false;
    for (at, line) in lines(document.slice(text)) {
        let words = line.trim();
        if opened && !words.is_empty() && !words.starts_with('#') {
            let at = document.start as usize + at;
            return Span::new(at, at + line.trim_end().len());
        }
        opened |= words.ends_with(':');
    }
    document
}

/// Whether the indentation of a text, or of a document of it, is lost and can be restored.
pub(crate) fn is_restorable(source: &Source<'_>) -> bool {
    if source.pasted.is_some() {
        return true;
    }
    let is_lost = || source.kind == InputKind::KubernetesYaml && objects::is_lost(source.input.text);
    (source.is_incomplete() || is_lost()) && looks_flat(source) && restore(source.input.text).is_some()
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
    use watertight_diagnostic::{Confidence, Settings};
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
        let expected = [
            "capabilities-not-dropped",
            "host-pid",
            "lost-indentation",
            "lost-indentation",
            "missing-field",
            "privilege-escalation-allowed",
            "resource-limits-missing",
            "resource-requests-missing",
            "root-not-forbidden",
            "seccomp-missing",
            "service-account-token-mounted",
            "unknown-field",
            "user-namespace-missing",
            "writable-root-filesystem",
        ];
        assert_eq!(rules, expected);
        assert!(restorable && how.starts_with("Restore"), "{how}");
    }

    /// Of a kind whose fields nobody knows here, too.
    #[test]
    fn what_names_itself_outside_of_its_metadata_is_flat() {
        let service = "apiVersion: v1\nkind: Service\nmetadata:\nname: a\nspec:\nports:\n- port: 80\n";
        let event = "apiVersion: v1\nkind: Event\nmetadata:\nname: a\nreason: b\n";
        let whole = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n";
        for (text, count, can_restore, says) in [
            (service.to_owned(), 1, true, "Restore"),
            (event.to_owned(), 1, false, "It cannot be told"),
            ([event, whole].join("---\n"), 1, false, "It cannot be told"),
            ([whole, service].join("---\n"), 1, true, "Restore"),
            ([service, event].join("---\n"), 2, true, "Restore"),
        ] {
            let (rules, restorable, how) = told(&text);
            assert_eq!(rules, vec!["lost-indentation"; count], "{text}");
            assert!(restorable == can_restore && how.starts_with(says), "{text}: {how}");
        }
        for text in [&event.replace("name:", "  name:"), "apiVersion: v1\nkind: Event\nmetadata:\nreason: b\n"] {
            assert_eq!(told(text).0, [] as [&str; 0], "{text}");
        }
    }

    /// What is found is found at its line as it was pasted, is as sure as the structure, and is not mended before that is back.
    #[test]
    fn a_flat_text_is_judged_where_it_stands() {
        let flat = "# é\r\napiVersion: v1\r\nkind: Pod\r\nmetadata:\r\nname: a\r\nspec:\r\nhostPID: true\r\n\
                    containers:\r\n- name: é\r\nimage: a\r\nsecurityContext:\r\nprivileged: true";
        let report = analyse(&[Input { name: "x", text: flat }], &Settings::default(), Encoding::Utf8);
        let at = |rule: &str| {
            let found = report.findings.iter().find(|found| found.rule == rule).unwrap();
            assert!(found.fixes.is_empty());
            let range = found.primary.range;
            (flat.get(range.start as usize..range.end as usize).unwrap(), range.start_line, found.confidence)
        };
        assert_eq!(at("host-pid"), ("hostPID: true", 7, Confidence::Likely));
        assert_eq!(at("privileged"), ("true", 12, Confidence::Likely));
        assert_eq!(at("lost-indentation"), ("name: a", 5, Confidence::Certain));
        assert_eq!(report.pods.len(), 1);
        let because = |id: &str| report.checklist.iter().find(|item| item.id == id).unwrap().because.as_str();
        assert!(
            because("never-privileged").ends_with(
                "is privileged. This holds once the indentation is restored, as the text seems to be meant."
            )
        );
        assert!(
            because("patched-nodes").starts_with("A manifest") && !because("patched-nodes").contains("indentation")
        );
        let answer = &report.pods[0].admission[0];
        assert!(answer.consequence.starts_with("This is the answer once the indentation is restored"), "{answer:?}");
        let doubtful = format!("{flat}\r\nresources: {{}}\r\n");
        let report = analyse(&[Input { name: "x", text: &doubtful }], &Settings::default(), Encoding::Utf8);
        let found = report.findings.iter().find(|found| found.rule == "privileged").unwrap();
        assert_eq!(found.confidence, Confidence::Unknown, "nobody can tell whose the last line is");
    }
}
