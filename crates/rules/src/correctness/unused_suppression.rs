use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::{Span, nearest};

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A comment or an annotation that asks to leave a finding out, where there is no such finding: it has been
    /// mended, the rule's name is misspelt, or the comment stands in the wrong place. Also one that stands at one container
    /// where the finding is about several.
    ///
    /// ## Why it matters
    /// It looks as if somebody had decided something here. When the fault comes back, it is silently left out.
    ///
    /// ## What to do
    /// Remove it. A comment speaks of its own line, or of the next one when it stands alone. A finding about several
    /// containers is left out when there is one at each of them. For a whole object there is an annotation:
    /// `watertight/ignore.RULE: reason`.
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

/// The finding for a request to leave out `rule` at one of several containers that its finding is about.
pub(crate) fn partial(rule: &str, span: Span, file: FileId) -> Finding {
    let place = Location { file, span, route: None, label: String::new() };
    let what = format!("The finding of \"{rule}\" is about more than this place, so it stays.");
    Finding::new(&UNUSED_SUPPRESSION.meta, place, what)
        .why("Were one container enough, the others would go unseen with it.")
        .how(
            "Put the comment at each container that the finding names, or annotate the object: watertight/ignore.RULE.",
        )
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
