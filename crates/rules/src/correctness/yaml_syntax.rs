use watertight_diagnostic::{FileId, Finding};
use watertight_yaml::Problem;

use crate::Check;
use crate::reading::of_text;

declare_rule! {
    /// ## What it finds
    /// A place from which on the text is no YAML. What stands before it in the same document is analysed, and so are
    /// the other documents.
    ///
    /// ## Why it matters
    /// kubectl refuses the whole file. Nothing behind the place was looked at here, so that a clean report says
    /// nothing about it.
    ///
    /// ## What to do
    /// Mend the place. Most often it is the indentation, a tab, a bracket or quotation mark that is never closed, or
    /// a colon inside a value that needs quotes.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers: [
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    YAML_SYNTAX = {
        id: "yaml-syntax",
        title: "Not YAML",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text.
pub(crate) fn finding(problem: &Problem, file: FileId) -> Finding {
    of_text(
        &YAML_SYNTAX.meta,
        problem,
        file,
        "kubectl refuses the file, and what stands behind this place in the same document could not be looked at.",
        "Mend this place.",
    )
}
