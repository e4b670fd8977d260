//! What the data calls things by a word, for people.

use std::borrow::Cow;

use super::Cve;

/// What stops a bug, by its id in the data: what somebody does or has. Reads on after "stopped by": no capital, no full stop.
const CONTROLS: [(&str, &str); 54] = [
    ("admission_policy", "an admission policy that refuses such pods"),
    ("apparmor_default", "the runtime's default AppArmor profile"),
    ("apparmor_deny_abstract", "an AppArmor profile that denies abstract sockets"),
    ("apparmor_deny_alg", "an AppArmor profile that denies sockets of the family AF_ALG"),
    ("cgroup_v2", "cgroup v2 on the node"),
    ("cgroupns_private", "a cgroup namespace of its own"),
    ("drop_all", "dropping all capabilities"),
    ("drop_net_admin", "a container without the capability NET_ADMIN"),
    ("drop_net_raw", "dropping the capability NET_RAW"),
    ("drop_sys_admin", "a container without the capability SYS_ADMIN"),
    ("drop_sys_ptrace", "a container without the capability SYS_PTRACE"),
    ("ephemeral_limits", "a limit of ephemeral storage"),
    ("gvisor", "gVisor"),
    ("image_pull_always", "imagePullPolicy: Always"),
    ("kata", "Kata Containers"),
    ("kata_annotations_off", "a configuration of Kata Containers that takes no annotations"),
    ("limit_pv_create", "letting only administrators create PersistentVolumes"),
    ("module_blocklist", "a node that does not load the module (modprobe.d)"),
    ("network_policy", "a NetworkPolicy"),
    ("no_docker_sock", "keeping the engine's socket out of containers"),
    ("no_gitrepo_volume", "pods without gitRepo volumes"),
    ("no_gpu_runtime", "a container without GPU"),
    ("no_host_ipc", "an IPC namespace of its own (hostIPC: false)"),
    ("no_host_network", "a network of its own (hostNetwork: false)"),
    ("no_host_path", "pods without hostPath volumes"),
    ("no_new_privs", "allowPrivilegeEscalation: false"),
    ("no_subpath", "mounts without subPath"),
    ("no_windows_nodes", "a cluster without Windows nodes"),
    ("non_root", "a user other than root"),
    ("patched_only", "nothing but a mended version"),
    ("pause_before_cp", "pausing the container before `docker cp`"),
    ("pss_baseline_sysctls", "the sysctls that the baseline level allows"),
    ("rbac_nodes", "letting only administrators ask nodes for their logs"),
    ("read_only_rootfs", "a read-only root file system"),
    ("read_only_volumes", "volumes that are mounted read-only"),
    ("rootful", "an engine that runs as root"),
    ("rootless", "a rootless engine"),
    ("run_as_user_numeric", "a user given by number (runAsUser)"),
    ("seccomp_default", "the runtime's seccomp profile (RuntimeDefault)"),
    ("seccomp_default_old_kernel", "the runtime's seccomp profile (RuntimeDefault) on kernels before 4.8"),
    (
        "seccomp_default_with_drop_net_raw",
        "the runtime's seccomp profile (RuntimeDefault) without the capability NET_RAW",
    ),
    ("seccomp_no_af_alg", "a seccomp profile that refuses sockets of the family AF_ALG"),
    ("seccomp_no_io_uring", "a seccomp profile that refuses the io_uring calls"),
    ("seccomp_runtime_default", "the runtime's seccomp profile (RuntimeDefault)"),
    ("seccomp_socket_families", "a seccomp profile that allows few families of sockets"),
    ("selinux", "SELinux"),
    ("sysctl_io_uring_disabled", "kernel.io_uring_disabled=2 on the node"),
    ("sysctl_perf_paranoid", "a kernel.perf_event_paranoid on the node that keeps users out"),
    ("trusted_images", "running only images that are trusted"),
    ("unpriv_bpf_off", "kernel.unprivileged_bpf_disabled on the node"),
    ("unpriv_userns_off", "a node on which only root may make user namespaces"),
    ("userns", "users of its own (hostUsers: false)"),
    ("workload_identity", "credentials of its own for each workload"),
    ("yama", "kernel.yama.ptrace_scope=1 or more on the node"),
];

/// How well the range of versions is known.
const PRECISIONS: [(&str, &str); 6] = [
    ("coarse", "roughly, for not every branch was read"),
    ("none-verified", "not checked against the program's source"),
    ("partial", "in part, for no mended release was checked"),
    ("release-branch", "read for each branch of releases"),
    ("stable-branch", "read for each stable branch"),
    ("vendor", "as the vendor says"),
];

/// What is won.
const OUTCOMES: [(&str, &str); 21] = [
    ("cluster-admin", "control of the cluster"),
    ("dos", "denial of service"),
    ("guest-root", "root in the sandbox's virtual machine"),
    ("host-config", "settings of the node"),
    ("host-device", "devices of the node"),
    ("host-file-access", "files of the node"),
    ("host-file-create", "new files on the node"),
    ("host-file-write", "writing files of the node"),
    ("host-network", "the node's network"),
    ("host-read", "reading files of the node"),
    ("host-root", "root on the node"),
    ("image-poisoning", "another image in the place of one that is trusted"),
    ("in-container-privilege", "more rights in the container"),
    ("lsm-bypass", "a container without AppArmor or SELinux"),
    ("neighbour-read", "reading another container"),
    ("node-admin", "administrator of the node"),
    ("node-credential", "credentials of the node"),
    ("node-exec", "commands on the node"),
    ("node-service-access", "services of the node"),
    ("policy-bypass", "a way around a policy"),
    ("profile-bypass", "a container without its seccomp profile"),
];

/// Who has to be hostile. Reads on before "is hostile".
const ATTACKERS: [(&str, &str); 13] = [
    ("api-client", "a client of the engine's API"),
    ("build", "what an image is built from"),
    ("cluster-user", "a user of the cluster"),
    ("container", "a process in the container"),
    ("exec", "whoever runs commands in the container"),
    ("host", "the machine below the node"),
    ("host-user", "a user of the node"),
    ("image", "the image"),
    ("neighbour", "a machine on the same network"),
    ("network", "a client on the network"),
    ("node", "another node"),
    ("plugin", "a plugin"),
    ("pod-author", "whoever may create pods"),
];

type Table = [(&'static str, &'static str)];

fn find(table: &'static Table, word: &'static str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == word).map(|(_, words)| *words)
}

impl Cve {
    /// What stops it, each as something to do or to have. Reads on after "stopped by".
    pub fn controls_in_words(&self) -> impl Iterator<Item = Cow<'static, str>> {
        self.controls().iter().map(|control| match control.strip_suffix("_partial") {
            Some(whole) => Cow::Owned([find(&CONTROLS, whole).unwrap_or(whole), ", in part"].concat()),
            None => Cow::Borrowed(find(&CONTROLS, control).unwrap_or(control)),
        })
    }

    /// What is won.
    pub fn outcome_in_words(&self) -> &'static str {
        find(&OUTCOMES, self.outcome).unwrap_or(self.outcome)
    }

    /// Whether it leads out of a container, or to what is outside. Others take a layer of protection away, or disturb.
    pub fn leads_out(&self) -> bool {
        leads_out(self.outcome)
    }

    /// Whether only nodes with Windows have it.
    pub fn is_of_windows(&self) -> bool {
        self.stopped_by.contains(&"no_windows_nodes")
    }

    /// How well the range of versions is known. Reads on after "known".
    pub fn precision_in_words(&self) -> &'static str {
        find(&PRECISIONS, self.precision).unwrap_or(self.precision)
    }

    /// Who has to be hostile, each of them enough. Reads on before "is hostile".
    pub fn attackers_in_words(&self) -> impl Iterator<Item = &'static str> {
        self.attackers.iter().map(|attacker| find(&ATTACKERS, attacker).unwrap_or(attacker))
    }
}

/// Whether what is won lies outside of the container.
pub fn leads_out(outcome: &str) -> bool {
    let within = [
        "dos",
        "guest-root",
        "image-poisoning",
        "in-container-privilege",
        "lsm-bypass",
        "node-service-access",
        "policy-bypass",
        "profile-bypass",
    ];
    !within.contains(&outcome)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cve;

    #[test]
    fn some_are_of_windows_only() {
        let windows = cve::all().iter().filter(|cve| cve.is_of_windows());
        let said = |cve: &Cve| cve.needs.iter().any(|need| need.starts_with("Windows"));
        assert!(windows.clone().all(said) && cve::all().iter().filter(|cve| said(cve)).eq(windows));
    }

    #[test]
    fn most_lead_out() {
        let of = |id: &str| cve::all().iter().find(|cve| cve.id == id).map(super::super::Cve::leads_out);
        assert_eq!(of("CVE-2024-21626"), Some(true));
        assert_eq!(of("CVE-2022-29162"), Some(false));
        let outcomes: BTreeSet<_> = cve::all().iter().map(|cve| cve.outcome).collect();
        assert_eq!(outcomes.iter().filter(|outcome| !leads_out(outcome)).count(), 8, "each of them is in use");
    }

    /// Whatever stands in the data has words, and no words are for what does not stand there.
    #[test]
    fn everything_has_words() {
        let all = cve::all();
        let controls = all.iter().flat_map(|cve| cve.stopped_by.iter().copied());
        let by_reach = all.iter().filter_map(|cve| cve.reach).flat_map(|reach| reach.stopped_by().iter().copied());
        let controls = controls.chain(by_reach).map(|control| control.strip_suffix("_partial").unwrap_or(control));
        let compare = |table: &'static Table, used: BTreeSet<&'static str>| {
            assert_eq!(table.iter().map(|(word, _)| *word).collect::<BTreeSet<_>>(), used);
            assert!(table.is_sorted_by(|a, b| a.0 < b.0), "by their ids");
        };
        compare(&CONTROLS, controls.collect());
        compare(&PRECISIONS, all.iter().map(|cve| cve.precision).collect());
        compare(&OUTCOMES, all.iter().map(|cve| cve.outcome).collect());
        compare(&ATTACKERS, all.iter().flat_map(|cve| cve.attackers.iter().copied()).collect());
    }

    #[test]
    fn a_part_is_told() {
        let stopped = |id| cve::by_id(id).unwrap().controls_in_words().collect::<Vec<_>>().join("; ");
        assert_eq!(
            stopped("CVE-2016-9962"),
            "users of its own (hostUsers: false); a user other than root; a container without the capability SYS_PTRACE"
        );
        let part = cve::all().iter().flat_map(Cve::controls_in_words).find(|words| words.ends_with(", in part"));
        assert!(part.is_some());
    }
}
