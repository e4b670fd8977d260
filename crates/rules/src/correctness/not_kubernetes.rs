use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::Span;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A text that can be read and is nothing that makes a container: the values of a Helm chart, a Dockerfile, a
    /// program's configuration.
    ///
    /// ## Why it matters
    /// There is nothing to analyse in it, and an empty report must not be taken for a good one.
    ///
    /// ## What to do
    /// Paste the objects that reach the cluster. `kubectl get deployment NAME -o yaml` prints one, `helm template`
    /// prints those of a chart.
    ///
    /// ## Bad
    /// ```yaml
    /// replicaCount: 2
    /// image:
    ///   repository: example.com/web
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
    NOT_KUBERNETES = {
        id: "not-kubernetes",
        title: "Not a Kubernetes object",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a text that seems to be `what` (with its article), with the sentence that says what to paste instead.
pub(crate) fn finding(what: &str, instead: &'static str, span: Span, file: FileId) -> Finding {
    let place = Location { file, span, route: None, label: String::new() };
    let how = if instead.is_empty() { "Paste the objects that reach the cluster." } else { instead };
    Finding::new(&NOT_KUBERNETES.meta, place, format!("This seems to be {what}."))
        .why("There is no pod in it to analyse.")
        .how(how)
}
