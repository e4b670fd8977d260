use watertight_diagnostic::Finding;

use super::{Out, Subject};
use crate::compile::event_types;
use crate::condition::{RULE_DEPTH, parse};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A condition that is appended to another and begins with `or`.
    ///
    /// ## Why it matters
    /// Falco joins the texts with a blank and no parentheses. `a and b` with `or c` behind it is `(a and b) or c`: what
    /// the first part asked for, the kind of event most of all, does not hold for the new part.
    ///
    /// ## What to do
    /// Say everything in the appended part that it needs, `or (evt.type = … and …)`, or replace the condition as a
    /// whole.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// - rule: Mount in container
    ///   condition: or proc.name = mount
    ///   override:
    ///     condition: append
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// - rule: Mount in container
    ///   condition: or (evt.type = umount2 and container.id != host)
    ///   override:
    ///     condition: append
    /// ```
    APPENDED_OR = {
        id: "falco-appended-or",
        title: "Appended alternative that escapes the condition before it",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    let items = &subject.set.items;
    let macros = items.macros.iter().map(|item| &item.condition);
    for condition in items.rules.iter().map(|item| &item.condition).chain(macros) {
        let mut parts = condition.parts();
        let Some(first) = parts.next() else { continue };
        let asks = |text: &str| {
            parse(text, 0, RULE_DEPTH).ok().and_then(|expr| event_types(&expr).ok()).is_some_and(|set| !set.is_all())
        };
        if !asks(first.0) && !first.0.contains("spawned_process") {
            continue;
        }
        for (text, place) in parts {
            let words = text.trim_start();
            let Some(rest) = words.strip_prefix("or").filter(|rest| rest.starts_with([' ', '(', '\n', '\t'])) else {
                continue;
            };
            if asks(rest) {
                continue;
            }
            let Some((file, span)) = subject.set.texts.scalar_place(place) else { continue };
            out.push(
                Finding::new(&APPENDED_OR, subject.location((file, span), ""), "The appended part is true for any kind of event.")
                    .why("The texts are joined without parentheses, so what stands before the `or` does not hold for this part.")
                    .how("Ask for `evt.type` in the appended part too, or replace the condition as a whole."),
            );
        }
    }
}
