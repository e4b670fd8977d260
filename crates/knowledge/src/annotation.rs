//! Annotations of a pod that have a meaning: those that named profiles before there were fields for them, and those by which
//! a pod's author steers the container runtime past the pod's own fields.
//!
//! Source of the first: Kubernetes `pkg/apis/core/annotation_key_constants.go` and `staging/src/k8s.io/api/core/v1`.

/// The AppArmor profile of a container, whose name follows. Kubernetes has had a field for it since 1.30.
pub const APPARMOR_OF_CONTAINER: &str = "container.apparmor.security.beta.kubernetes.io/";
/// The seccomp profile of a pod, up to Kubernetes 1.26.
pub const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
/// The seccomp profile of a container, whose name follows, up to Kubernetes 1.26.
pub const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

/// A family of annotations that a runtime obeys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Steering {
    /// How their names begin.
    pub prefix: &'static str,
    /// Who obeys.
    pub runtime: &'static str,
    /// What they change.
    pub changes: &'static str,
}

/// The family that an annotation belongs to; `None` for an ordinary one.
pub fn steering(name: &str) -> Option<&'static Steering> {
    ALL.iter().find(|family| name.starts_with(family.prefix))
}

/// Sources: Kata `docs/how-to/how-to-set-sandbox-config-kata.md`, CRI-O `pkg/annotations/v2`, crun `crun.1`, gVisor
/// `runsc/specutils`, NRI plugins. Each runtime obeys only what its own configuration allows.
static ALL: &[Steering] = &[
    Steering {
        prefix: "io.katacontainers.config.",
        runtime: "Kata Containers",
        changes: "settings of the virtual machine and of its helpers on the node, paths of programs among them",
    },
    Steering { prefix: "io.katacontainers.", runtime: "Kata Containers", changes: "how the sandbox is put together" },
    Steering {
        prefix: "io.kubernetes.cri-o.Devices",
        runtime: "CRI-O",
        changes: "which devices of the node the container gets",
    },
    Steering {
        prefix: "io.kubernetes.cri-o.cgroup2-mount-hierarchy-rw",
        runtime: "CRI-O",
        changes: "whether the container may write to its control groups",
    },
    Steering { prefix: "io.kubernetes.cri-o.userns-mode", runtime: "CRI-O", changes: "the user namespace of the pod" },
    Steering {
        prefix: "io.kubernetes.cri-o.UnifiedCgroup",
        runtime: "CRI-O",
        changes: "settings of the container's control group",
    },
    Steering {
        prefix: "io.kubernetes.cri-o.LinkLogs",
        runtime: "CRI-O",
        changes: "links to log files of the node in a volume of the pod",
    },
    Steering { prefix: "devices.cri-o.io", runtime: "CRI-O", changes: "which devices of the node the container gets" },
    Steering { prefix: "run.oci.", runtime: "crun", changes: "hooks and system calls of the container" },
    Steering { prefix: "dev.gvisor.", runtime: "gVisor", changes: "flags of the sandbox and how it mounts volumes" },
    Steering { prefix: "cdi.k8s.io/", runtime: "the device interface", changes: "which devices the container gets" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        assert_eq!(steering("io.katacontainers.config.hypervisor.path").map(|s| s.runtime), Some("Kata Containers"));
        assert_eq!(steering("run.oci.hooks").map(|s| s.runtime), Some("crun"));
        assert_eq!(steering("prometheus.io/scrape"), None);
    }
}
