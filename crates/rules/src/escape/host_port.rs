use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A port of a container with a `hostPort`.
    ///
    /// ## Why it matters
    /// The container answers on the address of the node, past Services and past some network policies. Neighbours of the
    /// node reach it, only one such pod fits on a node, and a port that a program of the node expects can be taken.
    ///
    /// ## What to do
    /// Remove the `hostPort` and publish the pod through a Service.
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
    ///       ports:
    ///         - containerPort: 8080
    ///           hostPort: 80
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
    ///       ports:
    ///         - containerPort: 8080
    /// ```
    HOST_PORT = {
        id: "host-port",
        title: "Port of the node",
        category: Escape,
        severity: Low,
        fixable: true,
        sources: [
            Pss "hostPorts", Cis "5.2.13", Nsa "Pod security", Kubescape "C-0044", Kubescape "C-0204", Trivy "KSV-0024",
            Checkov "CKV_K8S_26", Polaris "hostPortSet", Kics "2b1836f1", Kyverno "disallow-host-ports",
            Gatekeeper "K8sPSPHostNetworkingPorts", Datree "50", Monokle "PSS106",
        ],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    for port in &container.ports {
        let (Some(number), Some(site)) = (port.host_port.get(), port.host_port.site()) else { continue };
        if *number == 0 {
            continue;
        }
        let route = container.route.key("ports").index(port.index).key("hostPort");
        let fix = subject.fix(
            format!("Do not take port {number} of the node"),
            Safety::ChangesBehaviour,
            Level::Baseline,
            vec![Operation::remove(route.clone())],
        );
        found.push(
            Finding::new(
                &HOST_PORT.meta,
                subject.place(site.value, route),
                format!("{} takes port {number} of the node.", called_first(container)),
            )
            .in_container(&container.name)
            .why("It answers on the node's address, past Services and past some network policies.")
            .how("Remove hostPort, and publish the pod through a Service.")
            .fix(fix),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, underlined};

    #[test]
    fn any_number_but_zero() {
        let text = container("      ports: [{hostPort: 80}, {hostPort: 0}, {containerPort: 1}, {hostPort: -1}]");
        assert_eq!(underlined("host-port", &text), [("80", "low"), ("-1", "low")]);
    }
}
