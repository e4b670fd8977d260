use watertight_diagnostic::{FileId, Finding};
use watertight_yaml::Problem;

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
    /// Keep one of them.
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
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    DUPLICATE_KEY = {
        id: "duplicate-key",
        title: "Key that stands twice",
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
        &DUPLICATE_KEY.meta,
        problem,
        file,
        "People and tools may read the first, while the API server uses the last.",
        "Keep one of them.",
    )
}
