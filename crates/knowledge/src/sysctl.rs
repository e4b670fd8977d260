//! Kernel settings that a pod may ask for.

/// The minor version of Kubernetes since which the Pod Security Standards count a sysctl as safe.
///
/// Names are compared exactly, as `pod-security-admission/policy/check_sysctls.go` does: the spelling with slashes is
/// never safe.
pub fn safe_since(name: &str) -> Option<u32> {
    SAFE.iter().find(|(safe, _)| *safe == name).map(|(_, minor)| *minor)
}

/// What goes wrong when a pod sets this kernel setting; `None` when nothing special is known. Dots and slashes count
/// the same, as they do for the kubelet.
pub fn danger(name: &str) -> Option<&'static str> {
    let dotted = name.replace('/', ".");
    DANGERS.iter().find(|(prefix, _)| dotted.starts_with(prefix)).map(|(_, text)| *text)
}

/// Whether a kernel setting belongs to a namespace that a container can have of its own. Of others runtimes and the kubelet let
/// none be set. Dots and slashes count the same.
///
/// Source: `staging/src/k8s.io/component-helpers/node/util/sysctl/namespace.go` of Kubernetes.
pub fn is_namespaced(name: &str) -> bool {
    let dotted = name.replace('/', ".");
    dotted == "kernel.sem"
        || ["kernel.shm", "kernel.msg", "fs.mqueue.", "net."].iter().any(|part| dotted.starts_with(part))
}

static SAFE: &[(&str, u32)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// The longest prefix stands first. Source: sysctl documentation of the kernel, `Documentation/admin-guide/sysctl`.
static DANGERS: &[(&str, &str)] = &[
    ("kernel.core_pattern", "It names the program that the kernel runs as root on the node when any process crashes."),
    ("kernel.modprobe", "It names the program that the kernel runs as root on the node to load a module."),
    ("kernel.hotplug", "It names a program that the kernel runs as root on the node."),
    ("kernel.msg", "It sizes the message queues of the pod, whose memory is the kernel's."),
    ("kernel.sem", "It sizes the semaphores of the pod, whose memory is the kernel's."),
    ("kernel.shm", "It sizes the shared memory of the pod, which can starve the node."),
    ("kernel.", "It belongs to the whole node and not to one pod."),
    ("fs.mqueue.", "It sizes the message queues of the pod, whose memory is the kernel's."),
    ("fs.", "It belongs to the whole node and not to one pod."),
    ("vm.", "It belongs to the whole node and not to one pod."),
    ("net.ipv4.conf.", "It changes how the pod takes routes and redirects, which helps to impersonate neighbours."),
    ("net.ipv6.conf.", "It changes how the pod takes routes and redirects, which helps to impersonate neighbours."),
    ("net.", "It changes the network of the pod, or of the node when the pod uses the node's network."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_only() {
        assert_eq!(safe_since("net.ipv4.tcp_rmem"), Some(32));
        assert_eq!(safe_since("net/ipv4/tcp_rmem"), None);
        assert_eq!(safe_since("kernel.msgmax"), None);
        assert!(danger("kernel/core_pattern").is_some_and(|text| text.contains("crashes")));
        assert_eq!(danger("user.max_user_namespaces"), None);
    }
}
