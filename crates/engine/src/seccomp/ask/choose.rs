//! The profile that somebody chose, read for the container that they chose.

use watertight_diagnostic::ask::seccomp::{Choices, Chosen, Holder};
use watertight_diagnostic::{Release, Runtime, Settings, listed};
use watertight_knowledge::capability;
use watertight_pod::effective;
use watertight_pod::{Container, Pod};
use watertight_seccomp::{Filter, Reader, defaults};

use super::super::{Loaded, Place, places, target};
use crate::source::Source;

/// What there is to choose from.
pub(super) struct Choosing<'a> {
    sources: &'a [Source<'a>],
    pub(super) settings: &'a Settings,
    places: Vec<Place<'a>>,
    containers: Vec<(&'a Source<'a>, &'a Pod, &'a Container)>,
}

/// A profile, read.
pub(super) struct Read<'c> {
    /// The choice, with what was left open.
    pub(super) chosen: Chosen,
    pub(super) name: String,
    /// Where it stands; nothing for what a runtime brings along.
    pub(super) place: Option<&'c Place<'c>>,
    /// Who reads it.
    pub(super) reader: Reader,
    /// What it comes to: one filter, or several where something is not known, the laxest first. Empty when it is none.
    pub(super) filters: Vec<Filter>,
    pub(super) notes: Vec<String>,
}

impl<'a> Choosing<'a> {
    pub(super) fn new(sources: &'a [Source<'a>], settings: &'a Settings) -> Self {
        let pods = sources.iter().flat_map(|source| source.objects.pods.iter().map(move |pod| (source, pod)));
        let pods = pods.filter(|(_, pod)| !pod.is_windows());
        let containers = pods.flat_map(|(source, pod)| pod.containers.iter().map(move |one| (source, pod, one)));
        Self { sources, settings, places: sources.iter().flat_map(places).collect(), containers: containers.collect() }
    }

    pub(super) fn choices(&self) -> Choices {
        let of_container = |(source, pod, container): &(&Source<'_>, &Pod, &Container)| {
            let owner = source.objects.objects.get(pod.object).map(|object| object.name.as_str());
            let parts = [owner.unwrap_or_default(), &container.name];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
        };
        Choices {
            profiles: self.places.iter().map(name).collect(),
            containers: self.containers.iter().map(of_container).collect(),
        }
    }

    /// The container that was chosen.
    pub(super) fn container(&self, holder: &Holder) -> Option<&'a Container> {
        Some(self.containers.get(holder.container?)?.2)
    }

    /// Reads a profile for a container.
    pub(super) fn read(&self, chosen: &Chosen, holder: &Holder) -> Read<'_> {
        let node = &self.settings.node;
        let place = self.places.get(chosen.profile.unwrap_or_default());
        let (runtime, version) = match (chosen.runtime, place) {
            (None, Some(_)) => (None, None),
            (None, None) => (Some(node.runtime), node.runtime_version),
            (Some(runtime), _) => (Some(runtime), chosen.version.trim().parse::<Release>().ok()),
        };
        let place = place.filter(|_| runtime.is_none());
        let mut read = Read {
            chosen: Chosen {
                profile: place.map(|_| chosen.profile.unwrap_or_default()),
                runtime,
                version: version.map_or_else(String::new, |version| version.to_string()),
            },
            name: String::new(),
            place,
            reader: Reader::of(self.settings.node.runtime),
            filters: Vec::new(),
            notes: Vec::new(),
        };
        let held = self.held(holder, runtime, &mut read.notes);
        match (runtime, place) {
            (Some(runtime), _) => self.read_default(runtime, version, chosen, &held, &mut read),
            (None, Some(place)) => self.read_place(place, &held, &mut read),
            (None, None) => {}
        }
        read.filters.dedup();
        read
    }

    fn read_default(
        &self,
        runtime: Runtime,
        version: Option<Release>,
        chosen: &Chosen,
        held: &[Vec<String>],
        read: &mut Read<'_>,
    ) {
        let version_word = version.map_or_else(String::new, |version| [" ", &version.to_string()].concat());
        read.name = [runtime.name(), &version_word, "'s default profile"].concat();
        if version.is_none() && !chosen.version.trim().is_empty() {
            let note =
                ["`", chosen.version.trim(), "` is no version: it is two or three numbers, such as 1.7 or 1.7.27."];
            read.notes.push(note.concat());
        }
        let editions = defaults::of(runtime, version);
        for edition in &editions {
            read.reader = edition.reader();
            for caps in held.iter().rev() {
                let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
                // None of them is refused, nor taken for nothing.
                read.filters.extend(edition.filter(&target(self.settings, &caps)).ok().flatten());
            }
        }
        if editions.len() > 1 {
            read.notes.push(
                ["It has changed with versions of ", runtime.name(), ", and this one is not known: name it."].concat(),
            );
        }
    }

    fn read_place(&self, place: &Place<'_>, held: &[Vec<String>], read: &mut Read<'_>) {
        read.name = name(place);
        let runtime = self.settings.node.runtime;
        let mut last = None;
        for caps in held.iter().rev() {
            let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
            last =
                Some(place.load(self.sources, Reader::of(self.settings.node.runtime), &target(self.settings, &caps)));
            if let Some(Loaded::Filter(filter)) = &last {
                read.filters.push(filter.clone());
            }
        }
        match last {
            Some(Loaded::Filter(_)) => {
                read.notes.push(["It is read as ", runtime.name(), " reads it."].concat());
                return;
            }
            Some(Loaded::Nothing) => {
                read.notes.push("Every runtime takes this for no filter at all: every call passes.".to_owned());
            }
            Some(Loaded::Refused(refusal)) => {
                let head = [runtime.name(), " refuses it, so that no container starts: "].concat();
                read.notes.push([&head, &refusal.to_string(), "."].concat());
            }
            Some(Loaded::NoBase(base)) => {
                read.notes.push(["It stands on the profile `", &base, "`, which is not among the files."].concat());
            }
            None => {}
        }
        read.filters.clear();
    }

    /// The capabilities that are held for sure, and behind them those that may be held, where that differs; with `CAP_`.
    fn held(&self, holder: &Holder, runtime: Option<Runtime>, notes: &mut Vec<String>) -> Vec<Vec<String>> {
        if let Some(caps) = &holder.caps {
            let words = caps.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty());
            let (mut known, mut unknown) = (Vec::new(), Vec::new());
            for word in words {
                let upper = word.to_ascii_uppercase();
                let plain = upper.strip_prefix("CAP_").unwrap_or(&upper);
                match plain {
                    "ALL" => known.extend(capability::all().iter().map(|one| ["CAP_", one.name].concat())),
                    _ if capability::all().iter().any(|one| one.name == plain) => known.push(["CAP_", plain].concat()),
                    _ => unknown.push(word),
                }
            }
            if !unknown.is_empty() {
                notes.push(["There is no capability ", &listed(&unknown, 4), "."].concat());
            }
            return vec![known];
        }
        let Some(container) = self.container(holder) else {
            let runtime = runtime.unwrap_or(self.settings.node.runtime);
            notes.push(["For a container with the capabilities that ", runtime.name(), " grants by itself."].concat());
            return vec![capability::usual(runtime)];
        };
        let with = |counts: fn(Option<bool>) -> bool| -> Vec<String> {
            let has = |one: &&'static capability::Capability| counts(effective::capability(container, one).value);
            capability::all().iter().filter(has).map(|one| ["CAP_", one.name].concat()).collect()
        };
        let (sure, most) = (with(|held| held == Some(true)), with(|held| held != Some(false)));
        if most == sure { vec![sure] } else { vec![sure, most] }
    }
}

fn name(place: &Place<'_>) -> String {
    let file = place.source.input.name;
    place.name.map_or_else(|| file.to_owned(), |name| [name, " in ", file].concat())
}
