use watertight_diagnostic::Finding;
use watertight_pod::Container;

use crate::subject::called;
use crate::{Check, Subject, words};

declare_rule! {
    /// ## What it finds
    /// A container whose command or arguments call `sudo`.
    ///
    /// ## Why it matters
    /// `sudo` is a setuid program: with it in the image every user inside can try to become root, and it does not
    /// work once privilege escalation is forbidden.
    ///
    /// ## What to do
    /// Start the program as the user that it needs, with `runAsUser`, and leave `sudo` out of the image.
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
    ///       command: [sudo, web]
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
    ///       command: [web]
    /// ```
    SUDO_IN_COMMAND = {
        id: "sudo-in-command",
        title: "sudo in the command",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [Kubescape "C-0062"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let Some((site, list, index)) = words::in_command(container, "sudo") else { return };
    let place = subject.place(site.value, container.route.key(list).index(index));
    let what = format!("The {list} of {} calls sudo.", called(container));
    found.push(
        Finding::new(&SUDO_IN_COMMAND.meta, place, what)
            .why("With sudo in the image every user inside can try to become root.")
            .how("Start the program as the user that it needs, with runAsUser.")
            .in_container(&container.name),
    );
}

#[cfg(test)]
mod tests {
    use super::SUDO_IN_COMMAND as RULE;
    use crate::vectors::{fail, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, command: [pseudo, --sudoers]}]}");
        fail(&RULE, "spec: {containers: [{name: a, command: [sh, -c, 'cd / && sudo ls']}]}");
        fail(&RULE, "spec: {containers: [{name: a, command: [/usr/bin/sudo]}]}");
    }
}
