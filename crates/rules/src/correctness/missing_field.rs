use watertight_diagnostic::{FileId, Finding};
use watertight_pod::Problem;

use crate::Check;
use crate::reading::{field_name, of_object};

declare_rule! {
    /// ## What it finds
    /// A field that must be there: the name of a container or of an object, an image, the path of a mount.
    ///
    /// ## Why it matters
    /// The API server refuses the object, so nothing of it runs until it is added.
    ///
    /// ## What to do
    /// Add the field.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - image: example.com/web:1.0
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
    MISSING_FIELD = {
        id: "missing-field",
        title: "Required field missing",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a missing `field`.
pub(crate) fn finding(problem: &Problem, field: &str, file: FileId) -> Finding {
    let parent = problem.route.parent().filter(|parent| !parent.steps.is_empty());
    let place = parent.map_or_else(|| "this object".to_owned(), |parent| parent.to_string());
    of_object(&MISSING_FIELD.meta, problem, file, format!("{field} is missing in {place}."))
        .why("The API server refuses the object without it.")
        .how(format!("Add {}.", field_name(&problem.route)))
}
