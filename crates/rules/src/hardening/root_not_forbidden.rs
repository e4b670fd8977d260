use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::Container;

use crate::{Check, Subject, inherit, words};

declare_rule! {
    /// ## What it finds
    /// Containers for which neither they nor their pod say `runAsNonRoot: true`. One finding for the whole pod: one line
    /// in the pod's `securityContext` mends it.
    ///
    /// ## Why it matters
    /// The user then comes from the image, and most images start as root. The next version of an image may do so even
    /// if this one does not. With `runAsNonRoot: true` the node looks before it starts the container, and refuses root.
    ///
    /// ## What to do
    /// Set `runAsNonRoot: true` on the pod. If the image names its user by a word instead of a number, set `runAsUser`
    /// as well, because the node cannot tell whether a name means root.
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
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ROOT_NOT_FORBIDDEN = {
        id: "root-not-forbidden",
        title: "Root is not forbidden",
        category: Hardening,
        severity: Medium,
        fixable: true,
        sources: [
            Pss "runAsNonRoot", Cis "5.2.7", Nsa "1.0", Kubescape "C-0013", Kubescape "C-0198", Trivy "KSV-0012",
            Checkov "CKV_K8S_23", Kubesec "RunAsNonRoot", KubeLinter "run-as-non-root", Polaris "runAsRootAllowed",
            Kubeaudit "nonroot", Kics "cf34805e", Kyverno "require-run-as-nonroot", Gatekeeper "K8sPSPAllowedUsers",
            Datree "52", Monokle "PSS203",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let pod_route = pod.route.keys("securityContext.runAsNonRoot");
    let pods = &pod.security.run_as_non_root;
    let open: Vec<&Container> = pod
        .containers
        .iter()
        .filter(|container| {
            let non_root = inherit::non_root(pod, container);
            !non_root.is_true() && !non_root.is_unreadable()
        })
        // One that says 0 itself is told by another rule, whose fix closes this as well.
        .filter(|container| pod.is_windows() || inherit::user(pod, container).get() != Some(&0))
        .collect();
    if open.is_empty() && !pods.is_false() {
        return;
    }
    let defiant = open.iter().copied().find(|container| container.security.run_as_non_root.is_false());
    let place = match (pods.site().filter(|_| pods.is_false()), defiant) {
        (Some(site), _) => subject.place(site.whole(), pod_route.clone()),
        (None, Some(container)) => {
            let site = container.security.run_as_non_root.site();
            let route = container.route.keys("securityContext.runAsNonRoot");
            subject.place(site.map_or(container.head, |site| site.whole()), route)
        }
        (None, None) => subject.place(inherit::pod_head(pod), pod_route.clone()),
    };
    let what = if open.is_empty() {
        "The pod says that root is fine, although every container forbids it.".to_owned()
    } else {
        format!("Nothing keeps {} from starting as root.", words::containers(&open))
    };
    let mut finding = Finding::new(&ROOT_NOT_FORBIDDEN.meta, place, what).how("Set runAsNonRoot to true on the pod.");
    finding.container = match open.as_slice() {
        [only] => Some(only.name.clone()),
        _ => None,
    };
    for container in &open {
        let own = &container.security.run_as_non_root;
        let span = own.site().map_or_else(|| inherit::container_head(container), |site| site.whole());
        let label = if own.is_false() { "says that root is fine" } else { "may start as root" };
        let route = container.route.keys("securityContext.runAsNonRoot");
        finding = finding.related(subject.labelled(span, route, label));
    }
    let user_known = open.iter().all(|container| inherit::user(pod, container).is_set());
    let (severity, why, safety) = if user_known && !open.is_empty() && !pod.is_windows() {
        let why =
            "The user is fixed and not root, but nothing holds it so when somebody changes or removes the number.";
        (Severity::Low, why, Safety::Safe)
    } else if open.is_empty() {
        (Severity::Low, "A container that is added later will be allowed to run as root.", Safety::Safe)
    } else {
        let why = "The image decides then, and most images start as root, which is root for the node's kernel too.";
        (Severity::Medium, why, Safety::ChangesBehaviour)
    };
    let mut operations = Vec::with_capacity(1);
    if pods.is_false() || open.iter().any(|container| !container.security.run_as_non_root.is_false()) {
        operations.push(Operation::set(pod_route, true));
    }
    for container in open.iter().filter(|container| container.security.run_as_non_root.is_false()) {
        operations.push(Operation::set(container.route.keys("securityContext.runAsNonRoot"), true));
    }
    let title = if user_known { "Forbid root" } else { "Forbid root; an image that starts as root will not start" };
    let finding = finding.severity(severity).why(why).fix(subject.fix(title, safety, Level::Restricted, operations));
    found.push(subject.ease(finding));
}

#[cfg(test)]
mod tests {
    use super::ROOT_NOT_FORBIDDEN as RULE;
    use crate::vectors::{fail, fixed, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a}, {name: b}]}");
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {runAsNonRoot: true}}]}");
        pass(&RULE, "spec: {securityContext: {runAsNonRoot: '{{ .x }}'}, containers: [{name: a}]}");
        pass(&RULE, "spec: {containers: []}");
        // Told by "runs-as-root".
        pass(&RULE, "spec: {containers: [{name: a, securityContext: {runAsUser: 0}}]}");
        fail(&RULE, "spec: {containers: [{name: a}, {name: b}]}");
        fail(&RULE, "spec: {securityContext: {runAsUser: 1000}, containers: [{name: a}]}");
        fail(
            &RULE,
            "spec: {securityContext: {runAsNonRoot: false}, containers: [{name: a, securityContext: {runAsNonRoot: true}}]}",
        );
        fail(
            &RULE,
            "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsNonRoot: false}}]}",
        );
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n    - name: b\n      securityContext:\n        runAsNonRoot: false\n",
            "spec:\n  containers:\n    - name: a\n    - name: b\n      securityContext:\n        runAsNonRoot: true\n  \
             securityContext:\n    runAsNonRoot: true\n",
        );
    }
}
