use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::Container;

use crate::subject::called;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A probe or a lifecycle hook (`httpGet`, `tcpSocket`) that names a `host`.
    ///
    /// ## Why it matters
    /// The kubelet of the node sends these requests, not the pod. Whoever writes the pod therefore makes the node call any
    /// address, those that only the node may reach among them: its own loopback services, the metadata service. Whether an
    /// answer came can be read from the pod's events. The baseline standard refuses it since Kubernetes 1.34, `127.0.0.1`
    /// included.
    ///
    /// ## What to do
    /// Remove `host`: without it the kubelet asks the pod itself. To send another name, set the `Host` header.
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
    ///       livenessProbe:
    ///         httpGet:
    ///           host: 169.254.169.254
    ///           path: /healthy
    ///           port: 80
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
    ///       livenessProbe:
    ///         httpGet:
    ///           path: /healthy
    ///           port: 80
    /// ```
    HOST_PROBE_TARGET = {
        id: "host-probe-target",
        title: "Probe or hook to another host",
        category: Escape,
        severity: Low,
        fixable: true,
        sources: [Pss "hostProbesAndHostLifecycle", Gatekeeper "K8sPSPHostProbesLifecycle"],
        check: Check::Container(check),
    }
}

/// The minor version with which the baseline standard began to look.
const SINCE: u32 = 34;

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let level = subject.settings.kube_version.at_least(SINCE).then_some(Level::Baseline);
    for target in &container.handler_hosts {
        let route = container.route.keys(target.field.clone());
        let handler = target.field.split('.').find(|step| *step != "lifecycle").unwrap_or_default();
        let fix = subject.fix(
            format!("Let {handler} ask the pod itself"),
            Safety::ChangesBehaviour,
            level,
            vec![Operation::remove(route.clone())],
        );
        found.push(
            Finding::new(
                &HOST_PROBE_TARGET.meta,
                subject.place(target.site.value, route),
                format!("The {handler} of {} is sent to {}.", called(container), target.host),
            )
            .in_container(&container.name)
            .why("The kubelet sends it from the node, so it reaches what only the node may reach.")
            .how("Remove host; the kubelet then asks the pod itself.")
            .fix(fix),
        );
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Level, Settings};

    use crate::testing::{container, findings_for, underlined};

    #[test]
    fn probes_and_hooks() {
        let text = container(
            "      startupProbe: {tcpSocket: {host: 10.0.0.1, port: 1}}\n      readinessProbe: {httpGet: {host: '', port: 1}}\n      \
             lifecycle: {preStop: {httpGet: {host: 127.0.0.1, port: 1}}}",
        );
        assert_eq!(underlined("host-probe-target", &text), [("10.0.0.1", "low"), ("127.0.0.1", "low")]);
        for (minor, level) in [(33, None), (34, Some(Level::Baseline))] {
            let settings = Settings { kube_version: KubeVersion::Minor(minor), ..Settings::default() };
            let found = findings_for(&text, &settings);
            let found = found.iter().find(|found| found.rule.id == "host-probe-target").unwrap();
            assert_eq!(found.fixes[0].level, level);
        }
    }
}
