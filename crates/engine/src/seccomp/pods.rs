//! The profiles that pods ask for by name.

use watertight_diagnostic::{Location, Settings};
use watertight_pod::effective::{self, Confinement, Origin};
use watertight_pod::{Container, Pod, Syntax};

use super::{Loaded, Place, find, reader, refused_profile, target, unknown_profile, unstartable_profile};
use crate::findings::Found;
use crate::source::Source;

/// A container that asks for a profile of the node.
pub(super) struct Asked<'a> {
    pub(super) container: &'a Container,
    /// The path below the kubelet's folder.
    pub(super) path: &'a str,
    /// The field or the annotation that asks.
    pub(super) location: Location,
}

impl Asked<'_> {
    /// How a finding begins.
    pub(super) fn head(&self) -> String {
        ["Container `", &self.container.name, "` asks for the seccomp profile `", self.path, "`"].concat()
    }
}

/// Where the profile itself stands.
pub(super) fn head(place: &Place<'_>) -> Location {
    let key = place.node.written_entries().next().map_or(place.node.span(), |entry| entry.key.span());
    Location { file: place.source.id, span: key, route: None, label: "the profile".to_owned() }
}

/// What is wrong with the profiles that the pods of a file ask for.
pub(crate) fn findings<'a>(source: &'a Source<'a>, all: &'a [Source<'a>], settings: &Settings) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, pod) in source.objects.pods.iter().enumerate() {
        for container in &pod.containers {
            let Some(asked) = asked(source, pod, container, settings) else { continue };
            let finding = match find(all, asked.path) {
                None => unknown_profile::check(&asked, all),
                Some(place) => {
                    let caps = effective_capabilities(container);
                    let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
                    let target = target(settings, &caps);
                    match place.load(all, reader(settings), &target) {
                        Loaded::Refused(refusal) => Some(refused_profile::check(&asked, &place, &refusal)),
                        Loaded::Filter(filter) => unstartable_profile::check(&asked, &place, &filter, settings),
                        Loaded::Nothing | Loaded::NoBase(_) => None,
                    }
                }
            };
            found.extend(finding.map(|finding| Found { finding, pod: Some(index), object: Some(pod.object) }));
        }
    }
    found
}

fn asked<'a>(source: &Source<'_>, pod: &'a Pod, container: &'a Container, settings: &Settings) -> Option<Asked<'a>> {
    // What a configuration of a runtime holds is looked at where it stands.
    if pod.syntax == Syntax::Oci {
        return None;
    }
    let confinement = effective::seccomp(pod, container, settings.kube_version);
    let Some(Confinement::Localhost(path)) = confinement.value else { return None };
    let span = match confinement.origin {
        Origin::Container(span) | Origin::Pod(span) | Origin::Annotation(span) | Origin::ServiceAccount(span) => span,
        Origin::ApiDefault | Origin::RuntimeDefault => return None,
    };
    let location = Location { file: source.id, span, route: None, label: String::new() };
    Some(Asked { container, path, location })
}

/// What a container has, with `CAP_`. A capability that nobody can tell counts as missing.
fn effective_capabilities(container: &Container) -> Vec<String> {
    let has = |known: &&'static watertight_knowledge::capability::Capability| {
        effective::capability(container, known).value == Some(true)
    };
    let all = watertight_knowledge::capability::all().iter();
    all.filter(has).map(|known| ["CAP_", known.name].concat()).collect()
}
