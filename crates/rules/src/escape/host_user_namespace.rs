use watertight_diagnostic::{Finding, Level, Operation, Safety};

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod with `hostUsers: true` in so many words.
    ///
    /// ## Why it matters
    /// It is also what happens when nothing is said: root inside is root on the node, should it come out. With
    /// `hostUsers: false` the pod has a user namespace of its own, in which root is nobody outside and capabilities count
    /// inside only. Written out, the line keeps a later default from helping.
    ///
    /// ## What to do
    /// Set `hostUsers: false`. It needs Kubernetes 1.33 (1.30 as a beta that has to be switched on), Linux 6.3 and a file
    /// system with mapped mounts, and does not go with `hostNetwork`, `hostPID` or `hostIPC`.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostUsers: true
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
    ///   hostUsers: false
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    HOST_USER_NAMESPACE = {
        id: "host-user-namespace",
        title: "Users of the node",
        category: Escape,
        severity: Low,
        fixable: true,
        sources: [Attack "T1611", Kubesec "HostUsers"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let Some(site) = pod.host_users.site().filter(|_| pod.host_users.is_true()) else { return };
    let route = pod.route.key("hostUsers");
    let mut finding = Finding::new(
        &HOST_USER_NAMESPACE.meta,
        subject.place(site.whole(), route.clone()),
        "The pod asks for the users of the node.",
    )
    .why("Root inside is root on the node, should it come out.")
    .how("Set hostUsers: false.");
    let shares = [&pod.host_network, &pod.host_pid, &pod.host_ipc].iter().any(|field| field.is_true());
    if shares {
        // The API server refuses false beside a namespace of the node; they have to go first.
        finding.how.to_mut().push_str(" The namespaces of the node that this pod shares have to go first.");
    } else if !pod.is_windows() {
        finding = finding.fix(subject.fix(
            "Give the pod users of its own",
            Safety::ChangesBehaviour,
            Level::Hardened,
            vec![Operation::set(route, false)],
        ));
    }
    found.push(subject.linux_only(finding));
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings_of, pod, underlined};

    #[test]
    fn only_when_written_out() {
        let rule = "host-user-namespace";
        assert_eq!(underlined(rule, &pod("  hostUsers: true")), [("hostUsers: true", "low")]);
        assert_eq!(underlined(rule, &pod("  hostUsers: false")), []);
        assert_eq!(underlined(rule, &pod("  containers: []")), []);
        let fixes = |spec: &str| findings_of(rule, &pod(spec))[0].fixes.len();
        assert_eq!((fixes("  hostUsers: true"), fixes("  hostUsers: true\n  hostPID: true")), (1, 0));
    }
}
