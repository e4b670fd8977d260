use watertight_diagnostic::{Finding, Level, Operation, Route, Safety};
use watertight_pod::{Container, ContainerList};
use watertight_text::Span;

use crate::escape::windows_host_process;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod with `hostNetwork: true`: it uses the addresses and ports of the node.
    ///
    /// ## Why it matters
    /// The pod reaches services that listen on the node itself only, and asks the metadata service of the cloud as the node,
    /// which often answers with the node's credentials. Most network policies do not see it. With `NET_RAW` it captures the
    /// node's traffic, with `NET_ADMIN` it rewrites it, and as root it reaches the abstract sockets of the node's daemons.
    ///
    /// ## What to do
    /// Remove the line, and publish the pod through a Service. The few programs that build the network itself belong into
    /// a namespace of their own.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostNetwork: true
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
    HOST_NETWORK = {
        id: "host-network",
        title: "Host network namespace",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [
            Pss "hostNamespaces", Pss "hostPorts", Cis "5.2.5", Nsa "1.4", Attack "T1611", Attack "T1552.005", Kubescape "C-0041",
            Trivy "KSV-0009", Checkov "CKV_K8S_19", Kubesec "HostNetwork", KubeLinter "host-network",
            Polaris "hostNetworkSet", Kubeaudit "hostns", Kics "6b6bdfb3", Kyverno "disallow-host-namespaces",
            Gatekeeper "K8sPSPHostNetworkingPorts", Datree "28", Monokle "PSS102",
        ],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let Some(site) = pod.host_network.site().filter(|_| pod.host_network.is_true()) else { return };
    let route = pod.route.key("hostNetwork");
    // A host process of Windows has to be on the node's network: the API server takes both or neither.
    let mut operations = windows_host_process::removal(pod);
    operations.insert(0, Operation::remove(route.clone()));
    let fix = subject.fix("Use the pod's own network", Safety::ChangesBehaviour, Level::Baseline, operations);
    let mut finding = Finding::new(
        &HOST_NETWORK.meta,
        subject.place(site.whole(), route),
        "The pod uses the node's network.",
    )
    .why(
        "It reaches what listens on the node alone, asks the cloud's metadata service as the node, and passes most \
             network policies.",
    )
    .how("Remove hostNetwork, and publish the pod through a Service.")
    .fix(fix);
    // On the node's network every port is one of the node: the API server fills `hostPort` in, and the Pod Security
    // Standards see that.
    for (span, route) in pod.containers.iter().flat_map(ports_of_the_node) {
        finding = finding.related(subject.labelled(span, route, "becomes a port of the node"));
    }
    found.push(finding);
}

/// The ports whose `hostPort` the API server fills in. Ephemeral containers have none.
fn ports_of_the_node(container: &Container) -> impl Iterator<Item = (Span, Route)> {
    container.ports.iter().filter_map(|port| {
        let says_nothing = port.host_port.get().is_none_or(|number| *number == 0);
        let site = port.container_port.site().filter(|_| says_nothing && container.list != ContainerList::Ephemeral)?;
        Some((site.value, container.route.key("ports").index(port.index).key("hostPort")))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings_of, pod, underlined};

    #[test]
    fn a_sandbox_does_not_help() {
        let sandboxed = pod("  runtimeClassName: gvisor\n  hostNetwork: true");
        assert_eq!(underlined("host-network", &sandboxed), [("hostNetwork: true", "high")]);
        assert_eq!(underlined("host-network", &pod("  hostNetwork: false")), []);
    }

    #[test]
    fn a_host_process_goes_with_it() {
        let text = pod("  hostNetwork: true\n  securityContext: {windowsOptions: {hostProcess: true}}");
        let found = findings_of("host-network", &text);
        assert_eq!(found[0].fixes[0].operations.len(), 2);
    }
}
