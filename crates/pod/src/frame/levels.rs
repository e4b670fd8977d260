//! Mappings above a pod's containers, and what they give to every pod below.

use std::collections::{HashMap, HashSet};

use watertight_diagnostic::{Route, Step};

use super::{Around, Family, Frame, Patch, check_fields, take_fields};
use crate::budget::Budget;
use crate::check::Findings;
use crate::pod::{self, Place};
use crate::value::{child, pairs_at};
use crate::{Field, Pair, Pod, PodSecurity, Unreadable};

/// What was read of a mapping above: it is the same for all pods below.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) route: Route,
    fields: &'static str,
    pod: Pod,
    annotations: Vec<Pair>,
    volumes: HashMap<String, usize>,
    unreadable: Vec<Unreadable>,
    is_default: bool,
    pub(super) patch: Option<Patch>,
}

/// The levels of the last pod, for the next one beside it.
#[derive(Debug, Default)]
pub(crate) struct Levels(pub(super) Vec<Level>);

impl Levels {
    pub(super) fn read(
        &mut self,
        around: &[Around<'_>],
        object: &Route,
        text: &str,
        budget: &mut Budget,
        findings: &mut Findings,
    ) {
        let route_of = |around: &Around<'_>| object.join(around.steps.iter().cloned());
        let routes: Vec<Route> = around.iter().map(route_of).collect();
        if self.0.iter().map(|level| &level.route).eq(&routes) {
            return;
        }
        self.0.clear();
        for (around, route) in around.iter().zip(routes) {
            if !budget.shallow(around.node) {
                return;
            }
            let before = std::mem::take(&mut findings.unreadable);
            check_fields(around.node, &route, around.fields, findings);
            let unreadable = std::mem::replace(&mut findings.unreadable, before);
            let place = Place {
                text,
                spec: around.node,
                head: around.node.span(),
                metadata: None,
                metadata_route: route.key("metadata"),
                route: route.clone(),
            };
            let mut pod = pod::read(place, budget);
            pod.containers.clear();
            let names = pod.volumes.iter().enumerate();
            let volumes = names.map(|(at, volume)| (volume.name.clone(), at)).collect();
            let metadata = if around.is_default { "metadata" } else { "podMetadata" };
            let annotations = child(around.node, metadata).map(|(node, _)| pairs_at(node, "annotations"));
            let annotations = annotations.unwrap_or_default();
            let patch = Patch::of(around.node);
            let told = patch.as_ref().and_then(|patch| patch.problem(route.key("podSpecPatch")));
            findings.problems.extend(told);
            let (fields, is_default) = (around.fields, around.is_default);
            self.0.push(Level { route, fields, pod, annotations, volumes, unreadable, is_default, patch });
        }
    }
}

impl Level {
    /// What cannot be read here of a pod below, under the routes that it would have in a pod spec. Items of lists, such as
    /// volumes, keep theirs.
    pub(super) fn unreadable_of(&self, pod: &Pod, frame: &Frame) -> Vec<Unreadable> {
        let place = |place: &Unreadable| {
            let below = place.route.steps.get(self.route.steps.len()..)?;
            let Some(Step::Key(first)) = below.first() else { return None };
            if first == "volumes" {
                return Some(place.clone());
            }
            let counts = frame.moved.iter().any(|(name, route)| name == first && *route == self.route);
            counts.then(|| Unreadable { route: pod.route.join(below.iter().cloned()), site: place.site })
        };
        // A large level above many pods would be copied for each of them.
        self.unreadable.iter().take(1_000).filter_map(place).collect()
    }

    /// Gives a pod below what it does not say itself. Of its volumes only those come along that something mounts.
    pub(super) fn give(&self, pod: &mut Pod, frame: &mut Frame) {
        // A bool of Go's that is false is as good as none, so another place can still switch it on.
        if frame.family == Family::Tekton && pod.host_network.is_false() && self.pod.host_network.is_true() {
            pod.host_network = Field::Absent;
        }
        if self.is_default && pod.security.site.is_some() {
            complete(&mut pod.security, &self.pod.security);
        }
        take_fields(pod, &self.pod, self.fields, &self.route, frame);
        let known: HashSet<&str> = pod.metadata.annotations.iter().map(|pair| &*pair.name).collect();
        let more: Vec<Pair> = self.annotations.iter().filter(|pair| !known.contains(&*pair.name)).cloned().collect();
        pod.metadata.annotations.extend(more);
        let mut seen: HashSet<&str> = HashSet::new();
        let own: HashSet<String> = pod.volumes.iter().map(|volume| volume.name.clone()).collect();
        let mounts = pod.containers.iter().flat_map(|container| &container.mounts);
        let mounted = mounts.filter_map(|mount| mount.volume.text()).filter(|name| !own.contains(*name));
        let wanted = mounted.filter(|name| seen.insert(name)).filter_map(|name| self.volumes.get(name));
        let more: Vec<_> = wanted.filter_map(|at| self.pod.volumes.get(*at)).cloned().collect();
        pod.volumes.extend(more);
    }
}

/// Lays what all templates have under the security context of one, field by field.
fn complete(own: &mut PodSecurity, from: &PodSecurity) {
    macro_rules! take {
        ($($field:ident)*) => {$(
            if own.$field == PodSecurity::default().$field {
                own.$field = from.$field.clone();
            }
        )*};
    }
    take!(
        run_as_user run_as_group run_as_non_root fs_group supplemental_groups groups_policy seccomp apparmor selinux sysctls
        windows
    );
}
