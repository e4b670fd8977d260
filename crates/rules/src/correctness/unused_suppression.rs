use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::{Span, nearest};

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A comment or an annotation that asks to leave a finding out, where there is no such finding: it has been
    /// mended, the rule's name is misspelt, or the comment stands in the wrong place.
    ///
    /// ## Why it matters
    /// It looks as if somebody had decided something here. When the fault comes back, it is silently left out.
    ///
    /// ## What to do
    /// Remove it. A comment speaks of its own line, or of the next one when it stands alone.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   # watertight: ignore host-pid the agent must see processes
    ///   hostPID: false
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
    UNUSED_SUPPRESSION = {
        id: "unused-suppression",
        title: "Ignore comment without effect",
        category: Correctness,
        severity: Low,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a request to leave out `rule`, of the rules called `known`; `span` is where the rule is named.
pub(crate) fn finding(rule: &str, known: &[&str], span: Span, file: FileId) -> Finding {
    let place = Location { file, span, route: None, label: String::new() };
    let finding = if known.contains(&rule) {
        let what = format!("There is no finding of \"{rule}\" here to be left out.");
        Finding::new(&UNUSED_SUPPRESSION.meta, place, what).how("Remove it, or put it on the line it is meant for.")
    } else {
        let what = format!("There is no rule called \"{rule}\", so nothing is left out.");
        let how = nearest(rule, known.iter().copied()).map_or_else(
            || "Use the name that the finding shows.".to_owned(),
            |near| format!("Did you mean {near}? Use the name that the finding shows."),
        );
        Finding::new(&UNUSED_SUPPRESSION.meta, place, what).how(how)
    };
    finding.why("It looks like a decision, and would silently leave out the next fault that fits it.")
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::FileId;
    use watertight_text::Span;

    #[test]
    fn did_you_mean() {
        let how = |rule: &str| super::finding(rule, &["host-pid", "privileged"], Span::at(0), FileId(0)).how;
        assert!(how("hostpid").contains("Did you mean host-pid?"));
        assert!(!how("something-else-entirely").contains("Did you mean"));
        assert!(how("host-pid").starts_with("Remove it"));
    }
}
