//! Where kubectl divides a text: at each line that begins with `---`, before anybody reads YAML. Of what lies between two of
//! them it reads one document and leaves the rest.
//!
//! Other programs, such as Compose and Falco, leave that to their readers of YAML, so only documents that are objects of
//! Kubernetes have such problems.
//!
//! Source: `pkg/util/yaml/decoder.go` of apimachinery, `YAMLReader.Read`; `yaml.Unmarshal` of sigs.k8s.io/yaml.

use watertight_text::{Span, sort};

use crate::{Document, Problem, ProblemKind, Stream};

/// As many are told of a text; nobody reads on.
const MAX_TOLD: usize = 1_000;

const LEFT_OUT: &str = "kubectl reads one document between two lines of `---`, and leaves this one out without a word. Put a \
                        line `---` in front of it.";
const GOES_ON: &str = "kubectl ends a document at every line that begins with `---`, and refuses the file where more than a comment \
                       follows. Put what follows on a line of its own, or indent the line where it belongs to a text.";
const DIRECTIVE: &str = "kubectl divides a text at `---` before it reads it, so this instruction stands alone and it refuses the \
                         file. Remove the line.";

/// Tells what kubectl refuses or leaves out.
pub(crate) fn report(text: &str, stream: &mut Stream<'_>) {
    let first = text.starts_with("---").then_some(0);
    let inner = text.match_indices("\n---").map(|(at, _)| at + 1);
    let mut lines = first.into_iter().chain(inner).peekable();
    let mut told = 0;
    for document in &mut stream.documents {
        let content = document.root().map_or(document.span.end, |root| root.span().start) as usize;
        let (mut opens, mut refused) = (false, None);
        while let Some(at) = lines.next_if(|at| *at < document.span.end as usize) {
            opens |= at < content;
            refused = refused.or_else(|| going_on(text, at));
        }
        let mut found: Vec<(ProblemKind, Span, &str)> = Vec::new();
        found.extend(refused.map(|span| (ProblemKind::Refused, span, GOES_ON)));
        if document.index > 0 && !opens {
            found.push((ProblemKind::Ambiguous, word(text, content), LEFT_OUT));
        }
        if document.index == 0 && opens && !has(document, ProblemKind::Version) {
            found.extend(directive(text, content).map(|span| (ProblemKind::Refused, span, DIRECTIVE)));
        }
        if found.is_empty() || told >= MAX_TOLD || !is_object(document) {
            continue;
        }
        told += found.len();
        let problem = |(kind, span, message): (ProblemKind, Span, &str)| Problem {
            kind,
            span,
            related: None,
            route: None,
            message: message.to_owned(),
        };
        document.problems.extend(found.into_iter().map(problem));
        sort::by_key(&mut document.problems, |problem| problem.span.start);
    }
}

/// Whether a document is whole and says its kind.
fn is_object(document: &Document<'_>) -> bool {
    document.complete && document.root().is_some_and(|root| root.get("kind").is_some())
}

fn has(document: &Document<'_>, kind: ProblemKind) -> bool {
    document.problems.iter().any(|problem| problem.kind == kind)
}

/// The first word of a line that begins with `---` at byte `at`, where more than a comment follows. What a template puts there
/// is not known.
fn going_on(text: &str, at: usize) -> Option<Span> {
    let line = text.get(at..)?.split('\n').next()?;
    let rest = line.get(3..)?.trim();
    let goes_on = !rest.is_empty() && !["#", "{{", "{%"].into_iter().any(|begin| rest.starts_with(begin));
    goes_on.then(|| word(text, at))
}

/// The first line of the text that is an instruction to the reader of YAML, before byte `end`.
fn directive(text: &str, end: usize) -> Option<Span> {
    let head = text.get(..end)?;
    let at = if head.starts_with('%') { 0 } else { head.find("\n%")? + 1 };
    let line = text.get(at..)?.lines().next()?;
    Some(Span::new(at, at + line.trim_end().len()))
}

/// The word that begins at byte `at`.
fn word(text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or_default();
    Span::new(at, at + rest.find(char::is_whitespace).unwrap_or(rest.len()))
}
