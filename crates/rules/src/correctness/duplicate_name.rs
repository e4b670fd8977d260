use watertight_diagnostic::{FileId, Finding};
use watertight_pod::Problem;

use crate::Check;
use crate::reading::{field_name, of_object};

declare_rule! {
    /// ## What it finds
    /// Two containers, or two volumes, of one name in a pod.
    ///
    /// ## Why it matters
    /// The API server refuses the pod. While reading, one is easily taken for the other.
    ///
    /// ## What to do
    /// Give one of them another name, and adjust what refers to it.
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
    ///       image: example.com/web:1.0
    ///     - name: web
    ///       image: example.com/log:1.0
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
    DUPLICATE_NAME = {
        id: "duplicate-name",
        title: "Name that stands twice",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a `name` that is taken already.
pub(crate) fn finding(problem: &Problem, name: &str, file: FileId) -> Finding {
    let list = problem.route.parent().and_then(|item| item.parent()).map(|list| field_name(&list)).unwrap_or_default();
    of_object(&DUPLICATE_NAME.meta, problem, file, format!("The name \"{name}\" stands twice in {list}."))
        .why("The API server refuses the pod.")
        .how("Give one of them another name.")
}
