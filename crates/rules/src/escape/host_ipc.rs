use watertight_diagnostic::{Finding, Level, Operation, Safety};

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod with `hostIPC: true`: its containers share memory, semaphores and message queues with the node.
    ///
    /// ## Why it matters
    /// Programs that exchange data through shared memory, databases among them, keep it there in the clear. Only the
    /// permissions of each segment stand between it and the container, and a container that runs as root passes those.
    ///
    /// ## What to do
    /// Remove the line. Containers of one pod share memory among themselves without it; a larger `/dev/shm` is an
    /// `emptyDir` with `medium: Memory`.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostIPC: true
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
    HOST_IPC = {
        id: "host-ipc",
        title: "Host IPC namespace",
        category: Escape,
        severity: Medium,
        fixable: true,
        sources: [
            Pss "hostNamespaces", Cis "5.2.4", Nsa "1.3", Attack "T1611", Kubescape "C-0038", Kubescape "C-0276",
            Trivy "KSV-0008", Checkov "CKV_K8S_18", Kubesec "HostIPC", KubeLinter "host-ipc", Polaris "hostIPCSet",
            Kubeaudit "hostns", Kics "cd290efd", Kyverno "disallow-host-namespaces", Gatekeeper "K8sPSPHostNamespace",
            Datree "27", Monokle "PSS102",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let Some(site) = pod.host_ipc.site().filter(|_| pod.host_ipc.is_true()) else { return };
    let route = pod.route.key("hostIPC");
    let fix = subject.fix(
        "Use the pod's own IPC namespace",
        Safety::ChangesBehaviour,
        Level::Baseline,
        vec![Operation::remove(route.clone())],
    );
    let finding = Finding::new(
        &HOST_IPC.meta,
        subject.place(site.whole(), route),
        "The pod shares the node's memory segments and message queues.",
    )
    .why(
        "Whatever programs of the node keep in shared memory can be read and changed, as far as its permissions allow.",
    )
    .how("Remove hostIPC.")
    .fix(fix);
    found.push(subject.linux_only(subject.ease(finding)));
}

#[cfg(test)]
mod tests {
    use crate::testing::{pod, underlined};

    #[test]
    fn only_true_counts() {
        assert_eq!(underlined("host-ipc", &pod("  hostIPC: true")), [("hostIPC: true", "medium")]);
        assert_eq!(underlined("host-ipc", &pod("  hostIPC: off")), []);
    }
}
