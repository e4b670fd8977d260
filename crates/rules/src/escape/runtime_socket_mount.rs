use watertight_diagnostic::{Finding, Severity};
use watertight_knowledge::path::Relation;
use watertight_knowledge::socket::Power;

use crate::host_path::{Class, HostMount};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A `hostPath` volume that is the socket of a container runtime, or a folder that holds one: Docker, containerd,
    /// CRI-O, cri-dockerd, Podman, K3s, RKE2, k0s, MicroK8s, BuildKit and others, and the sockets of systemd. `/var/run`
    /// counts as `/run`.
    ///
    /// ## Why it matters
    /// The socket is the whole API of the runtime. Whoever connects starts a privileged container with the root folder of
    /// the node in it, or enters the containers of other pods, and Kubernetes is not asked. A read-only mount does not
    /// help: a socket is connected to, not written.
    ///
    /// ## What to do
    /// Remove the volume. To build images, use a builder that needs no daemon; to watch containers, use the kubelet's API
    /// or the Kubernetes API.
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
    ///         path: /var/run/docker.sock
    ///         type: Socket
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
    RUNTIME_SOCKET_MOUNT = {
        id: "runtime-socket-mount",
        title: "Socket of the container runtime",
        category: Escape,
        severity: Critical,
        fixable: true,
        sources: [Pss "hostPathVolumes", Pss "restrictedVolumes", Cis "5.2.12", Attack "T1611", Kubescape "C-0048", Trivy "KSV-0023", Polaris "hostPathSet", Kics "aa8f7a35", Kyverno "disallow-host-path",
            Kyverno "ensure-readonly-hostpath", Gatekeeper "K8sPSPHostFilesystem", Datree "46", Monokle "PSS105", Attack "T1552.007", Kubescape "C-0074", Trivy "KSV-0006", Checkov "CKV_K8S_27", Kubesec "DockerSock", KubeLinter "docker-sock", Kubeaudit "mounts", Kics "a6f34658", Kyverno "disallow-cri-sock-mount", Datree "30", Monokle "KBP101"],
        check: Check::HostPath(check),
    }
}

fn check(subject: &Subject<'_>, host: &HostMount<'_>, found: &mut Vec<Finding>) {
    let Class::Socket(socket, how) = host.class else { return };
    let severity = match socket.power {
        Power::Engine | Power::ServiceManager => Severity::Critical,
        Power::RootlessEngine | Power::Builder => Severity::High,
    };
    let (shown, owner, receivers) = (host.shown(), socket.owner, host.receivers());
    let what = match how {
        Relation::ParentOf => {
            format!(
                "Volume \"{}\" is {shown} of the node, with the socket of {owner} in it, {receivers}.",
                host.volume.name
            )
        }
        _ => format!("Volume \"{}\" is {shown}, the socket of {owner}, {receivers}.", host.volume.name),
    };
    let mut why = format!("Whoever connects to it {}.", socket.power.gives());
    if !host.mounts.is_empty() && !host.is_writable() {
        why.push_str(" Read-only does not help: a socket is connected to, not written.");
    }
    found.push(
        host.finding(subject, &RUNTIME_SOCKET_MOUNT.meta, severity, what)
            .why(why)
            .how("Remove the volume; ask the Kubernetes API instead, or build images without a daemon."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, host_path};

    fn check(path: &str, options: &str, expected: &str) {
        let text = host_path(path, options);
        let found: Vec<_> =
            findings(&text).into_iter().filter(|found| found.primary.span.slice(&text) == path).collect();
        let said: Vec<_> = found.iter().map(|found| format!("{} {}", found.rule.id, found.severity)).collect();
        assert_eq!(said, [expected], "{path} {options}");
    }

    #[test]
    fn every_runtime_and_the_folders_around() {
        for path in [
            "/var/run/docker.sock",
            "/run/docker.sock/",
            "//var/run/./docker.sock",
            "/run/containerd/containerd.sock",
            "/var/run/containerd/containerd.sock",
            "/run/crio/crio.sock",
            "/var/run/crio",
            "/run/k3s/containerd/containerd.sock",
            "/var/run/cri-dockerd.sock",
            "/run/podman",
            "/var/run",
            "/run",
            "/run/containerd",
            "/var/snap/microk8s/common/run/containerd.sock",
        ] {
            check(path, "", "runtime-socket-mount critical");
            check(path, "readOnly: true", "runtime-socket-mount critical");
        }
        check("/run/user/1000/docker.sock", "", "runtime-socket-mount high");
        check("/run/buildkit/buildkitd.sock", "", "runtime-socket-mount high");
        check("/run/flannel", "", "host-path-mount medium");
    }
}
