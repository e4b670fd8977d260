/// How a container gets to a bug of the kernel. Reasoned from the kind of bug, not from each advisory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reach {
    /// With ordinary system calls.
    Any,
    /// With `NET_ADMIN`, or in a user namespace of its own.
    Net,
    /// With `SYS_ADMIN`, or in a user namespace of its own.
    NsAdmin,
    /// With `NET_RAW`, or in a user namespace of its own.
    Raw,
    /// With bpf(2).
    Bpf,
    /// With io_uring.
    IoUring,
    /// With a socket of the family `AF_ALG`.
    Alg,
    /// With a socket of the family `AF_VSOCK`.
    Vsock,
    /// With a socket of the family `AF_RXRPC`.
    RxRpc,
    /// With a socket of the family `AF_RDS`.
    Rds,
    /// With keyctl(2).
    Key,
    /// With ptrace(2) of a suitable process.
    Ptrace,
    /// With perf_event_open(2).
    Perf,
    /// With the release agent of cgroup v1.
    Cgroup1,
    /// Through the policy files of AppArmor.
    Lsm,
}

/// What is known of a reach: its word in the data, what it needs, what stops it.
struct Known(Reach, &'static str, &'static str, &'static [&'static str]);

const KNOWN: [Known; 15] = [
    Known(Reach::Any, "ANY", "ordinary system calls", &["gvisor", "kata", "patched_only"]),
    Known(
        Reach::Net,
        "NET",
        "NET_ADMIN in the container, or the right to make a user namespace",
        &["drop_net_admin", "seccomp_default", "unpriv_userns_off", "gvisor", "kata"],
    ),
    Known(
        Reach::NsAdmin,
        "NSADM",
        "SYS_ADMIN in the container, or the right to make a user namespace",
        &["drop_sys_admin", "seccomp_default", "unpriv_userns_off", "gvisor", "kata"],
    ),
    Known(
        Reach::Raw,
        "RAW",
        "NET_RAW in the container, or the right to make a user namespace",
        &["drop_net_raw", "seccomp_default_with_drop_net_raw", "gvisor", "kata"],
    ),
    Known(
        Reach::Bpf,
        "BPF",
        "the bpf call, and unprivileged BPF on the node or the capability BPF or SYS_ADMIN",
        &["seccomp_default", "drop_all", "unpriv_bpf_off", "gvisor", "kata"],
    ),
    Known(
        Reach::IoUring,
        "IOU",
        "the io_uring calls",
        &["seccomp_no_io_uring", "sysctl_io_uring_disabled", "gvisor", "kata"],
    ),
    Known(
        Reach::Alg,
        "ALG",
        "sockets of the family AF_ALG",
        &["seccomp_no_af_alg", "apparmor_deny_alg", "module_blocklist", "gvisor", "kata"],
    ),
    Known(
        Reach::Vsock,
        "VSOCK",
        "sockets of the family AF_VSOCK",
        &["seccomp_default", "module_blocklist", "gvisor", "kata"],
    ),
    Known(
        Reach::RxRpc,
        "RXRPC",
        "sockets of the family AF_RXRPC and the keyring calls, and their module",
        &["seccomp_default_partial", "module_blocklist", "gvisor", "kata"],
    ),
    Known(Reach::Rds, "RDS", "sockets of the family AF_RDS, and their module", &["module_blocklist", "gvisor", "kata"]),
    Known(Reach::Key, "KEY", "the keyctl call", &["seccomp_default", "gvisor", "kata"]),
    Known(
        Reach::Ptrace,
        "PTRACE",
        "ptrace of a suitable process",
        &["seccomp_default_old_kernel", "yama", "gvisor", "kata"],
    ),
    Known(
        Reach::Perf,
        "PERF",
        "the perf_event_open call",
        &["seccomp_default", "drop_all", "sysctl_perf_paranoid", "gvisor", "kata"],
    ),
    Known(
        Reach::Cgroup1,
        "CG1",
        "cgroup v1 on the node, root in the container, no AppArmor or SELinux, and SYS_ADMIN or the right to make a user \
         namespace",
        &["seccomp_default", "apparmor_default", "selinux", "non_root", "cgroup_v2", "gvisor", "kata"],
    ),
    Known(
        Reach::Lsm,
        "LSM",
        "the policy files of AppArmor in sight, and a privileged process that writes for somebody else",
        &["no_host_path", "patched_only", "gvisor", "kata"],
    ),
];

impl Reach {
    /// The reach of a word in the data.
    pub(super) fn by_word(word: &str) -> Option<Self> {
        KNOWN.iter().find(|known| known.1 == word).map(|known| known.0)
    }

    fn known(self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.0 == self)
    }

    /// What the container needs for it. Reads on after "needs": no capital, no full stop.
    pub fn needs(self) -> &'static str {
        self.known().map_or("", |known| known.2)
    }

    /// The controls that take it away, by their ids.
    pub fn stopped_by(self) -> &'static [&'static str] {
        self.known().map_or(&[], |known| known.3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known() {
        for Known(reach, word, needs, stops) in &KNOWN {
            assert_eq!(Reach::by_word(word), Some(*reach));
            assert!(!needs.is_empty() && !stops.is_empty());
        }
    }
}
