use watertight_diagnostic::Finding;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume that is the root folder of the node, under any of its names: `/`, `/etc/..`, `/proc/1/root`,
    /// `C:\\`.
    ///
    /// ## Why it matters
    /// Written to, it makes a command in the container root on the node in many ways: a scheduled job, a service, a key
    /// of root. Read, it still shows the tokens of all pods, the key of the kubelet and on control-plane nodes those of
    /// the cluster. And a read-only mount covers the root file system alone: what is mounted below it, `/run` with its
    /// sockets among it, stays writable unless the mount also asks for `recursiveReadOnly`.
    ///
    /// ## What to do
    /// Remove the volume, or mount the one folder that is needed, read-only.
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
    ///         path: /
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
    HOST_ROOT_MOUNT = {
        id: "host-root-mount",
        title: "Root folder of the node",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Trivy "KSV-0121", KubeLinter "sensitive-host-mounts", Kubeaudit "mounts", Kics "5308a7a8", Kubescape "C-0045"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Root(place) = host.class else { return };
    let what = format!(
        "Volume \"{}\" is {}, the root folder of the node, {}.",
        host.volume.name,
        host.shown(),
        host.receivers()
    );
    let why = match host.is_writable() {
        true => "Every program and every key of the node can be replaced: a command inside becomes root on the node.",
        false => {
            "Every credential of the node that the container's user may read is in reach, and what is mounted below, /run with its sockets \
             among it, is not read-only with it."
        }
    };
    found.push(
        host.finding(subject, &HOST_ROOT_MOUNT.meta, host.severity(place), what)
            .why(why)
            .how("Remove the volume, or mount the one folder that is needed, read-only."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{host_path, underlined};

    #[test]
    fn all_names_of_the_root() {
        for path in ["/", "//", "/.", "/etc/..", "/proc/1/root", "/var/run/.."] {
            assert_eq!(underlined("host-root-mount", &host_path(path, "")), [(path, "critical")]);
            assert_eq!(underlined("host-root-mount", &host_path(path, "readOnly: true")), [(path, "critical")]);
        }
        assert_eq!(underlined("host-root-mount", &host_path("/etc", "")), []);
    }
}
