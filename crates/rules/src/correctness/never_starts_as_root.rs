use watertight_diagnostic::Finding;
use watertight_pod::Container;

use crate::hardening::runs_as_root;
use crate::subject::called_first;
use crate::{Check, Subject, inherit};

declare_rule! {
    /// ## What it finds
    /// A container that has `runAsUser: 0` and `runAsNonRoot: true`, its own or its pod's.
    ///
    /// ## Why it matters
    /// The node refuses to start it, with the event "container's runAsUser breaks non-root policy". Somebody in a
    /// hurry will then take away the wrong one of the two.
    ///
    /// ## What to do
    /// Choose a user other than 0 that may read what the program needs.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsNonRoot: true
    ///     runAsUser: 0
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
    ///   securityContext:
    ///     runAsNonRoot: true
    ///     runAsUser: 10001
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    NEVER_STARTS_AS_ROOT = {
        id: "never-starts-as-root",
        title: "Root asked for and forbidden",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [Pss "runAsUser"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let user = inherit::user(pod, container);
    let non_root = inherit::non_root(pod, container);
    let (Some(asked), Some(forbidden)) = (user.site(), non_root.site()) else { return };
    if user.get() != Some(&0) || !non_root.is_true() || pod.is_windows() {
        return;
    }
    let route_of = |own: bool| {
        let holder = if own { &container.route } else { &pod.route };
        holder.key("securityContext")
    };
    let security = route_of(container.security.run_as_user.is_set());
    let other = route_of(container.security.run_as_non_root.is_set()).key("runAsNonRoot");
    let what = format!("{} will never start: it asks for root and forbids it.", called_first(container));
    found.push(
        Finding::new(&NEVER_STARTS_AS_ROOT.meta, subject.place(asked.whole(), security.key("runAsUser")), what)
            .why("The node compares both before it starts the container, and refuses.")
            .how("Choose a user other than 0.")
            .related(subject.labelled(forbidden.whole(), other, "root is forbidden here"))
            .in_container(&container.name)
            .fix(runs_as_root::fix(subject, &security)),
    );
}

#[cfg(test)]
mod tests {
    use super::NEVER_STARTS_AS_ROOT as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {securityContext: {runAsNonRoot: true, runAsUser: 1}, containers: [{name: a}]}");
        pass(&RULE, "spec: {securityContext: {runAsUser: 0}, containers: [{name: a}]}");
        fail(
            &RULE,
            "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsUser: 0}}, {name: b}]}",
        );
        fixed(
            &RULE,
            "spec:\n  securityContext:\n    runAsNonRoot: true\n    runAsUser: 0\n  containers:\n    - name: a\n",
            "spec:\n  securityContext:\n    runAsNonRoot: true\n    runAsUser: 10001\n  containers:\n    - name: a\n",
        );
    }
}
