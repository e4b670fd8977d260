//! Files that are no Kubernetes objects: profiles, rules and events, each read by the analyser of its kind.
//!
//! What joins an analyser to the report stands in a module of its name beside this one; here is only who is asked.

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Finding, Settings};
use watertight_yaml::Stream;

use crate::apparmor;
use crate::falco;
use crate::findings::Found;
use crate::seccomp;
use crate::source::Source;

/// Which analyser a text in YAML or JSON is for; `None` when it is for none of them.
pub(crate) fn kind(text: &str, stream: &Stream<'_>) -> Option<InputKind> {
    if seccomp::is_profile(stream) {
        return Some(InputKind::Seccomp);
    }
    if falco::is_rules(text, stream) {
        return Some(InputKind::FalcoRules);
    }
    None
}

/// What the analyser of a file's kind says of it. The other files are there for what refers to them.
pub(crate) fn findings(source: &Source<'_>, all: &[Source<'_>], settings: &Settings) -> Vec<Finding> {
    debug_assert!(!matches!(source.kind, InputKind::KubernetesYaml | InputKind::KubernetesJson));
    match source.kind {
        InputKind::Seccomp => seccomp::findings(source, settings),
        InputKind::AppArmor => apparmor::of_file(source, all),
        InputKind::FalcoRules => falco::findings(source, all),
        InputKind::FalcoEvents => falco::of_events(source),
        _ => Vec::new(),
    }
}

/// What the analysers say of Kubernetes objects of their own kinds, document by document.
pub(crate) fn of_objects(
    source: &Source<'_>,
    all: &[Source<'_>],
    settings: &Settings,
    tell: &mut dyn FnMut(Vec<Finding>),
) {
    let mut found = ByDocument { tell, document: 0, found: Vec::new() };
    apparmor::of_objects(source, all, &mut found);
    seccomp::of_objects(source, settings, &mut found);
    found.hand_on();
}

/// Hands on what is found in one document after another. Thousands of objects have hundreds of thousands of findings, which
/// need not be there at once; only within a document may two of them share text through an anchor, and with it a fault.
pub(crate) struct ByDocument<'t> {
    tell: &'t mut dyn FnMut(Vec<Finding>),
    document: usize,
    found: Vec<Finding>,
}

impl ByDocument<'_> {
    /// Takes what is found in a document.
    pub(crate) fn add(&mut self, document: usize, found: impl IntoIterator<Item = Finding>) {
        if document != self.document {
            self.hand_on();
            self.document = document;
        }
        self.found.extend(found);
    }

    fn hand_on(&mut self) {
        if !self.found.is_empty() {
            (self.tell)(std::mem::take(&mut self.found));
        }
    }
}

/// What the analysers say of parts of a container's own configuration.
pub(crate) fn of_config(source: &Source<'_>, settings: &Settings) -> Vec<Finding> {
    seccomp::findings(source, settings)
}

/// What the analysers say of the profiles that the pods of a file ask for.
pub(crate) fn of_pods<'a>(source: &'a Source<'a>, all: &'a [Source<'a>], settings: &Settings) -> Vec<Found> {
    let mut found = apparmor::of_pods(source, all, settings);
    found.extend(seccomp::of_pods(source, all, settings));
    found
}
