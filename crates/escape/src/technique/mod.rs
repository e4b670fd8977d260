//! The known ways out of a container, as data.
//!
//! They stand in `data/techniques.txt`: one a paragraph, its id first, then lines of a word and a value.
//!
//! | word | value |
//! | --- | --- |
//! | `name`, `why` | what people call it, and why it works |
//! | `outcome`, `effort`, `severity` | what it wins; `configuration`, `bug` or `information`; how bad it is alone |
//! | `open` | a fact of the pod that it needs, or several with a bar between them of which one is enough; `!` negates |
//! | `cap` | a capability that it needs, or several of which one is enough |
//! | `userns` | root inside has to be root outside |
//! | `seccomp` | a system call that has to pass, with its first argument, or several of which one is enough |
//! | `lsm` | what AppArmor or SELinux has to let pass: `mount`, `ptrace`, `read:@` or `write:@` below the mounted path |
//! | `node` | a setting of the node that it needs |
//! | `version` | a component that has to have a bug: its name, or `runtime` for all that make containers |
//! | `sandbox` | the sandboxes that stop it; with a question mark those of which nobody knows |
//! | `attack` | MITRE ATT&CK ids |
//! | `falco` | a published Falco rule that sees it, with its maturity |
//!
//! All lines have to hold for the way to be open; each line belongs to one [`Layer`].

mod read;

use std::sync::OnceLock;

use watertight_diagnostic::Severity;

use crate::Layer;

/// A known way out.
#[derive(Clone, PartialEq, Debug)]
pub struct Technique {
    /// Stable id.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it wins.
    pub outcome: Outcome,
    /// What it takes.
    pub effort: Effort,
    /// How bad it is, alone.
    pub severity: Severity,
    /// Why it works.
    pub why: &'static str,
    /// What it needs; all of it.
    pub needs: Vec<Need>,
    /// MITRE ATT&CK ids.
    pub attack: Vec<&'static str>,
    /// Published Falco rules that see it, each with its maturity in brackets.
    pub falco: Vec<&'static str>,
}

/// One line that has to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// Who decides it.
    pub layer: Layer,
    /// One of these is enough.
    pub any: Vec<Term>,
}

/// A fact, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// Its kind: the word before the colon, or all of it.
    pub name: &'static str,
    /// What stands behind the colon; empty where nothing does.
    pub value: &'static str,
    /// Whether the opposite is needed.
    pub negated: bool,
}

/// What is won.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Something stays behind in the container.
    Persistence,
    /// Root in the container.
    ContainerRoot,
    /// A service of the node answers.
    NodeService,
    /// The node or its neighbours stop.
    DenialOfService,
    /// Something of the node can be read.
    HostInfo,
    /// Another container is read or changed.
    Neighbour,
    /// A credential of the node or of another workload.
    NodeCredential,
    /// Root on the node.
    HostRoot,
    /// The whole cluster.
    ClusterAdmin,
}

/// What a way takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effort {
    /// It works as things are configured.
    Configuration,
    /// It shows something, which may or may not be worth anything.
    Information,
    /// A bug, or a second foothold, has to come in addition.
    Bug,
}

impl Outcome {
    /// Every one, the worst first.
    pub const ALL: [Self; 9] = [
        Self::ClusterAdmin,
        Self::HostRoot,
        Self::NodeCredential,
        Self::Neighbour,
        Self::HostInfo,
        Self::DenialOfService,
        Self::NodeService,
        Self::ContainerRoot,
        Self::Persistence,
    ];

    /// The word in the data and in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::ClusterAdmin => "cluster-admin",
            Self::HostRoot => "host-root",
            Self::NodeCredential => "node-credential",
            Self::Neighbour => "neighbour-container",
            Self::HostInfo => "host-info",
            Self::DenialOfService => "denial-of-service",
            Self::NodeService => "node-service-access",
            Self::ContainerRoot => "in-container-root",
            Self::Persistence => "persistence",
        }
    }

    /// What people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClusterAdmin => "control of the cluster",
            Self::HostRoot => "root on the node",
            Self::NodeCredential => "credentials of the node",
            Self::Neighbour => "another container",
            Self::HostInfo => "knowledge of the node",
            Self::DenialOfService => "denial of service",
            Self::NodeService => "a service of the node",
            Self::ContainerRoot => "root in the container",
            Self::Persistence => "a foothold in the container",
        }
    }
}

impl Effort {
    /// The word in the data and in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Information => "information",
            Self::Bug => "bug",
        }
    }

    /// How much it takes, as a number to add up: the cheapest way is shown first.
    pub fn cost(self) -> u32 {
        match self {
            Self::Configuration => 1,
            Self::Information => 2,
            Self::Bug => 5,
        }
    }
}

/// Every known way.
pub fn all() -> &'static [Technique] {
    static ALL: OnceLock<Vec<Technique>> = OnceLock::new();
    ALL.get_or_init(|| read::read(include_str!("../../data/techniques.txt")))
}

/// The way of an id.
pub fn by_id(id: &str) -> Option<&'static Technique> {
    all().iter().find(|technique| technique.id == id)
}
