use watertight_diagnostic::{FileId, Finding};
use watertight_pod::Problem;

use crate::Check;
use crate::reading::{field_name, first_sentence, of_object};

declare_rule! {
    /// ## What it finds
    /// A value of the right type that the API server refuses, alone or together with another one: an unknown word, an
    /// amount such as `128MB`, a number out of range, a mount of a volume that the pod does not have, a selector that the
    /// labels of its own template do not meet, `privileged: true` beside `allowPrivilegeEscalation: false`.
    ///
    /// ## Why it matters
    /// The object is refused, so nothing of it runs until this is mended.
    ///
    /// ## What to do
    /// Do what the finding says. Where two fields contradict each other, decide which of them is meant.
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
    ///       imagePullPolicy: always
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
    INVALID_VALUE = {
        id: "invalid-value",
        title: "Value that is refused",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding with the reading's own sentences: what is wrong and, behind that, what to do where it is known.
pub(crate) fn finding(problem: &Problem, message: &str, file: FileId) -> Finding {
    let (what, how) = match first_sentence(message) {
        Some((what, how)) => (format!("{what}."), how.to_owned()),
        None => (message.to_owned(), format!("Change {}.", field_name(&problem.route))),
    };
    of_object(&INVALID_VALUE.meta, problem, file, what).why("The API server refuses the object.").how(how)
}
