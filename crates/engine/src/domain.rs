//! Files that are no Kubernetes objects: profiles, rules and events, each read by the analyser of its kind.
//!
//! What joins an analyser to the report stands in a module of its name beside this one; here is only who is asked.

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Finding, Location, Settings};
use watertight_yaml::{Document, Problem, ProblemKind, Stream};

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

/// Profiles of a file that stand in its documents, those apart that are not read.
pub(crate) struct Parted<P> {
    pub(crate) read: Vec<P>,
    /// Aliases multiply what stands in their documents.
    multiplied: Vec<P>,
    /// The first of those that are too many to be read, and how many more there are.
    beyond: Option<(P, usize)>,
}

impl<P> Parted<P> {
    /// With at most so many that are read.
    pub(crate) fn within(
        most: usize,
        source: &Source<'_>,
        all: impl IntoIterator<Item = P>,
        document: impl Fn(&P) -> usize,
    ) -> Self {
        let mut parted = Self { read: Vec::new(), multiplied: Vec::new(), beyond: None };
        for place in all {
            let multiplies = source.stream.documents.get(document(&place)).is_some_and(Document::multiplies);
            if multiplies {
                parted.multiplied.push(place);
            } else if parted.read.len() < most {
                parted.read.push(place);
            } else if let Some((_, more)) = &mut parted.beyond {
                *more += 1;
            } else {
                parted.beyond = Some((place, 0));
            }
        }
        parted
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.multiplied.is_empty() && self.beyond.is_none()
    }

    /// What is said of those that are not read, each at its place.
    pub(crate) fn unread<'p>(&'p self, place: &'p dyn Fn(&P) -> Location) -> impl Iterator<Item = (&'p P, Finding)> {
        let not_read = |one: &P, message: &str| {
            let message = message.to_owned();
            let Location { span, file, .. } = place(one);
            let problem = Problem { kind: ProblemKind::Limit, span, related: None, route: None, message };
            watertight_rules::reading::from_yaml(&problem, None, file)
        };
        let multiplied = self.multiplied.iter().map(move |one| {
            let finding = not_read(one, "Aliases multiply what stands here; it is not read.");
            let why = "With each alias written out the document would be many times as long as it is.";
            (one, finding.why(why).how("Write out what is meant, or share less of it."))
        });
        let beyond = self.beyond.iter().map(move |(one, more)| {
            let mut finding = not_read(one, "There are too many profiles in this text; this one is not read.");
            finding.more = *more;
            (one, finding.why("Nothing is known of what it allows.").how("Divide the text, and read its parts."))
        });
        multiplied.chain(beyond)
    }
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
