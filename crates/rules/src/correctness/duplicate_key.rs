use watertight_diagnostic::{FileId, Finding, Fix, Operation, Safety};
use watertight_yaml::{Document, Problem};

use crate::Check;
use crate::reading::of_text;

declare_rule! {
    /// ## What it finds
    /// A key that stands twice in one mapping. The reader of Kubernetes keeps the last and drops the first without a
    /// word, unless it is asked to be strict.
    ///
    /// ## Why it matters
    /// Readers differ: a reviewer sees the first, some tools keep the first, the API server uses the last. A harmless
    /// `privileged: false` can so hide a `privileged: true` below it.
    ///
    /// ## What to do
    /// Keep the one you mean. The fix keeps the last, so that nothing changes for the cluster.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostPID: false
    ///   hostPID: true
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
    /// spec:
    ///   hostPID: true
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    DUPLICATE_KEY = {
        id: "duplicate-key",
        title: "Key that stands twice",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text; `document` is the one it stands in.
pub(crate) fn finding(problem: &Problem, document: Option<&Document<'_>>, file: FileId) -> Finding {
    let finding = of_text(
        &DUPLICATE_KEY.meta,
        problem,
        file,
        "People and tools may read the first, while the API server uses the last.",
        "Keep one of them.",
    );
    match document.and_then(|document| fix(problem, document, file)) {
        Some(fix) => finding.fix(fix),
        None => finding,
    }
}

fn fix(problem: &Problem, document: &Document<'_>, file: FileId) -> Option<Fix> {
    let route = problem.route.as_ref()?;
    // Where a key further out stands twice as well, the route leads into the last of its values.
    let holder = document.at(&route.parent()?)?;
    if document.is_refused() || holder.is_alias() || !holder.span().contains(problem.span) {
        return None;
    }
    let operations = vec![Operation::keep_last(route.clone())];
    let title = "Keep the last, which is the one that counts".to_owned();
    // Which of them was meant only a person can say, so no target asks for it.
    Some(Fix { title, safety: Safety::Safe, level: None, file, operations, rewrites: Vec::new() })
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{FileId, Settings};

    /// The text after the first fix of each finding about a doubled key, one after the other.
    fn mended(text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..8 {
            let stream = watertight_yaml::parse(&text);
            let found = crate::reading::all(&stream, &watertight_pod::read(&stream), FileId(0), &Settings::default());
            let mut fixes = found.into_iter().filter(|f| f.rule.id == "duplicate-key").flat_map(|f| f.fixes);
            let Some(fix) = fixes.next() else { break };
            let plan = watertight_yaml::edit::plan(&stream, &fix.operations);
            assert!(plan.refused.is_empty(), "{text}{:?}", plan.refused);
            text = watertight_text::apply(&text, &plan.edits).unwrap();
        }
        text
    }

    #[test]
    fn the_last_stays() {
        for (before, after) in [
            ("a: 1\nb: 2\na: 3\n", "b: 2\na: 3\n"),
            ("a: 1 # x\n# of the last\na: 3\n", "# of the last\na: 3\n"),
            ("a: 1\na: 2\na: 3\n", "a: 3\n"),
            ("l:\n  - a: 1\n    a: 2\n", "l:\n  - a: 2\n"),
            ("{\"a\": 1, \"b\": 2, \"a\": 3}\n", "{\"b\": 2, \"a\": 3}\n"),
            // Inside of what goes nothing needs mending.
            ("a: {x: 1, x: 2}\na: {x: 3}\n", "a: {x: 3}\n"),
            ("a: {x: 1}\na: {x: 3, x: 4}\n", "a: {x: 4}\n"),
            ("a: &a {x: 1, x: 2}\nb: *a\n", "a: &a {x: 2}\nb: *a\n"),
            // The anchor goes with its value: whoever uses it keeps the value.
            ("a: &a {x: 1}\nb: *a\na: 2\n", "b: &a\n  x: 1\na: 2\n"),
            ("yes: 1\ntrue: 2\n", "true: 2\n"),
        ] {
            assert_eq!(mended(before), after, "{before}");
        }
    }
}
