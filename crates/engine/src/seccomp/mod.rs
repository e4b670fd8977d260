//! Seccomp in the report: which texts are profiles, what is found in them, and which of them a pod asks for.

mod ask;
mod permissive_profile;
mod pods;
mod refused_profile;
#[cfg(test)]
mod tests;
mod unknown_profile;
mod unstartable_profile;

use std::borrow::Cow;

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Finding, NodeArch, Route, RuleMeta, Settings};
use watertight_knowledge::capability;
use watertight_pod::{Pod, Syntax};
use watertight_seccomp::lint::{self, Form, Subject, findings as lint};
use watertight_seccomp::{Arch, Filter, Profile, Reader, Refusal, Target, generate, read};
use watertight_text::Span;
use watertight_yaml::{Kind, Node, Stream};

pub use ask::seccomp;
pub(crate) use pods::findings as of_pods;
pub(crate) use unstartable_profile::reason as why_it_does_not_start;

use crate::domain::{ByDocument, Parted};
use crate::source::Source;

/// The rules about pods and their profiles, which need both to be read.
pub(crate) fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    let own = [
        &permissive_profile::PERMISSIVE_PROFILE,
        &refused_profile::REFUSED_PROFILE,
        &unknown_profile::UNKNOWN_PROFILE,
        &unstartable_profile::UNSTARTABLE_PROFILE,
    ];
    lint::rules().chain(own)
}

/// The API group of the Security Profiles Operator.
const GROUP: &str = "security-profiles-operator.x-k8s.io/";

/// A profile where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) form: Form,
    pub(crate) node: Node<'a>,
    pub(crate) route: Route,
    /// The name of the object; nothing for a file, which goes by its own.
    name: Option<&'a str>,
}

/// Whether a text is a profile, of whatever reader.
pub(crate) fn is_profile(stream: &Stream<'_>) -> bool {
    stream.documents.iter().filter_map(|document| document.root()).any(is_file)
}

fn is_file(root: Node<'_>) -> bool {
    if root.kind() != Kind::Mapping || ["kind", "apiVersion", "ociVersion"].iter().any(|key| root.entry(key).is_some())
    {
        return false;
    }
    let is_list_of_calls = |node: Node<'_>| {
        node.items().next().is_none_or(|item| item.kind() == Kind::Mapping && (has(item, "names") || has(item, "name")))
    };
    let calls = root.written_entries().find(|entry| entry.name().eq_ignore_ascii_case("syscalls"));
    has(root, "defaultAction")
        || calls.is_some_and(|entry| entry.value.kind() == Kind::Sequence && is_list_of_calls(entry.value))
        || lint::is_of_seccompiler(root)
}

fn has(node: Node<'_>, key: &str) -> bool {
    node.written_entries().any(|entry| entry.name().eq_ignore_ascii_case(key))
}

/// Every profile of a file that is read.
pub(crate) fn places<'a>(source: &'a Source<'a>) -> Vec<Place<'a>> {
    parted(source).read
}

/// Profiles that are read in the shortest text, and one more for so many bytes of it: the shortest takes as much as one that
/// says what it allows.
const PROFILES: (usize, usize) = (1_000, 500);

fn parted<'a>(source: &'a Source<'a>) -> Parted<Place<'a>> {
    let most = PROFILES.0 + source.input.text.len() / PROFILES.1;
    Parted::within(most, source, written(source), |place| place.route.document)
}

/// Every profile of a file.
fn written<'a>(source: &'a Source<'a>) -> Vec<Place<'a>> {
    match source.kind {
        InputKind::Seccomp => {
            let roots = source.stream.documents.iter().filter_map(|document| Some((document.index, document.root()?)));
            let files = roots.filter(|(_, root)| is_file(*root));
            files
                .map(|(index, node)| Place { source, form: Form::File, node, route: Route::root(index), name: None })
                .collect()
        }
        InputKind::OciConfig => {
            let find = |route: &Route| source.stream.documents.get(route.document)?.at(route);
            let roots = source.stream.documents.iter().map(|document| Route::root(document.index));
            let profiles = roots.map(|root| root.keys("linux.seccomp"));
            profiles
                .filter_map(|route| Some((find(&route).filter(|node| node.kind() == Kind::Mapping)?, route)))
                .map(|(node, route)| Place { source, form: Form::Config, node, route, name: None })
                .collect()
        }
        InputKind::KubernetesYaml | InputKind::KubernetesJson => {
            let objects = source.objects.objects.iter();
            let profiles =
                objects.filter(|object| object.kind == "SeccompProfile" && object.api_version.starts_with(GROUP));
            profiles
                .filter_map(|object| {
                    let route = object.route.key("spec");
                    let node = source.stream.documents.get(route.document)?.at(&route)?;
                    Some(Place { source, form: Form::Object, node, route, name: Some(&object.name) })
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// What is found in the profiles of a file.
pub(crate) fn findings(source: &Source<'_>, settings: &Settings) -> Vec<Finding> {
    let mut all = Vec::new();
    each(source, settings, &mut |_, found| all.extend(found));
    all
}

/// What is found in the profiles that objects of a file stand for.
pub(crate) fn of_objects(source: &Source<'_>, settings: &Settings, found: &mut ByDocument<'_>) {
    each(source, settings, &mut |document, of_profile| found.add(document, of_profile));
}

/// What is found in each profile of a file, with its document.
fn each(source: &Source<'_>, settings: &Settings, take: &mut dyn FnMut(usize, Vec<Finding>)) {
    let caps = capability::usual(settings.node.runtime);
    let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
    let parted = parted(source);
    for (place, finding) in parted.unread(&pods::head) {
        take(place.route.document, vec![finding]);
    }
    for Place { form, node, route, .. } in parted.read {
        // The operator writes plain OCI on the node, and a configuration is plain OCI already.
        let reader = if form == Form::File { Reader::of(settings.node.runtime) } else { Reader::Oci };
        let document = route.document;
        let (file, text, target) = (source.id, source.input.text, target(settings, &caps));
        take(document, lint(&Subject { file, text, form, node, route, reader, target }));
    }
}

/// The node of the settings, for a container with these capabilities.
pub(crate) fn target<'c>(settings: &Settings, caps: &'c [&'c str]) -> Target<'c> {
    let kernel = settings.node.kernel.map_or(Target::USUAL_KERNEL, |kernel| (kernel.major, kernel.minor));
    Target { arch: arch(settings.node.arch), caps, kernel }
}

/// The native ABI of a processor.
pub(crate) fn arch(arch: NodeArch) -> Arch {
    match arch {
        NodeArch::Amd64 => Arch::X86_64,
        NodeArch::Arm64 => Arch::Aarch64,
        NodeArch::Arm => Arch::Arm,
        NodeArch::Ppc64le => Arch::Ppc64le,
        NodeArch::S390x => Arch::S390x,
        NodeArch::Riscv64 => Arch::Riscv64,
    }
}

/// The profile that a pod means by a path below the kubelet's folder.
pub(crate) fn find<'a>(all: &'a [Source<'a>], path: &str) -> Option<Place<'a>> {
    let wanted = last(path);
    all.iter().flat_map(places).find(|place| place.file_name().is_some_and(|name| name == wanted))
}

/// The profile that a container asks for by `path`, which `span` says. In a runtime's configuration it stands beside the
/// container itself.
pub(crate) fn asked<'a>(all: &'a [Source<'a>], pod: &Pod, path: &str, span: Option<Span>) -> Option<Place<'a>> {
    if pod.syntax != Syntax::Oci {
        return find(all, path);
    }
    let mut places = all.iter().flat_map(places).filter(|place| place.form == Form::Config);
    let first = places.next()?;
    let others: Vec<Place<'_>> = places.collect();
    if others.is_empty() {
        return Some(first);
    }
    // A text with a fix tried on it is none of the files, so that its place in one of them is all there is to go by.
    let is_there = |place: &&Place<'_>| {
        span.is_some_and(|span| span.contains(place.node.span()) && span.end == place.node.span().end)
    };
    let there: Vec<&Place<'_>> = std::iter::once(&first).chain(&others).filter(is_there).collect();
    let same = |one: &Place<'_>, other: &Place<'_>| {
        one.node.span().slice(one.source.input.text) == other.node.span().slice(other.source.input.text)
    };
    let (found, rest) = there.split_first()?;
    rest.iter().all(|other| same(found, other)).then(|| (*found).clone())
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// What became of a profile on its way to the kernel.
#[derive(Clone, Debug)]
pub(crate) enum Loaded {
    /// The runtime takes it for no filter.
    Nothing,
    Filter(Filter),
    Refused(Refusal),
    /// The base profile of this name is not among the files.
    NoBase(String),
}

/// Base profiles that stand on each other, as the operator follows them.
const MOST_BASES: usize = 15;

impl<'a> Place<'a> {
    /// The name of the file that a pod means it by: that of a file is the end of its path, and for an object it is the file
    /// that the operator writes.
    fn file_name(&self) -> Option<Cow<'a, str>> {
        match self.form {
            Form::File => Some(last(self.source.input.name).into()),
            Form::Object => Some([self.name?, ".json"].concat().into()),
            Form::Config => None,
        }
    }

    /// The profile as it is written.
    pub(crate) fn profile(&self) -> Profile {
        read::read(self.node, &self.route).0
    }

    /// What the runtime hands to libseccomp. Base profiles of the operator are looked for among all files.
    pub(crate) fn load(&self, all: &'a [Source<'a>], reader: Reader, target: &Target<'_>) -> Loaded {
        let reader = if self.form == Form::File { reader } else { Reader::Oci };
        let (profile, faults) = read::read(self.node, &self.route);
        if let Some(fault) = faults.first() {
            return Loaded::Refused(Refusal::Type(fault.expected));
        }
        let mut filter = match profile.as_read_by(reader, target) {
            Ok(Some(filter)) => filter,
            Ok(None) => return Loaded::Nothing,
            Err(refusal) => return Loaded::Refused(refusal),
        };
        let mut next = self.base();
        for _ in 0..MOST_BASES {
            let Some(name) = next else { break };
            let base = all.iter().flat_map(places).find(|place| place.name == Some(name));
            let Some(base) = base else { return Loaded::NoBase(name.to_owned()) };
            match base.profile().as_read_by(reader, target) {
                // The laxer of two answers to a call counts, and the default is that of the profile itself.
                Ok(Some(other)) => {
                    let other = Filter { default_action: filter.default_action, ..other };
                    filter = generate::merge(&filter, &other).draft.filter(true);
                }
                Ok(None) => {}
                Err(refusal) => return Loaded::Refused(refusal),
            }
            next = base.base();
        }
        Loaded::Filter(filter)
    }

    fn base(&self) -> Option<&'a str> {
        let name = self.node.get("baseProfileName").and_then(Node::as_str)?;
        (self.form == Form::Object && !name.is_empty()).then_some(name)
    }
}
