use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A Kubernetes minor version as the Pod Security admission labels write it: `latest` or `v1.N`.
///
/// The order puts `latest` behind every number. Source: `pod-security-admission/api/helpers.go`, `ParseVersion`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(into = "String", try_from = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = r"^(latest|v1\.(0|[1-9][0-9]*))$")))]
pub enum KubeVersion {
    /// `v1.N`
    Minor(u32),
    /// `latest`: the newest version that the checks know.
    #[default]
    Latest,
}

impl KubeVersion {
    /// The newest minor version that the checks know.
    pub const NEWEST: u32 = 37;

    /// Whether this version is at least `v1.minor`.
    pub fn at_least(self, minor: u32) -> bool {
        self >= Self::Minor(minor)
    }
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minor(minor) => write!(f, "v1.{minor}"),
            Self::Latest => f.write_str("latest"),
        }
    }
}

impl FromStr for KubeVersion {
    type Err = ParseVersionError;

    /// Exactly what the admission labels accept: no patch number, no leading zero, no upper case.
    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        if text == "latest" {
            return Ok(Self::Latest);
        }
        let digits = text.strip_prefix("v1.").ok_or(ParseVersionError)?;
        let plain = digits == "0" || !digits.starts_with('0');
        if digits.is_empty() || !plain || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseVersionError);
        }
        digits.parse().map(Self::Minor).map_err(|_| ParseVersionError)
    }
}

impl From<KubeVersion> for String {
    fn from(version: KubeVersion) -> Self {
        version.to_string()
    }
}

impl TryFrom<String> for KubeVersion {
    type Error = ParseVersionError;

    fn try_from(text: String) -> Result<Self, ParseVersionError> {
        text.parse()
    }
}

/// The text is neither `latest` nor `v1.` and a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseVersionError;

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is \"latest\" or \"v1.\" and a number, such as v1.34")
    }
}

impl std::error::Error for ParseVersionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_labels_accept_it() {
        for good in ["latest", "v1.0", "v1.30", "v1.99"] {
            assert_eq!(good.parse::<KubeVersion>().unwrap().to_string(), good);
        }
        for bad in ["", "1.30", "v1.30.2", "v1.030", "V1.30", "v2.1", "v1.", "v1.-1", "v1.99999999999"] {
            assert!(bad.parse::<KubeVersion>().is_err(), "{bad}");
        }
        assert!(KubeVersion::Latest.at_least(1_000));
    }
}
