use std::borrow::Cow;

use watertight_diagnostic::{Release, Runtime};
use watertight_knowledge::version::Version;
use watertight_pod::effective::Cri;
use watertight_pod::{Container, Field, Neighbours, Object, Pod};
use watertight_text::Span;

use crate::attempt::Ending;
use crate::known::Evidence;
use crate::rights::Rights;
use crate::{Known, Lsm};

/// Everything that is known of one container and what stands around it.
pub struct World<'a> {
    /// The objects of all files, by the names that others call them by.
    pub neighbours: &'a Neighbours<'a>,
    /// The object that holds the pod.
    pub object: &'a Object,
    /// Folders of the node that reach the pod through claims.
    pub bound: &'a [Bound<'a>],
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
    /// How a call ends that the filter stops; `None` when there is no filter, or when nobody can tell.
    pub refused: Option<Refused<'a>>,
    /// How its AppArmor profile answers.
    pub apparmor: Confined<'a, Operation<'a>>,
    /// The rights of its service account; `None` while no role was given.
    pub rights: Option<&'a Rights>,
    /// Whether a NetworkPolicy keeps it from the metadata address; `None` while none was given.
    pub egress_policy: Option<bool>,
}

/// How a system call ends, by its name and its arguments, that a filter stops.
pub type Refused<'a> = &'a dyn Fn((&str, [u64; 6])) -> Ending;

/// A folder of the node behind a claim: the pod names a claim, the claim a volume, the volume a folder.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    /// The pod's name for its volume.
    pub volume: &'a str,
    /// The folder.
    pub path: &'a Field<String>,
    /// What it is said to be: `Socket`, `BlockDevice`, …
    pub kind: &'a str,
    /// Whether the volume is `local`, and not a `hostPath`.
    pub is_local: bool,
    /// The file of the persistent volume.
    pub file: u32,
    /// Where the persistent volume stands.
    pub span: Span,
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
    /// Use a capability, by its name without `CAP_`.
    Capability(&'a str),
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
    pub lsm: Option<Noted<Lsm>>,
    /// 1 or 2; `None` while nobody has said.
    pub cgroup: Option<Noted<u8>>,
    /// Whether it is one of those that run the cluster; `None` while nobody has said.
    pub control_plane: Option<Noted<bool>>,
    /// Whether it loads only signed modules; `None` while nobody has said.
    pub signed_modules: Option<Noted<bool>>,
    /// Who makes the containers, where that is said without a version.
    pub runtime: Option<Runtime>,
}

/// Something that is known of the node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noted<T> {
    /// What.
    pub value: T,
    /// Where it stands; `None` for a setting.
    pub evidence: Option<Evidence>,
}

impl Node<'_> {
    /// The runtimes that may make the containers of its pods, as far as versions or a setting say so.
    ///
    /// Docker runs on containerd and names it beside its own version, so that a kubelet may speak to either.
    pub fn readers(&self) -> &'static [Cri] {
        let is_set = |runtime| self.runtime == Some(runtime);
        let has = |name: &str| self.components.iter().any(|component| component.name == name);
        match (has("containerd"), has("cri-o"), has("docker")) {
            (true, false, false) => &[Cri::Containerd],
            (false, true, false) => &[Cri::CriO],
            (false, false, true) => &[Cri::Docker],
            (true, false, true) if is_set(Runtime::Docker) => &[Cri::Docker],
            (true, false, true) => &[Cri::Containerd, Cri::Docker],
            (false, false, false) if is_set(Runtime::Docker) => &[Cri::Docker],
            (false, false, false) if is_set(Runtime::CriO) => &[Cri::CriO],
            _ => Cri::ALL,
        }
    }
}

/// A program of the node, or its kernel.
#[derive(Clone, PartialEq, Debug)]
pub struct Component<'a> {
    /// As the data of known bugs calls it: `runc`, `containerd`, `linux-kernel`.
    pub name: &'a str,
    /// Its version.
    pub version: Version<'a>,
    /// As it was written.
    pub written: Cow<'a, str>,
    /// Where it was written; `None` for a setting.
    pub evidence: Option<Evidence>,
}

impl<'a> Component<'a> {
    /// A version from the settings.
    pub fn from_setting(name: &'a str, release: Release) -> Self {
        let numbers = [release.major, release.minor, release.patch];
        let version = Version { numbers, written: 3, pre: "", suffix: "" };
        Self { name, version, written: Cow::Owned(release.to_string()), evidence: None }
    }
}
