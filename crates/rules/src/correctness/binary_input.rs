use watertight_diagnostic::{FileId, Finding};
use watertight_yaml::Problem;

use crate::Check;
use crate::reading::of_text;

declare_rule! {
    /// ## What it finds
    /// Bytes that are no text: an image, an archive, a program, or text in another encoding than UTF-8.
    ///
    /// ## Why it matters
    /// Nothing of it can be analysed, and Kubernetes reads it no better.
    ///
    /// ## What to do
    /// Unpack an archive first. Save text as UTF-8.
    ///
    /// ## Bad
    /// ```yaml
    /// PK‹U+0003›‹U+0004›‹U+0014›‹U+0000›‹U+0000›‹U+0000›‹U+0008›‹U+0000›
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
    BINARY_INPUT = {
        id: "binary-input",
        title: "Not text",
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
        &BINARY_INPUT.meta,
        problem,
        file,
        "Nothing of it can be analysed.",
        "Unpack it, or save the text as UTF-8.",
    )
}
