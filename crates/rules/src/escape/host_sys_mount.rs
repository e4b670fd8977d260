use watertight_diagnostic::Finding;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume at or below `/sys`: control groups, tracing, firmware, BPF.
    ///
    /// ## Why it matters
    /// Several files there make the kernel start a program, or switch tracing of the whole node on. With version 1 of the
    /// control groups, whoever may write names a program that the kernel runs as root on the node. Read-only it tells
    /// about the hardware and about neighbours, which is mild, except for the tracing folders.
    ///
    /// ## What to do
    /// Mount it read-only when a monitoring agent needs it, and remove it otherwise. A container sees its own control
    /// group without a volume.
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
    ///         path: /sys/fs/cgroup
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
    HOST_SYS_MOUNT = {
        id: "host-sys-mount",
        title: "Kernel and device settings of the node",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Trivy "KSV-0121", KubeLinter "sensitive-host-mounts", Kics "5308a7a8"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Sys(place) = host.class else { return };
    let what = format!("Volume \"{}\" is {} of the node, {}.", host.volume.name, host.shown(), host.receivers());
    let verb = if host.is_writable() { "gives" } else { "shows" };
    found.push(
        host.finding(subject, &HOST_SYS_MOUNT.meta, host.severity(place), what)
            .why(format!("It {verb} {}.", place.gives))
            .how("Remove the volume, or mount it read-only for an agent that has to measure the node."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{host_path, underlined};

    #[test]
    fn writable_or_not() {
        let rule = "host-sys-mount";
        assert_eq!(underlined(rule, &host_path("/sys/fs/cgroup", "")), [("/sys/fs/cgroup", "high")]);
        assert_eq!(underlined(rule, &host_path("/sys", "readOnly: true")), [("/sys", "low")]);
        assert_eq!(
            underlined(rule, &host_path("/sys/kernel/debug/", "readOnly: true")),
            [("/sys/kernel/debug/", "medium")]
        );
        assert_eq!(underlined(rule, &host_path("/system", "")), []);
    }
}
