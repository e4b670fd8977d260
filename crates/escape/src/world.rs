use watertight_diagnostic::Release;
use watertight_knowledge::version::Version;
use watertight_pod::{Container, Objects, Pod};

use crate::Known;
use crate::known::Evidence;
use crate::rights::Rights;

/// Everything that is known of one container and what stands around it.
pub struct World<'a> {
    /// The objects of the pod's file.
    pub objects: &'a Objects,
    /// The pod.
    pub pod: &'a Pod,
    /// The container.
    pub container: &'a Container,
    /// The Kubernetes version that counts.
    pub kube_version: watertight_diagnostic::KubeVersion,
    /// The node.
    pub node: &'a Node<'a>,
    /// How its seccomp filter answers.
    pub seccomp: Confined<'a, (&'a str, [u64; 6])>,
    /// How its AppArmor profile answers.
    pub apparmor: Confined<'a, Operation<'a>>,
    /// The rights of its service account; `None` while no role was given.
    pub rights: Option<&'a Rights>,
    /// Whether a NetworkPolicy keeps it from the metadata address; `None` while none was given.
    pub egress_policy: Option<bool>,
}

/// How a profile confines a container.
#[derive(Clone, Copy)]
pub enum Confined<'a, Q> {
    /// It does not: there is no profile, for this reason.
    Not(&'a Known),
    /// It answers whether something passes: `Yes` lets it.
    By(&'a dyn Fn(Q) -> Known),
    /// Nobody can tell.
    Unknown(&'a Known),
}

impl<Q> Confined<'_, Q> {
    /// Whether something passes.
    pub(crate) fn lets(&self, question: Q) -> Known {
        match self {
            Self::Not(known) | Self::Unknown(known) => (*known).clone(),
            Self::By(answer) => answer(question),
        }
    }
}

/// What a technique asks of AppArmor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation<'a> {
    /// Mount a file system.
    Mount,
    /// Trace a process of the node.
    Ptrace,
    /// Open a file below a folder of the container.
    File(&'a str, Access),
}

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// To read.
    Read,
    /// To write.
    Write,
}

/// What is known of the node.
#[derive(Clone, Debug, Default)]
pub struct Node<'a> {
    /// Programs and the kernel, with their versions.
    pub components: Vec<Component<'a>>,
    /// Which security module it runs; `None` while nobody has said.
    pub lsm: Option<Lsm>,
    /// 1 or 2; `None` while nobody has said.
    pub cgroup: Option<u8>,
    /// Whether it loads only signed modules; `None` while nobody has said.
    pub signed_modules: Option<bool>,
}

/// The security module of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lsm {
    /// AppArmor.
    AppArmor,
    /// SELinux.
    SeLinux,
    /// Neither.
    None,
}

/// A program of the node, or its kernel.
#[derive(Clone, PartialEq, Debug)]
pub struct Component<'a> {
    /// As the data of known bugs calls it: `runc`, `containerd`, `linux-kernel`.
    pub name: &'a str,
    /// Its version.
    pub version: Version<'a>,
    /// As it was written.
    pub written: &'a str,
    /// Where it was written; `None` for a setting.
    pub evidence: Option<Evidence>,
}

impl<'a> Component<'a> {
    /// A version from the settings, whose text somebody keeps.
    pub fn from_setting(name: &'a str, release: Release, written: &'a str) -> Self {
        let numbers = [release.major, release.minor, release.patch];
        Self { name, version: Version { numbers, written: 3, pre: "", suffix: "" }, written, evidence: None }
    }
}
