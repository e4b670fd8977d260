use watertight_diagnostic::Finding;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume at or below `/var/log`.
    ///
    /// ## Why it matters
    /// The kubelet hands out the files of this folder as root, and follows links in it. Whoever may write there and may
    /// read logs through the Kubernetes API therefore reads any file of the node. Read-only, the logs of all pods of the
    /// node can be read, with whatever secrets were logged.
    ///
    /// ## What to do
    /// Write logs to the standard output, where the kubelet collects them. A log collector mounts the folder read-only.
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
    ///       volumeMounts:
    ///         - name: host
    ///           mountPath: /host
    ///   volumes:
    ///     - name: host
    ///       hostPath:
    ///         path: /var/log
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
    ///       volumeMounts:
    ///         - name: scratch
    ///           mountPath: /host
    ///   volumes:
    ///     - name: scratch
    ///       emptyDir: {}
    /// ```
    HOST_LOG_MOUNT = {
        id: "host-log-mount",
        title: "Log folder of the node",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Kubescape "C-0045", Datree "89", Kics "b7652612"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Log(place) = host.class else { return };
    let what = format!("Volume \"{}\" is {} of the node, {}.", host.volume.name, host.shown(), host.receivers());
    let why = match host.is_writable() {
        true => format!("It is in {}.", place.gives),
        false => "The logs of all pods of the node can be read, with whatever secrets were logged.".to_owned(),
    };
    found.push(
        host.finding(subject, &HOST_LOG_MOUNT.meta, host.severity(place), what)
            .why(why)
            .how("Log to the standard output; a log collector mounts the folder read-only."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{host_path, underlined};

    #[test]
    fn writable_or_not() {
        let rule = "host-log-mount";
        assert_eq!(underlined(rule, &host_path("/var/log", "")), [("/var/log", "high")]);
        assert_eq!(underlined(rule, &host_path("/var/log/pods", "readOnly: true")), [("/var/log/pods", "medium")]);
        assert_eq!(underlined(rule, &host_path("/var/logs", "")), []);
    }
}
