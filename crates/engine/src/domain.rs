//! Files that are no Kubernetes objects: profiles, rules and events, each read by the analyser of its kind.
//!
//! What joins an analyser to the report stands in a module of its name beside this one; here is only who is asked.

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Finding, Settings};
use watertight_yaml::Stream;

use crate::source::Source;

/// Which analyser a text is for; `None` when it is for none of them.
///
/// The tree is that of the YAML reader, which reads JSON too. Texts that are neither have to be told by their words.
pub(crate) fn kind(_text: &str, _stream: &Stream<'_>) -> Option<InputKind> {
    None
}

/// What the analyser of a file's kind says of it. The other files are there for what refers to them.
pub(crate) fn findings(source: &Source<'_>, _all: &[Source<'_>], _settings: &Settings) -> Vec<Finding> {
    debug_assert!(!matches!(source.kind, InputKind::KubernetesYaml | InputKind::KubernetesJson));
    Vec::new()
}
