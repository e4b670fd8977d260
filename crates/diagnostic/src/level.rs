use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How strict a target is. The first three are the levels of the Pod Security Standards.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is checked.
    Privileged,
    /// The known ways of escalation are closed.
    Baseline,
    /// Current hardening practice, as Kubernetes defines it.
    Restricted,
    /// Our own step beyond: restricted, and a read-only root, limits, no token, a user namespace.
    Hardened,
}

impl Level {
    /// The word used in labels, on the command line and in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
            Self::Hardened => "hardened",
        }
    }

    /// The level of the Pod Security Standards that this target includes.
    #[must_use]
    pub fn standard(self) -> Self {
        self.min(Self::Restricted)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        [Self::Privileged, Self::Baseline, Self::Restricted, Self::Hardened]
            .into_iter()
            .find(|level| level.word() == text)
            .ok_or(UnknownLevel)
    }
}

/// The text names no level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownLevel;

impl fmt::Display for UnknownLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a level is one of privileged, baseline, restricted, hardened")
    }
}

impl std::error::Error for UnknownLevel {}
