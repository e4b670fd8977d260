use watertight_diagnostic::Finding;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume at or below `/proc`.
    ///
    /// ## Why it matters
    /// The masks that a runtime lays over a container's own `/proc` are missing here. Writable, root inside names the
    /// program that the kernel starts as root on the node when a process crashes (`/proc/sys/kernel/core_pattern`). Read-
    /// only is no safety either: it shows all processes with their command lines, and the files of those with the same
    /// rights.
    ///
    /// ## What to do
    /// Remove the volume. Monitoring agents can take figures from the kubelet; one that must read `/proc` should run
    /// read-only, as a user of its own, without capabilities.
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
    ///         path: /proc
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
    HOST_PROC_MOUNT = {
        id: "host-proc-mount",
        title: "Process and kernel folder of the node",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Trivy "KSV-0121", Kubesec "ProcMount", KubeLinter "sensitive-host-mounts", Kubeaudit "mounts", Kics "5308a7a8"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Proc(place) = host.class else { return };
    let what = format!("Volume \"{}\" is {} of the node, {}.", host.volume.name, host.shown(), host.receivers());
    let why = match host.is_writable() {
        true => format!("It gives {}.", place.gives),
        false => format!("It shows {}; read-only is no safety here.", place.gives),
    };
    found.push(
        host.finding(subject, &HOST_PROC_MOUNT.meta, host.severity(place), what)
            .why(why)
            .how("Remove the volume; take figures of the node from the kubelet."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{host_path, underlined};

    #[test]
    fn writable_or_not() {
        let rule = "host-proc-mount";
        assert_eq!(underlined(rule, &host_path("/proc", "")), [("/proc", "critical")]);
        assert_eq!(underlined(rule, &host_path("/proc/", "readOnly: true")), [("/proc/", "high")]);
        assert_eq!(
            underlined(rule, &host_path("/proc/sys/kernel", "readOnly: true")),
            [("/proc/sys/kernel", "medium")]
        );
        assert_eq!(underlined(rule, &host_path("/proc/1/root", "")), []);
        assert_eq!(underlined(rule, &host_path("/data/proc", "")), []);
    }
}
