use watertight_diagnostic::{FileId, Finding};
use watertight_pod::Problem;

use crate::Check;
use crate::reading::{field_name, of_object};

declare_rule! {
    /// ## What it finds
    /// A security field with nothing behind its colon, such as `securityContext:`. It means the same as no field at
    /// all.
    ///
    /// ## Why it matters
    /// It looks as if something had been set here. Often the lines that belong under it have lost their indentation
    /// or were never written.
    ///
    /// ## What to do
    /// Fill it, or remove it.
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
    ///       securityContext:
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
    EMPTY_FIELD = {
        id: "empty-field",
        title: "Field with nothing in it",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a field that is null.
pub(crate) fn finding(problem: &Problem, file: FileId) -> Finding {
    let name = field_name(&problem.route);
    of_object(&EMPTY_FIELD.meta, problem, file, format!("{name} is empty, which is the same as not being there."))
        .why("It looks as if something had been set here.")
        .how(format!("Fill {name}, or remove it."))
}
