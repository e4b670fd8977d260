//! The keys of profiles, as they are usually written.

use std::borrow::Cow;

/// In which mapping a key stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Level {
    Top,
    Entry,
    Arg,
    Gate,
    ArchMap,
}

/// Keys by level: those of OCI, then those that Docker, containers-common and the operator add.
pub(crate) struct Known {
    pub(crate) oci: &'static [&'static str],
    pub(crate) docker: &'static [&'static str],
    pub(crate) common: &'static [&'static str],
    pub(crate) object: &'static [&'static str],
}

impl Level {
    const ALL: [Self; 5] = [Self::Entry, Self::Arg, Self::Gate, Self::Top, Self::ArchMap];

    /// The keys that are known in such a mapping.
    pub(crate) fn known(self) -> Known {
        match self {
            Self::Top => Known {
                oci: &[
                    "defaultAction",
                    "defaultErrnoRet",
                    "architectures",
                    "flags",
                    "listenerPath",
                    "listenerMetadata",
                    "syscalls",
                ],
                docker: &["archMap"],
                common: &["defaultErrno"],
                object: &["baseProfileName", "disabled"],
            },
            Self::Entry => Known {
                oci: &["names", "action", "errnoRet", "args"],
                docker: &["name", "comment", "includes", "excludes"],
                common: &["errno"],
                object: &[],
            },
            Self::Arg => Known { oci: &["index", "value", "valueTwo", "op"], docker: &[], common: &[], object: &[] },
            Self::Gate => Known { oci: &["caps", "arches", "minKernel"], docker: &[], common: &[], object: &[] },
            Self::ArchMap => {
                Known { oci: &["architecture", "subArchitectures"], docker: &[], common: &[], object: &[] }
            }
        }
    }
}

/// All keys that a level has, for whom it was meant to be one of them.
pub(crate) fn names(level: Level) -> impl Iterator<Item = &'static str> {
    let Known { oci, docker, common, object } = level.known();
    oci.iter().chain(docker).chain(common).chain(object).copied()
}

/// A key as a step of a route. Routes are copied for every name in a profile, and a known key costs nothing to copy.
pub(crate) fn step(name: &str) -> Cow<'static, str> {
    let known = Level::ALL.into_iter().flat_map(names).find(|known| *known == name);
    known.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}
