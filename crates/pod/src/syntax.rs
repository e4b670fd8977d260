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

/// Whether a rule of the device control group lets every device of a kind be opened: `a`, or a block or character device
/// by `*` for its major number, to read or to write. `m` alone makes device files and opens none; behind `a` the kernel
/// reads nothing.
///
/// Source: `security/device_cgroup.c` of Linux, `devcgroup_update_access`.
pub fn opens_all_devices(rule: &str) -> bool {
    let mut words = rule.split_whitespace();
    let mut word = || words.next().unwrap_or_default();
    let (kind, numbers, access) = (word(), word(), word());
    match kind {
        "a" => true,
        "b" | "c" => numbers.starts_with("*:") && access.contains(['r', 'w']),
        _ => false,
    }
}

/// What container engines can be asked for and Kubernetes cannot.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EngineOptions {
    /// The host's UTS namespace: true when it is shared.
    pub host_uts: Field<bool>,
    /// The host's cgroup namespace: true when it is shared.
    pub host_cgroup: Field<bool>,
    /// The network by its name: `bridge`, `none`, `container:db`.
    pub network: Field<String>,
    /// Containers whose volumes come along.
    pub volumes_from: Vec<Named>,
    /// Supplementary groups that are given by name.
    pub groups: Vec<Named>,
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
