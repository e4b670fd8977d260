use watertight_diagnostic::{Finding, Operation, Safety, Severity};

use crate::subject::called;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod with `shareProcessNamespace: true`.
    ///
    /// ## Why it matters
    /// The containers of the pod see each other's processes and, through `/proc`, their environment and files. A weak
    /// sidecar then reads the secrets of the main container; beside a privileged one it is as good as privileged.
    /// Containers of other pods are not concerned.
    ///
    /// ## What to do
    /// Remove the line, unless a sidecar has to send signals to the main program. To debug, use an ephemeral container
    /// with a target.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   shareProcessNamespace: true
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
    SHARE_PROCESS_NAMESPACE = {
        id: "share-process-namespace",
        title: "Shared process namespace of the pod",
        category: Escape,
        severity: Low,
        fixable: true,
        sources: [Attack "T1055.008"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let field = &pod.share_process_namespace;
    let Some(site) = field.site().filter(|_| field.is_true()) else { return };
    let route = pod.route.key("shareProcessNamespace");
    let fix = subject.fix(
        "Give each container its own processes",
        Safety::ChangesBehaviour,
        None,
        vec![Operation::remove(route.clone())],
    );
    let mut finding = Finding::new(
        &SHARE_PROCESS_NAMESPACE.meta,
        subject.place(site.whole(), route),
        "The containers of the pod share their processes.",
    )
    .why("Each sees the environment and, with the same rights, the files of the others.")
    .how("Remove shareProcessNamespace, unless a sidecar has to send signals.")
    .fix(fix);
    let privileged = pod.containers.iter().find(|container| container.security.privileged.is_true());
    if let Some(container) = privileged.filter(|_| pod.containers.len() > 1) {
        finding.severity = Severity::Medium;
        finding.why.to_mut().push_str(&format!(" The others reach the files of the privileged {}.", called(container)));
        finding = finding.related(subject.labelled(container.head, container.route.clone(), "privileged"));
    }
    found.push(subject.linux_only(finding));
}

#[cfg(test)]
mod tests {
    use crate::testing::{pod, underlined};

    #[test]
    fn worse_beside_a_privileged_container() {
        let rule = "share-process-namespace";
        assert_eq!(underlined(rule, &pod("  shareProcessNamespace: true")), [("shareProcessNamespace: true", "low")]);
        let mixed =
            pod("  shareProcessNamespace: true\n  containers: [{name: a}, {securityContext: {privileged: true}}]");
        assert_eq!(underlined(rule, &mixed), [("shareProcessNamespace: true", "medium")]);
        assert_eq!(underlined(rule, &pod("  shareProcessNamespace: false")), []);
    }
}
