use watertight_diagnostic::{FileId, Finding, Location};
use watertight_text::Span;

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
    let finding = match (known.contains(&rule), nearest(rule, known)) {
        (true, _) => {
            let what = format!("There is no finding of \"{rule}\" here to be left out.");
            Finding::new(&UNUSED_SUPPRESSION.meta, place, what).how("Remove it, or put it on the line it is meant for.")
        }
        (false, near) => {
            let what = format!("There is no rule called \"{rule}\", so nothing is left out.");
            let how = near.map_or_else(
                || "Use the name that the finding shows.".to_owned(),
                |near| format!("Did you mean {near}? Use the name that the finding shows."),
            );
            Finding::new(&UNUSED_SUPPRESSION.meta, place, what).how(how)
        }
    };
    finding.why("It looks like a decision, and would silently leave out the next fault that fits it.")
}

/// A rule whose name differs by few letters.
fn nearest<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|name| (distance(written, name), *name)).min()?;
    (near.0 <= 3 && near.0 * 3 <= written.len()).then_some(near.1)
}

/// How many letters have to be put in, taken out or changed. Names are short, so the plain table will do.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (place, letter) in one.chars().take(64).enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        for (above, theirs) in row.iter_mut().skip(1).zip(other.chars()) {
            let change = diagonal + usize::from(letter != theirs);
            diagonal = *above;
            left = change.min(*above + 1).min(left + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn did_you_mean() {
        for (one, other, expected) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "", 3), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
        let known = ["host-pid", "privileged"];
        assert_eq!(nearest("hostpid", &known), Some("host-pid"));
        assert_eq!(nearest("something-else-entirely", &known), None);
    }
}
