//! Pods that other kinds spread over fields of their own: the templates of Argo workflows, the tasks of Tekton.
//!
//! Sources: `workflow/controller/workflowpod.go` of argoproj/argo-workflows (`createWorkflowPod`, `addSchedulingConstraints`,
//! `addVolumeReferences`, `processPodSpecPatch`), `mergedTemplateDefaultsInto` beside it, and `workflow_types.go`,
//! `container_set_template_types.go`; `pkg/pod/pod.go`, `pkg/apis/pipeline/pod/template.go` and, in
//! `pkg/apis/pipeline/v1`, `container_types.go`, `merge.go` and `pipelinerun_types.go` (`GetTaskRunSpec`) of tektoncd/pipeline.

use std::sync::Arc;

use watertight_diagnostic::{Route, Step};
use watertight_yaml::Node;

mod containers;
mod elsewhere;
mod levels;
mod patch;
mod shape;
mod substitute;

use self::containers::{Containers, INHERITED};
pub(crate) use self::elsewhere::{Reference, manifest, reference};
pub(crate) use self::levels::Levels;
use self::patch::Patch;
pub(crate) use self::shape::{Around, Family, Shape};
use crate::budget::Budget;
use crate::check::{self, Findings};
use crate::pod::{self, Place};
use crate::schema;
use crate::{ContainerList, Field, Pod};

/// Where the fields of a pod stand that its kind has spread over several places.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Whether only the shape says that this is a pod, and not the kind.
    pub likely: bool,
    /// The places that fields of the pod come from, the one that counts first, with the names of these fields.
    places: Vec<(Route, &'static str)>,
    /// Fields that stand in a later place although an earlier one could hold them.
    moved: Vec<(&'static str, Route)>,
    /// Where mounts stand that a container has from elsewhere: their indices begin at [`INHERITED`].
    mounts: Vec<Route>,
    /// Which keys hold its containers.
    family: Family,
    /// What its containers call `resources`.
    resources: &'static str,
    /// [`Frame::place_of`], named here so that who reads no such pod does not hold it.
    place: PlaceOf,
}

type PlaceOf = fn(&Frame, &Pod, &Route) -> Option<Route>;

/// What is needed to read such a pod.
pub(crate) struct Reading<'r, 'd> {
    pub(crate) shape: Shape,
    pub(crate) place: Place<'d>,
    pub(crate) object: &'r Route,
    pub(crate) api_version: &'r str,
    pub(crate) around: &'r [Around<'d>],
    pub(crate) levels: &'r mut Levels,
    pub(crate) budget: &'r mut Budget,
    pub(crate) findings: &'r mut Findings,
}

impl Reading<'_, '_> {
    /// Reads the pod as its controller makes it. What stands around it (`object`, `carrier`) is left to the caller.
    pub(crate) fn pod(self) -> Pod {
        let Self { shape, place, object, api_version, around, levels, budget, findings } = self;
        let (text, spec, route) = (place.text, place.spec, place.route.clone());
        levels.read(around, object, text, budget, findings);
        let own = pod::read(place, budget);
        check_fields(spec, &route, shape.family.own_fields(), findings);
        let mut pod = Pod {
            metadata: own.metadata.clone(),
            route: route.clone(),
            span: own.span,
            head: own.head,
            resources: crate::Resources::default(),
            ..Pod::default()
        };
        let resources = match shape.family {
            Family::Tekton if !api_version.ends_with("beta1") => "computeResources",
            _ => "resources",
        };
        let mut frame = Frame {
            likely: shape.likely,
            places: Vec::new(),
            moved: Vec::new(),
            mounts: Vec::new(),
            family: shape.family,
            resources,
            place: Frame::place_of,
        };
        take_fields(&mut pod, &own, shape.family.own_fields(), &route, &mut frame);
        pod.containers = own.containers;
        pod.containers.retain(|container| shape.family == Family::Argo && container.list == ContainerList::Init);
        pod.volumes = own.volumes;
        let (out, mounts) = (&mut pod.containers, &mut frame.mounts);
        let mut reader = Containers { text, resources, budget, findings, out, mounts };
        let defaults = around.iter().zip(&levels.0).find(|(around, _)| around.is_default);
        let defaults = defaults.map(|(around, level)| (around.node, &level.route));
        match shape.family {
            Family::Argo => reader.argo(spec, &route, defaults.filter(|(_, defaults)| **defaults != route)),
            Family::Tekton => reader.tekton(spec, &route),
            Family::StepAction => reader.read(spec, route.clone(), None),
        }
        for level in &levels.0 {
            level.give(&mut pod, &mut frame);
        }
        if shape.family != Family::Argo {
            substitute::hide(&mut pod);
        }
        pod.unreadable = std::mem::take(&mut findings.unreadable);
        let unreadable = levels.0.iter().flat_map(|level| level.unreadable_of(&pod, &frame)).collect::<Vec<_>>();
        pod.unreadable.extend(unreadable);
        pod.frame = Some(frame);
        if shape.family == Family::Argo {
            let own = Patch::of(spec).map(|patch| (patch, route.key("podSpecPatch")));
            if let Some((patch, route)) = &own {
                findings.problems.extend(patch.problem(route.clone()));
            }
            let above = levels.0.iter().filter_map(|level| level.patch.as_ref());
            for patch in own.iter().map(|(patch, _)| patch).chain(above) {
                patch.apply(&mut pod);
            }
        }
        pod
    }
}

/// Takes over what a pod does not say yet, of the fields that count in a place.
fn take_fields(pod: &mut Pod, from: &Pod, fields: &'static str, route: &Route, frame: &mut Frame) {
    let is_later = !frame.places.is_empty();
    let mut moved = Vec::new();
    let counts = |name: &str| fields.split_ascii_whitespace().any(|known| known == name);
    macro_rules! take {
        ($($field:ident $name:literal),*) => {$(
            if counts($name) && pod.$field == Field::Absent && from.$field != Field::Absent {
                pod.$field = from.$field.clone();
                moved.push($name);
            }
        )*};
    }
    take!(
        host_network "hostNetwork", host_users "hostUsers", automount_token "automountServiceAccountToken",
        service_account "serviceAccountName", runtime_class "runtimeClassName", host_aliases "hostAliases"
    );
    if counts("securityContext") && pod.security.site.is_none() && from.security.site.is_some() {
        pod.security = from.security.clone();
        moved.push("securityContext");
    }
    if is_later {
        frame.moved.extend(moved.into_iter().map(|name| (name, route.clone())));
    }
    frame.places.push((route.clone(), fields));
}

/// Holds the fields of a pod that count in a place against the schema of pods.
fn check_fields(node: Node<'_>, route: &Route, fields: &str, findings: &mut Findings) {
    for entry in node.written_entries() {
        let name = entry.name();
        if !fields.split_ascii_whitespace().any(|known| known == name) {
            continue;
        }
        if let Some(member) = schema::POD_SPEC.member(&name) {
            check::member(entry, member, &schema::POD_SPEC, route, findings);
        }
    }
}

impl Pod {
    /// Where a field of this pod stands, or would stand, in the text; `route` is that of a pod spec. `None` where the kind
    /// has no such field.
    pub fn place_of(&self, route: &Route) -> Option<Route> {
        match &self.frame {
            Some(frame) => (frame.place)(frame, self, route),
            None => Some(route.clone()),
        }
    }
}

impl Frame {
    fn place_of(&self, pod: &Pod, route: &Route) -> Option<Route> {
        if !pod.route.contains(route) || pod.route == *route {
            return Some(route.clone());
        }
        let outside = route.steps.iter().enumerate().rev().find_map(|(at, step)| match step {
            Step::Index(index) => Some((at, self.mounts.get(index.checked_sub(INHERITED)?)?)),
            Step::Key(_) => None,
        });
        if let Some((at, mount)) = outside {
            return Some(mount.join(route.steps.iter().skip(at + 1).cloned()));
        }
        let below = route.steps.get(pod.route.steps.len()..)?;
        let Some((Step::Key(first), rest)) = below.split_first() else { return Some(route.clone()) };
        if let [Step::Index(_), Step::Key(field), ..] = rest
            && field == "resources"
        {
            let mut renamed = route.clone();
            let at = pod.route.steps.len() + 2;
            if let Some(step) = Arc::make_mut(&mut renamed.steps).get_mut(at) {
                *step = Step::Key(self.resources.into());
            }
            return Some(renamed);
        }
        let moved = self.moved.iter().find(|(name, _)| name == first).map(|(_, place)| place);
        let place = moved.or_else(|| {
            let has = |fields: &&str| fields.split_ascii_whitespace().any(|known| known == first);
            self.places.iter().find(|(_, fields)| has(fields)).map(|(place, _)| place)
        });
        match place {
            Some(place) => Some(place.join(below.iter().cloned())),
            None if first == "metadata" || self.family.holds_containers(first) => Some(route.clone()),
            None => None,
        }
    }
}
