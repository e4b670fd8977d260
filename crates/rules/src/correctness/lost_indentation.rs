use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::Span;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A manifest whose lines all begin at the same column, as they do when text is copied from some web pages. The
    /// structure can be restored from what is known of Kubernetes objects: of everything that holds a pod, and of the usual
    /// kinds beside it, such as Service, ConfigMap, NetworkPolicy and Role.
    ///
    /// ## Why it matters
    /// Without its indentation the text means something else: fields of the pod become fields of the object and are
    /// dropped or refused. As it stands nothing of it protects anything.
    ///
    /// ## What to do
    /// Take the restored text after a look at the difference; the analysis is of that text.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    /// name: web
    /// spec:
    /// hostPID: true
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
    LOST_INDENTATION = {
        id: "lost-indentation",
        title: "Indentation lost",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a text without indentation; `span` is the first line that stands too far left.
pub(crate) fn finding(span: Span, file: FileId) -> Finding {
    let place = Location { file, span, route: None, label: String::new() };
    Finding::new(&LOST_INDENTATION.meta, place, "The indentation of this text seems to be lost.")
        .why("As it stands the fields belong to the wrong objects, and the API server refuses or drops them.")
        .how("Restore the structure, and look at the difference before you use it.")
}
