use watertight_diagnostic::{FileId, Finding, Fix, Rewrite, Safety};
use watertight_text::Span;
use watertight_yaml::{Document, Problem};

use crate::Check;
use crate::reading::of_text;

declare_rule! {
    /// ## What it finds
    /// One of the characters U+0085, U+2028 and U+2029. They are invisible in most editors, and the reader of Kubernetes
    /// ends the line at them, as YAML 1.1 says. Readers of YAML 1.2 do not. One finding for each document.
    ///
    /// ## Why it matters
    /// A field can stand in what looks like the end of a comment or of a text. A reviewer does not see it, many tools do
    /// not read it, and the API server obeys it. In the bad example, where `‹U+2028›` stands for the
    /// character itself, the pod gets the process namespace of its node.
    ///
    /// ## What to do
    /// Remove the character, and look well at what stands behind it: it may have been put there to hide something.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec: # written by us‹U+2028›  hostPID: true
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec: # written by us
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    HIDDEN_LINE_BREAK = {
        id: "hidden-line-break",
        title: "Invisible character that ends the line",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text; `document` is the one it stands in.
pub(crate) fn finding(problem: &Problem, document: Option<&Document<'_>>, file: FileId) -> Finding {
    let finding = of_text(
        &HIDDEN_LINE_BREAK.meta,
        problem,
        file,
        "A field can stand in what looks like a comment: a reviewer does not see it, and Kubernetes reads it.",
        "Remove the character, and look at what stands behind it.",
    );
    let Some(document) = document else { return finding };
    let places = places(document);
    let fix = |title: &str, safety, text: &str| Fix {
        title: title.to_owned(),
        safety,
        level: None,
        file,
        operations: Vec::new(),
        rewrites: rewrites(document, &places, text),
    };
    let newline = if document.text().contains("\r\n") { "\r\n" } else { "\n" };
    let mut fixes = vec![fix("Remove the invisible characters", Safety::NeedsReview, "")];
    if places.iter().all(|place| ends_comment(document, *place)) {
        fixes.insert(0, fix("Make the line breaks visible", Safety::Safe, newline));
    }
    fixes.into_iter().fold(finding, Finding::fix)
}

/// Where such characters stand in a document. So many at the most as somebody may want to see changed at once.
fn places(document: &Document<'_>) -> Vec<Span> {
    let start = document.span.start as usize;
    let hidden = document.span.slice(document.text()).match_indices(['\u{85}', '\u{2028}', '\u{2029}']);
    hidden.take(1_000).map(|(at, c)| Span::new(start + at, start + at + c.len())).collect()
}

fn rewrites(document: &Document<'_>, places: &[Span], text: &str) -> Vec<Rewrite> {
    let expect = |place: &Span| place.slice(document.text()).to_owned();
    places.iter().map(|place| Rewrite { span: *place, expect: expect(place), text: text.to_owned() }).collect()
}

/// Whether a comment ends here: then a line break that everybody sees means the same. Within a text it would not.
fn ends_comment(document: &Document<'_>, place: Span) -> bool {
    let behind = document.comments.partition_point(|comment| comment.span.start < place.start);
    let before = behind.checked_sub(1).and_then(|at| document.comments.get(at));
    before.is_some_and(|comment| (place.start..=place.end).contains(&comment.span.end))
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{FileId, Settings};
    use watertight_text::{Edit, apply};
    use watertight_yaml::parse;

    /// The text after each fix, in the order they are offered.
    fn mended(text: &str) -> Vec<String> {
        let stream = parse(text);
        let all = crate::reading::all(&stream, &watertight_pod::read(&stream), FileId(0), &Settings::default());
        let fixes = all.into_iter().filter(|found| found.rule.id == "hidden-line-break").flat_map(|found| found.fixes);
        fixes
            .map(|fix| {
                let edits = fix.rewrites.into_iter().map(|rewrite| Edit { span: rewrite.span, text: rewrite.text });
                apply(text, &edits.collect::<Vec<_>>()).unwrap()
            })
            .collect()
    }

    #[test]
    fn a_break_in_a_comment_can_be_shown() {
        for c in ['\u{85}', '\u{2028}', '\u{2029}'] {
            let text = format!("a: 1 # é{c}b: 2\nc: 3 # x{c}# y\n");
            let after = ["a: 1 # é\nb: 2\nc: 3 # x\n# y\n", "a: 1 # éb: 2\nc: 3 # x# y\n"];
            assert_eq!(mended(&text), after);
            let value = |text: &str| parse(text).documents[0].root().unwrap().to_json();
            assert_eq!(value(after[0]), value(&text), "what Kubernetes reads stays");
        }
        assert_eq!(mended("a: 1 # x\u{2028}b: 2\r\n")[0], "a: 1 # x\r\nb: 2\r\n");
        assert_eq!(mended("a: 'x\u{2028}y'\n"), ["a: 'xy'\n"]);
        assert_eq!(mended("a: 1\n"), [""; 0]);
    }
}
