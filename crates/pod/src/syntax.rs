//! In which syntax a pod was written, and so whose defaults hold.

use watertight_text::Span;

use crate::{Field, Named, Statements};

/// Who reads what was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Syntax {
    /// A Kubernetes object.
    #[default]
    Kubernetes,
    /// A command line: `docker run …`.
    Run(Engine),
    /// A service of a compose file.
    Compose,
    /// The `config.json` of an OCI bundle. Nothing is filled in: what is not written is not there.
    Oci,
}

/// A program that takes command lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Engine {
    /// Docker Engine.
    #[default]
    Docker,
    /// Podman.
    Podman,
    /// nerdctl, which takes Docker's options for containerd.
    Nerdctl,
}

impl Engine {
    /// The program's name.
    pub fn program(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Nerdctl => "nerdctl",
        }
    }
}

impl Syntax {
    /// Whether the API server and the kubelet stand between the text and the container.
    pub fn is_kubernetes(self) -> bool {
        self == Self::Kubernetes
    }
}

/// What a rule of the device control group lets be opened beyond what every container may open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpenDevices {
    /// Every device of a kind.
    All,
    /// Disks, by their major number.
    Disks(u16),
}

/// Major numbers under which Linux has disks: those of `Documentation/admin-guide/devices.txt` for IDE (3, 22, 33, 34, 56, 57
/// and 88 to 91), SCSI, SATA and USB (8, 65 to 71, 128 to 135), RAID (9), DASD (94), HP's arrays (104 to 111), MMC (179), Xen
/// (202) and partitions beyond those of a disk's own number, under which NVMe stands too (259). Those from 240 to 254 are
/// given to whoever asks, and of block devices virtio's disks and the device mapper's volumes ask. A loop device (7) holds
/// what somebody put there.
const DISKS: [(u16, u16); 15] = [
    (3, 3),
    (8, 8),
    (9, 9),
    (22, 22),
    (33, 34),
    (56, 57),
    (65, 71),
    (88, 91),
    (94, 94),
    (104, 111),
    (128, 135),
    (179, 179),
    (202, 202),
    (240, 254),
    (259, 259),
];

impl OpenDevices {
    /// What a rule opens: `a`, or a block or character device by `*` for its major number, or a disk by its own, to read or
    /// to write. `m` alone makes device files and opens none, and runtimes let every container make them; behind `a` the
    /// kernel reads nothing.
    ///
    /// Sources: `security/device_cgroup.c` of Linux, `devcgroup_update_access`; `AllowedDevices` in runc's
    /// `libcontainer/specconv`.
    pub fn by(rule: &str) -> Option<Self> {
        let mut words = rule.split_whitespace();
        let mut word = || words.next().unwrap_or_default();
        let (kind, numbers, access) = (word(), word(), word());
        if kind == "a" {
            return Some(Self::All);
        }
        let (major, _) = numbers.split_once(':')?;
        match (kind, major) {
            _ if !access.contains(['r', 'w']) => None,
            ("b" | "c", "*") => Some(Self::All),
            ("b", major) => {
                let major = major.parse().ok()?;
                DISKS.iter().any(|(first, last)| (*first..=*last).contains(&major)).then_some(Self::Disks(major))
            }
            _ => None,
        }
    }

    /// Whether a rule opens what it opens for writing, and not for reading alone.
    pub fn writes(rule: &str) -> bool {
        rule.starts_with('a') || rule.split_whitespace().nth(2).is_some_and(|access| access.contains('w'))
    }

    /// Whether a rule opens what it opens for reading.
    pub fn reads(rule: &str) -> bool {
        rule.starts_with('a') || rule.split_whitespace().nth(2).is_some_and(|access| access.contains('r'))
    }
}

/// What container engines can be asked for and Kubernetes cannot.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EngineOptions {
    /// The host's UTS namespace: true when it is shared.
    pub host_uts: Field<bool>,
    /// The host's cgroup namespace: true when it is shared.
    pub host_cgroup: Field<bool>,
    /// The mode of the process namespace: `host`, `container:db`, `service:db`.
    pub pid: Field<String>,
    /// The mode of the IPC namespace.
    pub ipc: Field<String>,
    /// The network by its name: `bridge`, `none`, `container:db`.
    pub network: Field<String>,
    /// Containers whose volumes come along.
    pub volumes_from: Vec<Named>,
    /// Whether its user namespace gives root the number that root has outside; absent where it does not.
    pub root_is_root: Field<bool>,
    /// Volumes, by name, whose files show their users as those of the container's user namespace; false where the mapping is
    /// one of its own.
    pub idmapped: Vec<(String, bool)>,
    /// Supplementary groups that are given by name.
    pub groups: Vec<Named>,
    /// The capabilities that the first process is permitted before it runs its program; `None` where that is all that it may
    /// have.
    pub permitted: Option<Vec<Named>>,
    /// The capabilities that it keeps when it runs its program, whoever it runs as.
    pub ambient: Vec<Named>,
    /// Rules of the device control group beyond the default: `c 10:200 rwm`.
    pub device_rules: Vec<Named>,
    /// How many processes there may be; -1 for any number.
    pub pids_limit: Field<i64>,
    /// Commands that the engine runs in the started container as privileged ones, by the key that asks for them:
    /// `post_start`. They have every capability; profiles and devices stay those of the container.
    ///
    /// Source: `05-services.md` of the Compose Specification; `daemon/exec_linux.go` of moby.
    pub privileged_hooks: Vec<Named>,
    /// Commands that the engine runs in the started container as root, by the key that asks for them. They have what the
    /// container may have, whatever user it runs as itself.
    ///
    /// Source: `05-services.md` of the Compose Specification; `daemon/exec_linux.go` of moby.
    pub root_hooks: Vec<Named>,
    /// The engine's API, when it is spoken to over the network: `tcp://0.0.0.0:2375`.
    pub api: Field<String>,
    /// Where another setting of this kind goes: in front of the image of a command line.
    pub insert: Option<Span>,
    /// Statements that hold what a variable's default says, with the variables: whoever sets one decides otherwise.
    pub defaults: Vec<(Span, Vec<String>)>,
    /// Every statement with the field that it stands in, for texts that have routes.
    pub statements: Statements,
}

#[cfg(test)]
mod tests {
    use super::OpenDevices;

    #[test]
    fn what_rules_open() {
        use OpenDevices::{All, Disks};
        for (rule, expected) in [
            ("a", Some(All)),
            ("a *:* rwm", Some(All)),
            ("b *:* mr", Some(All)),
            ("c *:* rwm", Some(All)),
            ("b *:* m", None),
            ("b 8:* rwm", Some(Disks(8))),
            ("b 8:0 r", Some(Disks(8))),
            ("b 259:* rw", Some(Disks(259))),
            ("b 253:0 w", Some(Disks(253))),
            ("b 8:* m", None),
            ("b 7:* rwm", None),
            ("b 11:0 r", None),
            ("c 8:* rwm", None),
            ("c 10:200 rwm", None),
            ("b 8", None),
            ("b 99999:0 rwm", None),
            ("", None),
        ] {
            assert_eq!(OpenDevices::by(rule), expected, "{rule}");
        }
        for (rule, expected) in [
            ("a", (true, true)),
            ("b 8:* rwm", (true, true)),
            ("b 8:* r", (true, false)),
            ("b 8:* mw", (false, true)),
            ("b 8", (false, false)),
        ] {
            assert_eq!((OpenDevices::reads(rule), OpenDevices::writes(rule)), expected, "{rule}");
        }
    }
}
