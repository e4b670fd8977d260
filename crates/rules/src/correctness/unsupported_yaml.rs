use watertight_diagnostic::{FileId, Finding};
use watertight_yaml::{Problem, ProblemKind};

use crate::Check;
use crate::reading::of_text;

declare_rule! {
    /// ## What it finds
    /// Something that YAML allows and the reader of Kubernetes refuses: an alias without its anchor, an alias inside
    /// its own anchor, aliases of aliases without end, a merge key with something that cannot be merged, a tag that
    /// does not fit its value, a key that is a list or a mapping, an infinite number, a tab in the indentation, `\/`
    /// between double quotes, a key whose colon stands on the next line, a value on the line of `---`. Also what it reads in
    /// another way than it looks: a question mark between brackets, a document that no line of `---` parts from the one before.
    ///
    /// ## Why it matters
    /// kubectl refuses the whole document, so none of it reaches the cluster.
    ///
    /// ## What to do
    /// Write the value out, or define the anchor above the place that uses it, in the same document. Indent with spaces.
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
    ///       resources: *usual
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
    UNSUPPORTED_YAML = {
        id: "unsupported-yaml",
        title: "YAML that Kubernetes refuses",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a problem of the text.
pub(crate) fn finding(problem: &Problem, file: FileId) -> Finding {
    let why = match problem.kind {
        ProblemKind::Ambiguous => "The reader of Kubernetes reads this in another way than it looks, or refuses it.",
        _ => "The reader of Kubernetes refuses the whole document.",
    };
    of_text(&UNSUPPORTED_YAML.meta, problem, file, why, "Write the value out.")
}
