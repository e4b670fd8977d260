//! Sockets through which containers of a node are controlled.

use crate::path::{NodePath, Relation};

/// A socket whose peer starts, changes or enters containers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Socket {
    /// Its place on the node, in its one spelling; `*` stands for any one name.
    pub path: &'static str,
    /// Who listens, as people call it.
    pub owner: &'static str,
    /// What whoever connects to it may do.
    pub power: Power,
}

/// What a socket gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Power {
    /// Starts any container, privileged ones included: root on the node.
    Engine,
    /// The same for one user of the node, without root.
    RootlessEngine,
    /// Builds images as root, and runs commands while doing so.
    Builder,
    /// Starts services of the node: root on the node.
    ServiceManager,
}

impl Power {
    /// What follows, as the end of a sentence.
    pub fn gives(self) -> &'static str {
        match self {
            Self::Engine => "starts a privileged container with the root folder of the node in it",
            Self::RootlessEngine => "starts containers with all rights of the user who runs the engine",
            Self::Builder => "runs commands in builds that its daemon carries out as root",
            Self::ServiceManager => "starts any program as root on the node",
        }
    }
}

/// The sockets that `path` is or holds, the most powerful first; none when it is no runtime socket.
pub fn reached_by(path: &NodePath) -> impl Iterator<Item = (&'static Socket, Relation)> {
    ALL.iter().filter_map(move |socket| {
        let relation = path.relation(socket.path);
        matches!(relation, Relation::Same | Relation::ParentOf).then_some((socket, relation))
    })
}

/// All known sockets.
pub fn all() -> &'static [Socket] {
    ALL
}

const fn engine(path: &'static str, owner: &'static str) -> Socket {
    Socket { path, owner, power: Power::Engine }
}

/// Sources: the default addresses in the documentation or the code of each project: moby `dockerd`, containerd
/// `defaults`, CRI-O `crio.conf`, cri-dockerd, Podman `podman-system-service`, K3s and RKE2 `pkg/agent/config`, k0s
/// `cri.go`, MicroK8s snap, BuildKit `appdefaults`, Frakti, PouchContainer, RKT's CRI, systemd.
static ALL: &[Socket] = &[
    engine("/run/docker.sock", "Docker"),
    engine("/run/docker/docker.sock", "Docker"),
    engine("/run/docker/containerd/containerd.sock", "Docker's containerd"),
    engine("/run/docker/containerd/docker-containerd.sock", "Docker's containerd"),
    engine("/run/containerd/containerd.sock", "containerd"),
    engine("/run/containerd/containerd.sock.ttrpc", "containerd"),
    engine("/run/containerd-debug.sock", "containerd"),
    engine("/run/crio/crio.sock", "CRI-O"),
    engine("/run/cri-dockerd.sock", "cri-dockerd"),
    engine("/run/dockershim.sock", "dockershim"),
    engine("/run/podman/podman.sock", "Podman"),
    engine("/run/podman/io.podman", "Podman"),
    engine("/run/k3s/containerd/containerd.sock", "K3s or RKE2 containerd"),
    engine("/run/k3s/cri-dockerd/cri-dockerd.sock", "K3s cri-dockerd"),
    engine("/run/k0s/containerd.sock", "k0s containerd"),
    engine("/run/k0s/containerd/containerd.sock", "k0s containerd"),
    engine("/var/snap/microk8s/common/run/containerd.sock", "MicroK8s containerd"),
    engine("/run/snap.microk8s/containerd.sock", "MicroK8s containerd"),
    engine("/var/snap/docker/common/run/docker.sock", "Docker from a snap"),
    engine("/run/system-docker.sock", "RancherOS Docker"),
    engine("/run/host-containerd/host-containerd.sock", "Bottlerocket host containerd"),
    engine("/run/host-containerd/containerd.sock", "Bottlerocket host containerd"),
    engine("/run/frakti.sock", "Frakti"),
    engine("/run/frakti/frakti.sock", "Frakti"),
    engine("/run/pouchcri.sock", "PouchContainer"),
    engine("/run/pouchd.sock", "PouchContainer"),
    engine("/run/rktlet.sock", "rktlet"),
    engine("/run/isulad.sock", "iSulad"),
    engine("/run/lxd.socket", "LXD"),
    engine("/var/lib/lxd/unix.socket", "LXD"),
    engine("/var/snap/lxd/common/lxd/unix.socket", "LXD"),
    engine("/var/lib/incus/unix.socket", "Incus"),
    engine("/run/libvirt/libvirt-sock", "libvirt"),
    engine("//./pipe/docker_engine", "Docker on Windows"),
    engine("//./pipe/containerd-containerd", "containerd on Windows"),
    engine("//./pipe/cri-dockerd", "cri-dockerd on Windows"),
    Socket { path: "/run/systemd/private", owner: "systemd", power: Power::ServiceManager },
    Socket {
        path: "/run/dbus/system_bus_socket",
        owner: "the system D-Bus, systemd behind it",
        power: Power::ServiceManager,
    },
    Socket { path: "/run/buildkit/buildkitd.sock", owner: "BuildKit", power: Power::Builder },
    Socket { path: "/run/k3s/buildkit/buildkitd.sock", owner: "BuildKit", power: Power::Builder },
    Socket {
        path: "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock",
        owner: "the stargz snapshotter",
        power: Power::Builder,
    },
    Socket { path: "/run/user/*/docker.sock", owner: "rootless Docker", power: Power::RootlessEngine },
    Socket { path: "/run/user/*/podman/podman.sock", owner: "rootless Podman", power: Power::RootlessEngine },
    Socket {
        path: "/run/user/*/containerd/containerd.sock",
        owner: "rootless containerd",
        power: Power::RootlessEngine,
    },
    Socket { path: "/run/user/*/buildkit/buildkitd.sock", owner: "rootless BuildKit", power: Power::RootlessEngine },
    Socket { path: "/home/*/.docker/run/docker.sock", owner: "Docker Desktop", power: Power::RootlessEngine },
    Socket { path: "/home/*/.docker/desktop/docker.sock", owner: "Docker Desktop", power: Power::RootlessEngine },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_in_their_one_spelling() {
        for socket in ALL {
            assert_eq!(NodePath::new(socket.path).as_str(), socket.path);
        }
    }

    #[test]
    fn sockets_and_their_folders() {
        let first = |path: &str| reached_by(&NodePath::new(path)).next().map(|(socket, how)| (socket.owner, how));
        for (path, expected) in [
            ("/var/run/docker.sock", Some(("Docker", Relation::Same))),
            ("/run/docker.sock/", Some(("Docker", Relation::Same))),
            ("/var/run/crio/crio.sock", Some(("CRI-O", Relation::Same))),
            ("/var/run", Some(("Docker", Relation::ParentOf))),
            ("/run/containerd", Some(("containerd", Relation::ParentOf))),
            ("/run/k3s/containerd", Some(("K3s or RKE2 containerd", Relation::ParentOf))),
            ("/run/user/1000/podman/podman.sock", Some(("rootless Podman", Relation::Same))),
            ("\\\\.\\pipe\\docker_engine", Some(("Docker on Windows", Relation::Same))),
            ("/run/flannel", None),
            ("/run/docker.sock.d", None),
            ("/data", None),
        ] {
            assert_eq!(first(path), expected, "{path}");
        }
    }
}
