use watertight_diagnostic::Finding;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume with credentials of the node, or with programs and settings that root uses: `/etc`, the
    /// folders of the kubelet, of static pods, of the container runtime and of etcd, scheduled jobs, programs and
    /// libraries, homes. A folder that holds such a place counts like it.
    ///
    /// ## Why it matters
    /// The folder decides. The kubelet's and etcd's are deadly even when read: they hold the tokens and keys of
    /// everything on the node or in the cluster. Others have to be written to: whatever is placed among scheduled jobs,
    /// services, network programs or static pods is run as root. Such folders are much milder when they are read-only,
    /// and the finding says so.
    ///
    /// ## What to do
    /// Remove the volume. What a program really needs can mostly come in another way: a ConfigMap, a Secret, a projected
    /// token, the Kubernetes API. Otherwise mount the one file, read-only.
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
    ///         path: /etc/kubernetes
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
    HOST_SENSITIVE_PATH = {
        id: "host-sensitive-path",
        title: "Sensitive folder of the node",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Attack "T1552.001", Trivy "KSV-0121", KubeLinter "sensitive-host-mounts", Kubeaudit "mounts", Kics "5308a7a8", Kubescape "C-0045", Kubescape "C-0020", Datree "89"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Sensitive(place) = host.class else { return };
    let severity = host.severity(place);
    let around = host.path.as_ref().is_some_and(|path| !path.is_within(place.path));
    let holds = if around { format!(", which holds {},", place.path) } else { String::new() };
    let what = format!("Volume \"{}\" is {} of the node{holds} {}.", host.volume.name, host.shown(), host.receivers());
    let why = match (host.is_writable(), place.read < place.write) {
        (true, _) => format!("It gives {}.", place.gives),
        (false, true) => format!("It shows {}; writable it would be worse.", place.gives),
        (false, false) => format!("It shows {}: reading is enough.", place.gives),
    };
    found.push(
        host.finding(subject, &HOST_SENSITIVE_PATH.meta, severity, what)
            .why(why)
            .how("Remove the volume, or mount the one file that is needed, read-only."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{host_path, underlined};

    fn check(path: &str, writable: &str, read_only: &str) {
        let rule = "host-sensitive-path";
        assert_eq!(underlined(rule, &host_path(path, "")), [(path, writable)], "{path}");
        assert_eq!(underlined(rule, &host_path(path, "readOnly: true")), [(path, read_only)], "{path}");
    }

    #[test]
    fn what_is_there_decides() {
        check("/etc", "critical", "high");
        check("/etc/kubernetes/manifests", "critical", "medium");
        check("/var/lib/kubelet/", "critical", "critical");
        check("/var", "critical", "critical");
        check("/var/lib/etcd", "critical", "critical");
        check("/usr/local/bin", "critical", "low");
        check("/root/.ssh", "critical", "high");
        check("/home", "high", "high");
        check("/lib/modules", "high", "low");
    }

    #[test]
    fn public_files_are_ordinary_when_read_only() {
        let text = host_path("/etc/localtime", "readOnly: true");
        assert_eq!(underlined("host-sensitive-path", &text), []);
        assert_eq!(underlined("host-path-mount", &text), [("/etc/localtime", "low")]);
    }
}
