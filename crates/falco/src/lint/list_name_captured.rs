use watertight_diagnostic::{Finding, Safety};

use super::{Out, Subject};
use crate::condition::{Operator, Right};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A constant after `=` or another operator for a single value that is the name of a list.
    ///
    /// ## Why it matters
    /// Falco pastes the items of a list wherever its name stands as a word, before it reads the condition. The
    /// comparison is then with the first item, and what follows it makes the condition unreadable or means something
    /// else.
    ///
    /// ## What to do
    /// Put quotes round the constant, or rename the list. Inside quotes, too, a name between blanks is pasted over.
    ///
    /// ## Bad
    /// ```yaml
    /// - list: docker
    ///   items: [dockerd]
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and not proc.pname = docker and not
    ///     proc.aname in (docker)
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - list: docker_programs
    ///   items: [dockerd]
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and not proc.pname = docker and not
    ///     proc.aname in (docker_programs)
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    LIST_NAME_CAPTURED = {
        id: "falco-list-name-captured",
        title: "Constant that is taken for the name of a list",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    subject.own_checks(&mut |check, _| {
        if !matches!(check.right, Right::Value(_)) {
            return;
        }
        let list_operator = matches!(check.operator, Operator::In | Operator::Intersects | Operator::PMatch);
        if list_operator || check.modifier.is_some() {
            return;
        }
        let Some(list) = subject.list_behind(check.operator_place) else { return };
        let name = &list.head.name;
        let what = ["`", name, "` is the name of a list: its items are pasted here."].concat();
        let location = subject.at_behind(check.operator_place);
        let related = subject.location((list.head.place.file, list.head.place.name), "the list");
        let mut finding = Finding::new(&LIST_NAME_CAPTURED, location, what)
            .why("Lists are pasted into the text wherever their name stands as a word, before the condition is read.")
            .how("Put quotes round the constant, or rename the list.")
            .related(related);
        let quoted = ["\"", name, "\""].concat();
        let rewrite = subject.replace_behind(check.operator_place, &quoted);
        finding.fixes.extend(subject.fix("Put quotes round the constant", Safety::ChangesBehaviour, [rewrite]));
        out.push(finding);
    });
}
