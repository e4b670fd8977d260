//! What a capability or a folder of the node opens to a container that has nothing else, and what would stop it: for
//! learning, and for trying it in a sample pod.

use serde::{Deserialize, Serialize};

use super::escape::{Layer, Outcome, Truth};
use crate::Severity;

/// Version of this shape. It grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ExploreAsk {
    /// A capability, such as `SYS_ADMIN`, or a path of the node, such as `/run/docker.sock`.
    pub what: String,
    /// Whether the folder may be written; of no meaning for a capability.
    pub writable: bool,
    /// The sample pod as it is now; empty when there is none yet.
    pub sample: String,
}

/// The answer.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explored {
    /// [`VERSION`].
    pub v: u32,
    /// Every capability.
    pub capabilities: Vec<String>,
    /// Paths of the node of which much is known.
    pub paths: Vec<String>,
    /// What was asked for, in its one spelling; empty when that is nothing.
    pub title: String,
    /// Why the question is none, as a sentence; else empty.
    pub problem: String,
    /// What it opens, as a sentence.
    pub opens: String,
    /// How bad it is by itself.
    pub danger: Option<Severity>,
    /// Who gives it without being asked, and whom the Pod Security Standards let ask for it, as sentences; empty for a path.
    pub given: String,
    /// What ordinary work needs it for, as a sentence.
    pub needed_for: String,
    /// What does the same with less, as sentences.
    pub instead: String,
    /// The ways out that it opens, alone or with something else: first what is open, the worst first.
    pub ways: Vec<ExploredWay>,
    /// What would stop them, one layer at a time.
    pub layers: Vec<ExploredLayer>,
    /// The sample pod, and what a press of the button makes of it; `None` when there is nothing to put in.
    pub sample: Option<Sample>,
}

/// A way out, in a container of root that has nothing but what was asked for, and no profile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExploredWay {
    /// Its stable id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it wins.
    pub outcome: Outcome,
    /// Whether a bug or a second foothold has to come in addition.
    pub by_bug: bool,
    /// Whether it is open with this alone.
    pub open: Truth,
    /// What else it takes, or what is not known, each the end of a sentence after "because".
    pub because: Vec<String>,
}

/// A layer, put in place alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExploredLayer {
    /// Which.
    pub layer: Layer,
    /// What it is, such as "A user namespace".
    pub name: String,
    /// How it is put in place, such as `hostUsers: false`.
    pub how: String,
    /// Indices into [`Explored::ways`]: those that are open or may be without it, and closed with it.
    pub stops: Vec<usize>,
}

/// A pod to try things on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Whether what was asked for is in it.
    pub has: bool,
    /// Its text with what was asked for put in, or taken out when it is in it.
    pub text: String,
    /// Why it stays as it is, as a sentence; else empty.
    pub refused: String,
}
