use watertight_diagnostic::{Finding, Level, Operation, Safety};

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod with `hostPID: true`: its containers live in the process namespace of the node.
    ///
    /// ## Why it matters
    /// Every process of the node is visible, with its command line. As root and without AppArmor, the files of those
    /// processes can be read through `/proc/<pid>/root`; with `SYS_PTRACE` code can be put into one of them; privileged, a
    /// single command enters the namespaces of process 1 and is root on the node.
    ///
    /// ## What to do
    /// Remove the line. Node agents that must see processes belong into a namespace of their own that only
    /// administrators may write to.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostPID: true
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
    HOST_PID = {
        id: "host-pid",
        title: "Host process namespace",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [
            Pss "hostNamespaces", Cis "5.2.3", Nsa "1.5", Attack "T1611", Kubescape "C-0038", Kubescape "C-0275",
            Trivy "KSV-0010", Checkov "CKV_K8S_17", Kubesec "HostPID", KubeLinter "host-pid", Polaris "hostPIDSet",
            Kubeaudit "hostns", Kics "302736f4", Kyverno "disallow-host-namespaces", Gatekeeper "K8sPSPHostNamespace",
            Datree "26", Monokle "PSS102",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let Some(site) = pod.host_pid.site().filter(|_| pod.host_pid.is_true()) else { return };
    let route = pod.route.key("hostPID");
    let fix = subject.fix(
        "Use the pod's own process namespace",
        Safety::ChangesBehaviour,
        Level::Baseline,
        vec![Operation::remove(route.clone())],
    );
    let finding = Finding::new(
        &HOST_PID.meta,
        subject.place(site.whole(), route),
        "The pod shares the node's process namespace.",
    )
    .why("Every process of the node can be seen, and as root their files can be read through /proc.")
    .how("Remove hostPID.")
    .fix(fix);
    found.push(subject.linux_only(subject.ease(finding)));
}

#[cfg(test)]
mod tests {
    use crate::testing::{pod, underlined};

    #[test]
    fn every_true_of_yaml() {
        let check = |spec: &str, expected: &[(&str, &str)]| assert_eq!(underlined("host-pid", &pod(spec)), expected);
        check("  hostPID: true", &[("hostPID: true", "high")]);
        check("  hostPID: yes", &[("hostPID: yes", "high")]);
        check("  hostPID: false", &[]);
        check("  hostPID: ~", &[]);
        // Refused by the API server together, so the user namespace is no excuse.
        check("  hostUsers: false\n  hostPID: true", &[("hostPID: true", "high")]);
        check("  runtimeClassName: kata-qemu\n  hostPID: true", &[("hostPID: true", "medium")]);
    }
}
