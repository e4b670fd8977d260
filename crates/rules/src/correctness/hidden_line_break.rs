use watertight_diagnostic::{FileId, Finding};
use watertight_yaml::Problem;

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
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text.
pub(crate) fn finding(problem: &Problem, file: FileId) -> Finding {
    of_text(
        &HIDDEN_LINE_BREAK.meta,
        problem,
        file,
        "A field can stand in what looks like a comment: a reviewer does not see it, and Kubernetes reads it.",
        "Remove the character, and look at what stands behind it.",
    )
}
