//! The profiles that pods ask for by name.

use std::borrow::Cow;
use std::collections::HashMap;

use watertight_apparmor::Refusal;
use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Location, Settings};
use watertight_pod::effective::{self, Confinement, Origin};
use watertight_text::{Span, shortened};

use super::{Named, parted, profiles, unenforced_profile, unknown_profile, unloadable_profile};
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

/// How much of a name is told, in bytes: no sentence is longer.
const SHOWN: usize = 2_000;

/// The profiles of all files.
struct Known<'a> {
    by_name: HashMap<&'a str, Named<'a>>,
    /// The first names, as they are told; `None` where a profile may be meant that has no name here, or no file was given.
    names: Option<Vec<Cow<'a, str>>>,
}

impl<'a> Known<'a> {
    fn of(all: &'a [Source<'a>]) -> Self {
        let mut by_name = HashMap::new();
        let mut names = Vec::new();
        let mut is_given = all.iter().any(|source| source.kind == InputKind::AppArmor);
        let mut is_whole = true;
        for source in all {
            is_whole &= parted(source).is_whole();
            for profiles in profiles(source, all) {
                is_whole &= profiles.resolved.refusals.iter().all(Refusal::is_the_parsers);
                for profile in profiles.resolved.policy.walk() {
                    is_given = true;
                    is_whole &= profile.is_named();
                    by_name.entry(&*profile.full_name).or_insert(Named { source, profiles, profile });
                    if names.len() < unknown_profile::SHOWN {
                        names.push(shortened(&profile.full_name, SHOWN));
                    }
                }
            }
        }
        Self { by_name, names: Some(names).filter(|_| is_given && is_whole) }
    }
}

/// What is wrong with the profiles that the pods of a file ask for.
pub(crate) fn findings<'a>(source: &'a Source<'a>, all: &'a [Source<'a>], settings: &Settings) -> Vec<Found> {
    let mut found = Vec::new();
    let mut known: Option<Known<'a>> = None;
    for (index, pod) in source.objects.pods.iter().enumerate() {
        for container in &pod.containers {
            let confinement = effective::apparmor(pod, container, settings.kube_version);
            let (Some(Confinement::Localhost(name)), Some(span)) = (confinement.value, place(confinement.origin))
            else {
                continue;
            };
            let location = Location { file: source.id, span, route: None, label: String::new() };
            let known = known.get_or_insert_with(|| Known::of(all));
            let named = known.by_name.get(name).copied();
            let asked = Asked { container: &container.name, name: &shortened(name, SHOWN), location, named };
            let finding = unknown_profile::check(&asked, known.names.as_deref())
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
