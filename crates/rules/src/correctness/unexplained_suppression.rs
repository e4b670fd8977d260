use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::Span;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A comment or an annotation that asks to leave a finding out and does not say why.
    ///
    /// ## Why it matters
    /// Whoever reads it later cannot tell whether it still holds, and so nobody dares to remove it.
    ///
    /// ## What to do
    /// Write the reason behind the rule's name.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   # watertight: ignore host-pid
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
    ///   # watertight: ignore host-pid the agent counts the processes of the node
    ///   hostPID: true
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    UNEXPLAINED_SUPPRESSION = {
        id: "unexplained-suppression",
        title: "Ignore comment without a reason",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a request to leave out `rule`; `span` is where the rule is named.
pub(crate) fn finding(rule: &str, span: Span, file: FileId) -> Finding {
    let place = Location { file, span, route: None, label: String::new() };
    Finding::new(&UNEXPLAINED_SUPPRESSION.meta, place, format!("It is not said why \"{rule}\" is left out here."))
        .why("Whoever reads it later cannot tell whether it still holds.")
        .how("Write the reason behind the rule's name.")
}
