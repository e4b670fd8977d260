//! Linux capabilities: what each opens, who grants it by default, and what becomes of the spellings people use.

use watertight_diagnostic::Runtime;

use Danger::{Critical, Harmless, High, Low, Medium};

/// A Linux capability.
///
/// Sources: `linux/capability.h` (numbers), capabilities(7) (first kernel), the defaults of moby, containerd
/// (`pkg/oci/spec.go`), Podman (`containers.conf`) and CRI-O (`crio.conf`), and
/// `pod-security-admission/policy/check_capabilities_baseline.go`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capability {
    /// The kernel's number.
    pub number: u8,
    /// Its name as Kubernetes wants it, without `CAP_`.
    pub name: &'static str,
    /// How dangerous it is by itself, in a container without a user namespace.
    pub danger: Danger,
    /// Docker and containerd grant it when nobody says anything.
    pub docker_default: bool,
    /// Podman grants it when nobody says anything.
    pub podman_default: bool,
    /// CRI-O grants it when nobody says anything.
    pub crio_default: bool,
    /// The Pod Security Standard "baseline" lets a pod add it.
    pub baseline: bool,
    /// The first kernel that has it.
    pub since_kernel: &'static str,
    /// What a process with it does. Reads on after "it": no capital, no full stop.
    pub opens: &'static str,
}

/// How dangerous a capability is by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Danger {
    /// Nothing to gain.
    Harmless,
    /// A help for something else.
    Low,
    /// Neighbours, the node's service or more of the kernel come into reach.
    Medium,
    /// Files or the confinement of the node come into reach.
    High,
    /// Root on the node.
    Critical,
}

/// A capability name as somebody wrote it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// What is meant.
    pub meant: Meant,
    /// How it is spelt.
    pub spelling: Spelling,
}

/// What a written name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meant {
    /// Every capability.
    All,
    /// One capability.
    One(&'static Capability),
    /// No capability of that name exists.
    Unknown,
}

/// How a name is spelt, which decides who understands it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// `NET_ADMIN`: understood by everyone.
    Plain,
    /// `net_admin`: every runtime understands it, the Pod Security Standards do not.
    OtherCase,
    /// `CAP_NET_ADMIN`: CRI-O and Docker understand it; containerd prefixes it once more and the result is ignored.
    Prefixed,
    /// `cap_net_admin`: Docker alone understands it.
    PrefixedOtherCase,
}

impl Spelling {
    /// Whether containerd gives or takes the capability when its name is spelt so.
    ///
    /// containerd upper-cases a name and puts `CAP_` before it (`pkg/cri` `WithCapabilities`); runc then warns of
    /// `CAP_CAP_NET_ADMIN` and goes on without it.
    pub fn works_with_containerd(self) -> bool {
        matches!(self, Self::Plain | Self::OtherCase)
    }

    /// Whether CRI-O gives or takes the capability when its name is spelt so.
    ///
    /// CRI-O upper-cases only a name without the prefix (`SpecSetupCapabilities`); a lower-case one with it passes its
    /// own comparison, which ignores case, and is then unknown to runc.
    pub fn works_with_crio(self) -> bool {
        self != Self::PrefixedOtherCase
    }

    /// What becomes of a name spelt so. A sentence, or nothing for the plain spelling.
    pub fn fate(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::OtherCase => {
                "Container runtimes ignore the case of the name, the Pod Security Standards do not: write it in capitals."
            }
            Self::Prefixed => {
                "CRI-O and Docker understand the prefix CAP_; containerd puts a second one before it and then ignores \
                 the name: leave the prefix out."
            }
            Self::PrefixedOtherCase => {
                "Only Docker understands this spelling; with containerd and CRI-O the name is ignored: write it in \
                 capitals and without CAP_."
            }
        }
    }
}

/// All capabilities, by number.
pub fn all() -> &'static [Capability] {
    ALL
}

/// The names of what a runtime grants a container when nobody says anything, with `CAP_`.
pub fn usual(runtime: Runtime) -> Vec<String> {
    let granted = |capability: &&Capability| match runtime {
        Runtime::Containerd | Runtime::Docker => capability.docker_default,
        Runtime::CriO => capability.crio_default,
        Runtime::Podman => capability.podman_default,
    };
    ALL.iter().filter(granted).map(|capability| ["CAP_", capability.name].concat()).collect()
}

/// The capability of that exact name, without `CAP_`.
pub fn by_name(name: &str) -> Option<&'static Capability> {
    ALL.iter().find(|capability| capability.name == name)
}

/// Reads a name as the container runtimes do between them: any case, with or without `CAP_`.
pub fn read(written: &str) -> Written {
    let (spelling, bare) = spelling(written);
    let one = || ALL.iter().find(|one| one.name.eq_ignore_ascii_case(bare));
    let meant = if is_all(spelling, bare) { Meant::All } else { one().map_or(Meant::Unknown, Meant::One) };
    Written { meant, spelling }
}

/// The same where one capability is looked for: `None` when another one is meant, or none.
pub fn read_as(written: &str, wanted: &'static Capability) -> Option<Written> {
    let (spelling, bare) = spelling(written);
    let one = || bare.eq_ignore_ascii_case(wanted.name).then_some(Meant::One(wanted));
    let meant = if is_all(spelling, bare) { Some(Meant::All) } else { one() };
    meant.map(|meant| Written { meant, spelling })
}

/// How a name is spelt, and what stands behind its prefix.
fn spelling(written: &str) -> (Spelling, &str) {
    let is_plain_case = !written.bytes().any(|byte| byte.is_ascii_lowercase());
    let prefixed = written.split_at_checked("CAP_".len()).filter(|(prefix, _)| prefix.eq_ignore_ascii_case("CAP_"));
    let spelling = match (prefixed.is_some(), is_plain_case) {
        (false, true) => Spelling::Plain,
        (false, false) => Spelling::OtherCase,
        (true, true) => Spelling::Prefixed,
        (true, false) => Spelling::PrefixedOtherCase,
    };
    (spelling, prefixed.map_or(written, |(_, bare)| bare))
}

/// Whether every capability is meant. No runtime knows `CAP_ALL`: containerd ignores it, CRI-O and Docker refuse the
/// container.
fn is_all(spelling: Spelling, bare: &str) -> bool {
    matches!(spelling, Spelling::Plain | Spelling::OtherCase) && bare.eq_ignore_ascii_case("ALL")
}

const fn row(
    number: u8,
    name: &'static str,
    danger: Danger,
    [docker_default, podman_default, crio_default]: [bool; 3],
    baseline: bool,
    since_kernel: &'static str,
    opens: &'static str,
) -> Capability {
    Capability { number, name, danger, docker_default, podman_default, crio_default, baseline, since_kernel, opens }
}

#[rustfmt::skip]
static ALL: &[Capability] = &[
    row(0, "CHOWN", Low, [true, true, true], true, "2.2", "changes the owner of any file it can reach, also on a writable hostPath"),
    row(1, "DAC_OVERRIDE", Low, [true, true, true], true, "2.2", "passes over file permissions, so a mounted host folder is open whatever its modes say"),
    row(2, "DAC_READ_SEARCH", High, [false, false, false], false, "2.2", "opens files of the node by handle, outside of every mount (the Shocker technique)"),
    row(3, "FOWNER", Low, [true, true, true], true, "2.2", "changes modes of files it does not own"),
    row(4, "FSETID", Low, [true, true, true], true, "2.2", "keeps setuid bits, which helps to plant a setuid program on a hostPath"),
    row(5, "KILL", Low, [true, true, true], true, "2.2", "sends signals to every process it can see"),
    row(6, "SETGID", Low, [true, true, true], true, "2.2", "takes on any group"),
    row(7, "SETUID", Low, [true, true, true], true, "2.2", "takes on any user"),
    row(8, "SETPCAP", Low, [true, true, true], true, "2.2", "moves capabilities between its own sets, never beyond the bounding set"),
    row(9, "LINUX_IMMUTABLE", Low, [false, false, false], false, "2.2", "sets and clears the immutable flag of files"),
    row(10, "NET_BIND_SERVICE", Harmless, [true, true, true], true, "2.2", "listens on ports below 1024"),
    row(11, "NET_BROADCAST", Harmless, [false, false, false], false, "2.2", "does nothing: the kernel does not use it"),
    row(12, "NET_ADMIN", Medium, [false, false, false], false, "2.2", "changes interfaces, routes and firewall rules, and reaches the kernel code behind most recent escapes"),
    row(13, "NET_RAW", Medium, [true, false, false], false, "2.2", "forges packets, so neighbours can be impersonated by ARP and DNS"),
    row(14, "IPC_LOCK", Low, [false, false, false], false, "2.2", "locks memory past its limits"),
    row(15, "IPC_OWNER", Low, [false, false, false], false, "2.2", "passes over the permissions of shared memory"),
    row(16, "SYS_MODULE", Critical, [false, false, false], false, "2.2", "loads modules into the kernel of the node, which is root on the node"),
    row(17, "SYS_RAWIO", High, [false, false, false], false, "2.2", "reaches I/O ports, and with a memory device the memory of the kernel"),
    row(18, "SYS_CHROOT", Low, [true, true, false], true, "2.2", "changes the root folder and joins mount namespaces"),
    row(19, "SYS_PTRACE", Medium, [false, false, false], false, "2.2", "reads and changes the memory of every process it can see"),
    row(20, "SYS_PACCT", Low, [false, false, false], false, "2.2", "switches process accounting and names its file"),
    row(21, "SYS_ADMIN", Critical, [false, false, false], false, "2.2", "mounts file systems and enters namespaces; without AppArmor or SELinux that is root on the node"),
    row(22, "SYS_BOOT", Medium, [false, false, false], false, "2.2", "reboots the node or starts another kernel"),
    row(23, "SYS_NICE", Low, [false, false, false], false, "2.2", "takes processor time from neighbours"),
    row(24, "SYS_RESOURCE", Low, [false, false, false], false, "2.2", "passes over resource limits and disk quotas"),
    row(25, "SYS_TIME", Medium, [false, false, false], false, "2.2", "sets the clock of the node, on which certificates, tokens and logs depend"),
    row(26, "SYS_TTY_CONFIG", Low, [false, false, false], false, "2.2", "configures terminals"),
    row(27, "MKNOD", Low, [true, false, false], true, "2.4", "makes device files; the device cgroup has to refuse their use"),
    row(28, "LEASE", Harmless, [false, false, false], false, "2.4", "takes leases on files"),
    row(29, "AUDIT_WRITE", Low, [true, false, false], true, "2.6.11", "writes records into the audit log of the node"),
    row(30, "AUDIT_CONTROL", Medium, [false, false, false], false, "2.6.11", "changes audit rules, which blinds detection on the node"),
    row(31, "SETFCAP", Low, [true, true, false], true, "2.6.24", "gives files capabilities, which helps to plant a program on a hostPath"),
    row(32, "MAC_OVERRIDE", High, [false, false, false], false, "2.6.25", "passes over the mandatory access control of Smack"),
    row(33, "MAC_ADMIN", High, [false, false, false], false, "2.6.25", "changes AppArmor or Smack policy, the wall that holds the container"),
    row(34, "SYSLOG", Medium, [false, false, false], false, "2.6.37", "reads the kernel log and kernel addresses, which kernel exploits need"),
    row(35, "WAKE_ALARM", Harmless, [false, false, false], false, "3.0", "sets timers that wake the machine"),
    row(36, "BLOCK_SUSPEND", Harmless, [false, false, false], false, "3.5", "keeps the machine awake"),
    row(37, "AUDIT_READ", Medium, [false, false, false], false, "3.16", "reads the audit log of the node"),
    row(38, "PERFMON", Medium, [false, false, false], false, "5.8", "measures the kernel and all neighbours, and reaches the code of perf"),
    row(39, "BPF", High, [false, false, false], false, "5.8", "loads BPF programs; with PERFMON they watch and change every process of the node"),
    row(40, "CHECKPOINT_RESTORE", Medium, [false, false, false], false, "5.9", "chooses process ids and sees which files other processes have mapped"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(ALL.len(), 41);
        for (place, capability) in ALL.iter().enumerate() {
            assert_eq!(usize::from(capability.number), place, "{}", capability.name);
            assert!(!capability.opens.is_empty() && !capability.opens.ends_with('.'), "{}", capability.name);
        }
        let count = |of: fn(&Capability) -> bool| ALL.iter().filter(|c| of(c)).count();
        assert_eq!(count(|c| c.docker_default), 14);
        assert_eq!(count(|c| c.podman_default), 11);
        assert_eq!(count(|c| c.crio_default), 9);
        assert_eq!(count(|c| c.baseline), 13);
    }

    #[test]
    fn spellings() {
        let admin = Meant::One(by_name("SYS_ADMIN").unwrap());
        for (written, meant, spelling) in [
            ("SYS_ADMIN", admin, Spelling::Plain),
            ("sys_admin", admin, Spelling::OtherCase),
            ("CAP_SYS_ADMIN", admin, Spelling::Prefixed),
            ("cap_sys_admin", admin, Spelling::PrefixedOtherCase),
            ("Cap_Sys_Admin", admin, Spelling::PrefixedOtherCase),
            ("ALL", Meant::All, Spelling::Plain),
            ("all", Meant::All, Spelling::OtherCase),
            ("CAP_ALL", Meant::Unknown, Spelling::Prefixed),
            ("SYSADMIN", Meant::Unknown, Spelling::Plain),
            ("CAP_CAP_SYS_ADMIN", Meant::Unknown, Spelling::Prefixed),
            (" SYS_ADMIN", Meant::Unknown, Spelling::Plain),
            ("", Meant::Unknown, Spelling::Plain),
        ] {
            assert_eq!(read(written), Written { meant, spelling }, "{written}");
        }
    }
}
