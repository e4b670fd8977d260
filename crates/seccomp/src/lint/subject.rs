use watertight_diagnostic::{FileId, Route};
use watertight_yaml::Node;

use crate::{Reader, Target};

/// In what a profile stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A file of its own.
    File,
    /// `linux.seccomp` of the configuration of a container.
    Config,
    /// The `spec` of a `SeccompProfile` of the Security Profiles Operator.
    Object,
}

/// A profile with who is to read it.
#[derive(Clone, Debug)]
pub struct Subject<'s> {
    /// Which file it is in.
    pub file: FileId,
    /// The text of the file.
    pub text: &'s str,
    /// What it stands in.
    pub form: Form,
    /// The profile.
    pub node: Node<'s>,
    /// Where it stands.
    pub route: Route,
    /// Who reads it.
    pub reader: Reader,
    /// Where.
    pub target: Target<'s>,
}
