use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What is known of the node that a container runs on. What is not known makes verdicts `unknown`, never better.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSettings {
    /// Who makes the containers. It decides how a seccomp file is read and what `RuntimeDefault` means.
    pub runtime: Runtime,
    /// Version of [`NodeSettings::runtime`]; `None` while nobody has said.
    pub runtime_version: Option<Release>,
    /// Version of the Linux kernel; `None` while nobody has said.
    pub kernel: Option<Release>,
    /// The processor.
    pub arch: NodeArch,
}

/// A program that makes containers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// containerd, as the kubelet uses it.
    #[default]
    Containerd,
    /// CRI-O.
    CriO,
    /// Docker Engine, with its own API or behind `cri-dockerd`.
    Docker,
    /// Podman.
    Podman,
}

impl Runtime {
    /// Every one, in the order that lists show them.
    pub const ALL: [Self; 4] = [Self::Containerd, Self::CriO, Self::Docker, Self::Podman];

    /// As its project writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::CriO => "CRI-O",
            Self::Docker => "Docker",
            Self::Podman => "Podman",
        }
    }

    /// The word used on the command line and in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::CriO => "cri-o",
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }
}

impl FromStr for Runtime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|runtime| runtime.word() == text);
        known.ok_or_else(|| "a runtime is containerd, cri-o, docker or podman".to_owned())
    }
}

/// The processor of a node, by the value of its `kubernetes.io/arch` label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum NodeArch {
    /// x86-64.
    #[default]
    Amd64,
    /// 64-bit Arm.
    Arm64,
    /// 32-bit Arm.
    Arm,
    /// 64-bit POWER, little-endian.
    Ppc64le,
    /// IBM Z.
    S390x,
    /// 64-bit RISC-V.
    Riscv64,
}

impl NodeArch {
    /// Every one, in the order that lists show them.
    pub const ALL: [Self; 6] = [Self::Amd64, Self::Arm64, Self::Arm, Self::Ppc64le, Self::S390x, Self::Riscv64];

    /// The value of the label.
    pub fn word(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
            Self::Arm => "arm",
            Self::Ppc64le => "ppc64le",
            Self::S390x => "s390x",
            Self::Riscv64 => "riscv64",
        }
    }
}

impl FromStr for NodeArch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|arch| arch.word() == text);
        known.ok_or_else(|| "an architecture is amd64, arm64, arm, ppc64le, s390x or riscv64".to_owned())
    }
}

/// The version of a program or a kernel: `major.minor.patch`, written with two or three numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(into = "String", try_from = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = r"^[0-9]+\.[0-9]+(\.[0-9]+)?$")))]
pub struct Release {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number; 0 where none is written.
    pub patch: u32,
}

impl Release {
    /// A version of two numbers.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor, patch: 0 }
    }

    /// A version of three numbers.
    pub const fn patch(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patch {
            0 => write!(f, "{}.{}", self.major, self.minor),
            patch => write!(f, "{}.{}.{patch}", self.major, self.minor),
        }
    }
}

impl FromStr for Release {
    type Err = String;

    /// Numbers only: what a distribution appends decides about fixes that cannot be read off the number, and is read
    /// elsewhere.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a version is two or three numbers with dots, such as 6.8 or 1.7.27".to_owned();
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.').map(|part| {
            let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<u32>().ok()).flatten().ok_or_else(wrong)
        });
        let major = numbers.next().ok_or_else(wrong)??;
        let minor = numbers.next().ok_or_else(wrong)??;
        let patch = numbers.next().transpose()?.unwrap_or(0);
        if numbers.next().is_some() { Err(wrong()) } else { Ok(Self { major, minor, patch }) }
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
    }
}

impl TryFrom<String> for Release {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases() {
        for (written, read) in [("6.8", "6.8"), ("v1.7.27", "1.7.27"), ("5.15.0", "5.15")] {
            assert_eq!(written.parse::<Release>().unwrap().to_string(), read);
        }
        for bad in ["", "6", "6.", ".8", "6.8.1.2", "6.8-custom", "six.eight", "6.99999999999"] {
            assert!(bad.parse::<Release>().is_err(), "{bad}");
        }
        assert!(Release::new(6, 10) > Release::patch(6, 9, 12));
    }

    #[test]
    fn words_are_read_back() {
        assert!(Runtime::ALL.iter().all(|runtime| runtime.word().parse() == Ok(*runtime)));
        assert!(NodeArch::ALL.iter().all(|arch| arch.word().parse() == Ok(*arch)));
    }
}
