use watertight_diagnostic::Finding;

use super::{Out, Subject};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A line among events that is no JSON object, or one that breaks off.
    ///
    /// ## Why it matters
    /// No rule is tried on it, so nothing is known of what happened there.
    ///
    /// ## What to do
    /// Paste whole lines of Falco's JSON output (`json_output: true`), or objects of fields and values.
    ///
    /// ## Bad
    /// ```json
    /// {"evt.type": "execve", "proc.name": "mount"}
    /// {"evt.type": "execve", "proc.na
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"evt.type": "execve", "proc.name": "mount"}
    /// {"evt.type": "execve", "proc.name": "umount"}
    /// ```
    UNREADABLE_EVENT = {
        id: "falco-unreadable-event",
        title: "Event that cannot be read",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

/// Problems that are told one by one; the last of them says how many more there are.
const MOST: usize = 20;

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (number, problem) in subject.problems.iter().take(MOST).enumerate() {
        let mut what = ["This event cannot be read: ", problem.message, "."].concat();
        let more = subject.problems.len() - MOST.min(subject.problems.len());
        if number + 1 == MOST && more > 0 {
            what.push_str(&format!(" {more} more are not listed."));
        }
        let finding = Finding::new(&UNREADABLE_EVENT, subject.at(problem.span), what)
            .why("No rule is tried on it.")
            .how("Paste whole lines of Falco's JSON output, or objects of fields and values.");
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::FileId;

    use crate::lint::of_events;

    #[test]
    fn many_are_told_in_short() {
        let text = "{\"evt.type\":\"open\"}\n".to_owned() + &"{\"evt.type\":}\n".repeat(50);
        let found = of_events(FileId(0), &text);
        assert_eq!(found.len(), 20);
        assert!(found[19].what.ends_with(" 30 more are not listed."), "{}", found[19].what);
        assert!(!found[18].what.contains("more are"));
    }
}
