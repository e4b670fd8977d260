use serde::{Deserialize, Serialize};

use crate::ask::escape::NodeFacts;
use crate::{KubeVersion, Level, NodeSettings};

/// What the user asks for: the same on the page, on the command line and in the JavaScript package.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The level to judge and to harden to.
    pub level: Level,
    /// The Kubernetes version whose checks apply, unless a Namespace in the input names another.
    pub kube_version: KubeVersion,
    /// Whether hardening may add an `emptyDir` volume on `/tmp` beside a read-only root file system.
    pub writable_tmp: bool,
    /// The node that the containers are to run on.
    pub node: NodeSettings,
    /// What the escape map has to know of it beside that.
    pub facts: NodeFacts,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            level: Level::Restricted,
            kube_version: KubeVersion::Latest,
            writable_tmp: true,
            node: NodeSettings::default(),
            facts: NodeFacts::default(),
        }
    }
}
