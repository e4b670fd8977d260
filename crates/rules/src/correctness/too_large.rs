use watertight_diagnostic::{FileId, Finding};
use watertight_pod::Problem as ObjectProblem;
use watertight_yaml::Problem;

use crate::Check;
use crate::reading::{first_sentence, of_object, of_text};

declare_rule! {
    /// ## What it finds
    /// A text beyond the limits: 10 MB, 1,000 levels of mappings and lists inside each other, 1,000,000 nodes; or one with
    /// more pods, containers and faults than are told. What stands before the limit is analysed.
    ///
    /// ## Why it matters
    /// Nothing behind the limit was looked at. The reader of Kubernetes has limits of its own, which are lower: the
    /// API server takes 3 MB.
    ///
    /// ## What to do
    /// Divide the text. A thousand levels are never meant; somebody tries to exhaust the reader.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers: ‹[ × 1001›‹] × 1001›
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
    TOO_LARGE = {
        id: "too-large",
        title: "More than can be read",
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
        &TOO_LARGE.meta,
        problem,
        file,
        "Nothing behind this place was looked at.",
        "Divide the text into smaller ones.",
    )
}

/// The finding for more objects than are read.
pub(crate) fn of_objects(problem: &ObjectProblem, message: &str, file: FileId) -> Finding {
    let (what, how) = first_sentence(message).unwrap_or((message, ""));
    let finding = of_object(&TOO_LARGE.meta, problem, file, [what, "."].concat());
    let mut finding = finding.why("What is said holds for the part that was read.").how(how.to_owned());
    // It is about the text and about no field of it.
    finding.primary.route = None;
    finding
}

#[cfg(all(test, feature = "docs"))]
mod tests {
    use watertight_text::megabytes;
    use watertight_yaml::Limits;

    #[test]
    fn the_limits_are_those_of_the_reader() {
        let Limits { bytes, depth, nodes } = Limits::default();
        let said = super::TOO_LARGE.meta.docs.replace(',', "");
        for limit in [megabytes(bytes), format!("{depth} levels"), format!("{nodes} nodes")] {
            assert!(said.contains(&limit), "{limit}");
        }
    }
}
