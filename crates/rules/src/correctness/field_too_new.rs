use watertight_diagnostic::{FileId, Finding};
use watertight_pod::Problem;

use crate::Check;
use crate::reading::of_object;

declare_rule! {
    /// ## What it finds
    /// A security field that the Kubernetes version of the settings drops: `hostUsers: false` before 1.33,
    /// `appArmorProfile` before 1.30, `resources` of a whole pod before 1.34, `supplementalGroupsPolicy` before 1.33, and
    /// init containers with `restartPolicy: Always` before 1.29. The default is the newest version, so set yours.
    ///
    /// ## Why it matters
    /// The field reads as if it protected something. An API server that is older, or that has the feature switched off, takes the object
    /// without a word and runs it without the field.
    ///
    /// ## What to do
    /// Update the cluster, switch the feature on there if it is known as alpha or beta, or do without the field and say in
    /// another way what it was to do.
    ///
    /// ## Bad
    /// ```yaml
    /// # For Kubernetes v1.32
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostUsers: false
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # For Kubernetes v1.33
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostUsers: false
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    FIELD_TOO_NEW = {
        id: "field-too-new",
        title: "Field that this Kubernetes version drops",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a field, which counts from the minor version beside it on; `otherwise` is what is so without it.
pub(crate) fn finding(problem: &Problem, (field, since): (&str, u32), otherwise: &str, file: FileId) -> Finding {
    of_object(&FIELD_TOO_NEW.meta, problem, file, format!("{field} counts from Kubernetes 1.{since} on."))
        .why(format!("Older versions drop the field, so {otherwise}."))
        .how(format!("Run it on Kubernetes 1.{since} or later, or switch the feature on where it is not the default."))
}
