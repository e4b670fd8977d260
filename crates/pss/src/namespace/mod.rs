//! What the labels of a namespace ask for, and what then happens to a pod or a workload in it.
//!
//! Three modes: *enforce* refuses pods, and pods alone; *audit* writes to the audit log and *warn* answers with a warning,
//! both for pods and for the workloads that embed one. A workload that breaks the enforced policy is accepted all the
//! same, and then gets no pods. Source: `k8s.io/pod-security-admission`, `api/helpers.go` and `admission/admission.go`.

mod judge;
mod labels;
mod relabel;
#[cfg(test)]
mod tests;

use watertight_diagnostic::{KubeVersion, Level};
use watertight_pod::Site;

pub use judge::Judgement;
pub use labels::{LabelProblem, LabelProblemKind, PREFIX};
pub use relabel::relabelled;

/// What a policy does with a pod that breaks it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// Refuses the pod.
    Enforce,
    /// Notes it in the audit log.
    Audit,
    /// Accepts with a warning.
    Warn,
}

impl Mode {
    /// All modes, in the order in which the admission controller works.
    pub const ALL: [Self; 3] = [Self::Enforce, Self::Audit, Self::Warn];

    /// The word in the label.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Audit => "audit",
            Self::Warn => "warn",
        }
    }
}

/// Where the level of a mode comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Origin {
    /// The cluster: nobody says anything here.
    #[default]
    Default,
    /// A label of the namespace; a bad one too.
    Label(Site),
    /// Taken over from `enforce`, since nothing is said about warnings.
    FromEnforce(Site),
}

/// Level and version of one mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The level.
    pub level: Level,
    /// The version as asked; what is newer than the checks know counts as the newest.
    pub version: KubeVersion,
    /// Where the level comes from.
    pub origin: Origin,
}

impl Default for Setting {
    /// What a cluster without a configuration of its own does: nothing.
    fn default() -> Self {
        Self { level: Level::Privileged, version: KubeVersion::Latest, origin: Origin::Default }
    }
}

impl Setting {
    fn words(self) -> String {
        format!("{}:{}", self.level.standard(), self.version)
    }
}

/// What a namespace asks for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// For pods.
    pub enforce: Setting,
    /// For pods and workloads.
    pub audit: Setting,
    /// For pods and workloads.
    pub warn: Setting,
    /// Labels that do not say what their writer thought.
    pub problems: Vec<LabelProblem>,
}

impl Policy {
    /// Level and version of a mode.
    pub fn of(&self, mode: Mode) -> Setting {
        match mode {
            Mode::Enforce => self.enforce,
            Mode::Audit => self.audit,
            Mode::Warn => self.warn,
        }
    }
}
