use watertight_diagnostic::{Finding, Operation, Safety};

use super::{Out, Subject};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A priority that is not written in capitals, such as `critical`.
    ///
    /// ## Why it matters
    /// Falco loads it, but its own JSON schema takes capitals only: `falco -V` says that the file is not valid by the
    /// schema, and editors that use it underline the word.
    ///
    /// ## What to do
    /// Write the priority in capitals.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: warning
    ///   tags: [mitre_privilege_escalation, T1611]
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
    /// ```
    PRIORITY_CASE = {
        id: "falco-priority-case",
        title: "Priority that the schema does not know",
        category: Hygiene,
        severity: Info,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (_, item) in subject.set.rules() {
        let file = item.head.place.file;
        let Some((place, node)) = subject.item_at((file, item.head.place.name)) else { continue };
        let Some(value) = node.get("priority") else { continue };
        let written = value.written().unwrap_or_default();
        let capitals = written.to_ascii_uppercase();
        if written == capitals {
            continue;
        }
        let what = ["`", written, "` is not in capitals."].concat();
        let mut finding = Finding::new(&PRIORITY_CASE, subject.location((file, value.span()), ""), what)
            .why("Falco loads it, but its JSON schema does not take it.")
            .how(["Write `", &capitals, "`."].concat());
        let set = Operation::set(Subject::route(place).key("priority"), capitals);
        finding.fixes.extend(subject.operations("Write it in capitals", Safety::Safe, file, vec![set]));
        out.push(finding);
    }
}
