use watertight_diagnostic::{Finding, Operation, Safety};
use watertight_pod::{Container, ContainerList};

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container with `tty: true` or `stdin: true`. Ephemeral containers, which are made for that, are left out.
    ///
    /// ## Why it matters
    /// A shell that waits for somebody is handy for whoever gets in, and in production nobody should be typing.
    ///
    /// ## What to do
    /// Remove both. `kubectl debug` opens a terminal when one is needed.
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
    ///       tty: true
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
    INTERACTIVE_TERMINAL = {
        id: "interactive-terminal",
        title: "Terminal kept open",
        category: Hygiene,
        severity: Info,
        fixable: true,
        sources: [Gatekeeper "K8sDisallowInteractiveTTY"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    if container.list == ContainerList::Ephemeral {
        return;
    }
    let open: Vec<_> = [(&container.tty, "tty"), (&container.stdin, "stdin")]
        .into_iter()
        .filter(|(field, _)| field.is_true())
        .filter_map(|(field, name)| Some((field.site()?, container.route.key(name))))
        .collect();
    let mut places = open.iter().map(|(site, route)| subject.place(site.whole(), route.clone()));
    let Some(first) = places.next() else { return };
    let what = format!("{} keeps a terminal open.", called_first(container));
    let mut finding = Finding::new(&INTERACTIVE_TERMINAL.meta, first, what)
        .why("In production nobody should be typing; an open shell serves whoever gets in.")
        .how("Remove tty and stdin; kubectl debug opens a terminal when one is needed.")
        .in_container(&container.name);
    finding.also(places);
    let operations = open.iter().map(|(_, route)| Operation::remove(route.clone())).collect();
    found.push(finding.fix(subject.fix("Close the terminal", Safety::ChangesBehaviour, None, operations)));
}

#[cfg(test)]
mod tests {
    use super::INTERACTIVE_TERMINAL as RULE;
    use crate::vectors::{fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, tty: false}]}");
        pass(&RULE, "spec: {ephemeralContainers: [{name: a, tty: true, stdin: true}]}");
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      stdin: true\n      tty: true\n",
            "spec:\n  containers:\n    - name: a\n",
        );
    }
}
