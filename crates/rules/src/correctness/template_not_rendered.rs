use watertight_diagnostic::{FileId, Finding};
use watertight_yaml::Problem;

use crate::Check;
use crate::reading::of_text;

declare_rule! {
    /// ## What it finds
    /// A text with placeholders such as `{{ .Values.image }}`. What can be read around them is analysed.
    ///
    /// ## Why it matters
    /// Only the rendered text says what reaches the cluster: a placeholder can stand for a harmless value or for a
    /// dangerous one.
    ///
    /// ## What to do
    /// Render it first, for example with `helm template NAME CHART`, and paste the result.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: {{ .Values.image }}
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
    TEMPLATE_NOT_RENDERED = {
        id: "template-not-rendered",
        title: "Template that is not rendered",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text.
pub(crate) fn finding(problem: &Problem, file: FileId) -> Finding {
    of_text(
        &TEMPLATE_NOT_RENDERED.meta,
        problem,
        file,
        "Only the rendered text says what reaches the cluster, so the findings here are incomplete.",
        "Render the template, for example with helm template, and paste the result.",
    )
}
