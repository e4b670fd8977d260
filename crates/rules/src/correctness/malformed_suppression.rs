use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::Span;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A comment that begins with `watertight:`, or an annotation that begins with `watertight/`, and says nothing that is
    /// understood.
    ///
    /// ## Why it matters
    /// Whoever wrote it thinks that something is left out, and it is not.
    ///
    /// ## What to do
    /// Write `# watertight: ignore RULE reason`; several rules are divided by commas. The annotation for a whole object is
    /// `watertight/ignore.RULE: reason`, one for each rule.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   # watertight: disable host-pid
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
    MALFORMED_SUPPRESSION = {
        id: "malformed-suppression",
        title: "Request to ignore that cannot be read",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a comment or an annotation at `span`.
pub(crate) fn finding(span: Span, file: FileId) -> Finding {
    let place = Location { file, span, route: None, label: String::new() };
    Finding::new(&MALFORMED_SUPPRESSION.meta, place, "This asks for something that is not understood.")
        .why("Nothing is left out because of it.")
        .how("Write \"# watertight: ignore RULE reason\", or the annotation \"watertight/ignore.RULE: reason\", with the rule's name as the finding shows it.")
}
