//! The profiles that pods ask for by name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use watertight_diagnostic::{Finding, Location, Settings};
use watertight_pod::effective::{self, Confinement, Origin};
use watertight_pod::{Container, Pod, Syntax};
use watertight_seccomp::Reader;
use watertight_seccomp::lint::Form;
use watertight_text::shortened;
use watertight_yaml::{Problem, ProblemKind};

use super::{
    Loaded, Place, last, parted, permissive_profile, refused_profile, target, unknown_profile, unstartable_profile,
};
use crate::findings::Found;
use crate::source::Source;

/// How much of a name is told, in bytes: no sentence is longer.
const SHOWN: usize = 2_000;

/// Bytes of profiles that are loaded for the containers of the shortest text, and more for each byte of it.
const LOADED: (usize, usize) = (4_000_000, 4);

/// Loaded profiles that are kept at once.
const KEPT: usize = 32;

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
        let [name, path] = [self.container.name.as_str(), self.path].map(|text| shortened(text, SHOWN));
        ["Container `", &name, "` asks for the seccomp profile `", &path, "`"].concat()
    }
}

/// Where the profile itself stands.
pub(super) fn head(place: &Place<'_>) -> Location {
    let key = place.node.written_entries().next().map_or(place.node.span(), |entry| entry.key.span());
    Location { file: place.source.id, span: key, route: None, label: "the profile".to_owned() }
}

/// The profiles of all files, by what pods mean them by.
struct Known<'a> {
    all: &'a [Source<'a>],
    places: Vec<Place<'a>>,
    /// By the name of the file.
    by_name: HashMap<Cow<'a, str>, usize>,
    /// The first ones, as they are told; none where one may be meant that is not read.
    names: Vec<String>,
    /// Those that were loaded, by the capabilities for which.
    loaded: HashMap<(usize, Vec<String>), Rc<Loaded>>,
    /// Bytes of profiles that may still be loaded: each container may have other capabilities.
    left: usize,
}

impl<'a> Known<'a> {
    fn of(all: &'a [Source<'a>]) -> Self {
        let (mut places, mut is_whole) = (Vec::new(), true);
        for source in all {
            let parted = parted(source);
            is_whole &= parted.is_whole();
            places.extend(parted.read);
        }
        let mut by_name = HashMap::new();
        for (at, place) in places.iter().enumerate() {
            if let Some(name) = place.file_name() {
                by_name.entry(name).or_insert(at);
            }
        }
        let names = places.iter().filter_map(told_name).take(unknown_profile::SHOWN).filter(|_| is_whole);
        let names = names.map(|name| shortened(&name, SHOWN).into_owned()).collect();
        let bytes: usize = all.iter().map(|source| source.input.text.len()).sum();
        Self { all, places, by_name, names, loaded: HashMap::new(), left: LOADED.0 + LOADED.1 * bytes }
    }

    fn find(&self, path: &str) -> Option<(usize, &Place<'a>)> {
        let at = *self.by_name.get(last(path))?;
        Some((at, self.places.get(at)?))
    }

    /// What becomes of a profile for such a container; `None` when too much was loaded already.
    fn load(&mut self, at: usize, container: &Container, settings: &Settings) -> Option<Rc<Loaded>> {
        let place = self.places.get(at)?;
        let caps = effective_capabilities(container);
        if let Some(known) = self.loaded.get(&(at, caps.clone())) {
            return Some(Rc::clone(known));
        }
        self.left = self.left.checked_sub(place.node.content().span().len())?;
        let names: Vec<&str> = caps.iter().map(String::as_str).collect();
        let loaded = Rc::new(place.load(self.all, Reader::of(settings.node.runtime), &target(settings, &names)));
        // A filter is large, and few files hold containers of many kinds.
        if self.loaded.len() >= KEPT {
            self.loaded.clear();
        }
        self.loaded.insert((at, caps), Rc::clone(&loaded));
        Some(loaded)
    }
}

/// How a profile is told of.
fn told_name(place: &Place<'_>) -> Option<String> {
    match (place.form, place.name) {
        (Form::File, _) => Some(place.source.input.name.to_owned()),
        (Form::Object, Some(name)) => Some([name, ".json"].concat()),
        _ => None,
    }
}

/// What is wrong with the profiles that the pods of a file ask for.
pub(crate) fn findings<'a>(source: &'a Source<'a>, all: &'a [Source<'a>], settings: &Settings) -> Vec<Found> {
    let mut found = Vec::new();
    let mut known: Option<Known<'a>> = None;
    for (index, pod) in source.objects.pods.iter().enumerate() {
        for container in &pod.containers {
            let Some(asked) = asked(source, pod, container, settings) else { continue };
            let known = known.get_or_insert_with(|| Known::of(all));
            let finding = check(&asked, known, settings);
            found.extend(finding.map(|finding| Found { finding, pod: Some(index), object: Some(pod.object) }));
        }
    }
    found
}

fn check(asked: &Asked<'_>, known: &mut Known<'_>, settings: &Settings) -> Option<Finding> {
    let Some((at, place)) = known.find(asked.path) else { return unknown_profile::check(asked, &known.names) };
    let place = place.clone();
    let Some(loaded) = known.load(at, asked.container, settings) else { return Some(not_tried(asked)) };
    match &*loaded {
        Loaded::Refused(refusal) => Some(refused_profile::check(asked, &place, refusal)),
        Loaded::Filter(filter) => unstartable_profile::check(asked, &place, filter, settings)
            .or_else(|| permissive_profile::check(asked, &place, filter, settings)),
        Loaded::Nothing | Loaded::NoBase(_) => None,
    }
}

/// What is said of a container behind very many whose profiles were tried.
fn not_tried(asked: &Asked<'_>) -> Finding {
    let message = [&asked.head(), ", and that was not tried: there is too much of it to try."].concat();
    let problem = Problem { kind: ProblemKind::Limit, span: asked.location.span, related: None, route: None, message };
    watertight_rules::reading::from_yaml(&problem, None, asked.location.file)
        .why("Each container has capabilities of its own, and what the profile does may depend on them.")
        .how("Look at fewer containers at once.")
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
