//! The profiles that pods ask for by name.

use watertight_diagnostic::{Location, Settings};
use watertight_pod::effective::{self, Confinement, Origin};
use watertight_text::Span;

use super::{Named, find, unenforced_profile, unknown_profile, unloadable_profile};
use crate::findings::Found;
use crate::source::Source;

/// A container that asks for a profile of the node.
pub(super) struct Asked<'a> {
    pub(super) container: &'a str,
    /// The profile's name.
    pub(super) name: &'a str,
    /// The field or the annotation that asks.
    pub(super) location: Location,
    /// The profile, when one of the files holds it.
    pub(super) named: Option<Named<'a>>,
}

/// What is wrong with the profiles that the pods of a file ask for.
pub(crate) fn findings<'a>(source: &'a Source<'a>, all: &'a [Source<'a>], settings: &Settings) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, pod) in source.objects.pods.iter().enumerate() {
        for container in &pod.containers {
            let confinement = effective::apparmor(pod, container, settings.kube_version);
            let (Some(Confinement::Localhost(name)), Some(span)) = (confinement.value, place(confinement.origin))
            else {
                continue;
            };
            let location = Location { file: source.id, span, route: None, label: String::new() };
            let asked = Asked { container: &container.name, name, location, named: find(all, name) };
            let finding = unknown_profile::check(&asked, all)
                .or_else(|| unloadable_profile::check(&asked))
                .or_else(|| unenforced_profile::check(&asked));
            found.extend(finding.map(|finding| Found { finding, pod: Some(index), object: Some(pod.object) }));
        }
    }
    found
}

fn place(origin: Origin) -> Option<Span> {
    match origin {
        Origin::Container(span) | Origin::Pod(span) | Origin::Annotation(span) | Origin::ServiceAccount(span) => {
            Some(span)
        }
        Origin::ApiDefault | Origin::RuntimeDefault => None,
    }
}
