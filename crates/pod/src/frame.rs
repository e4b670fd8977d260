//! Pods that other kinds spread over fields of their own: the templates of Argo workflows, the tasks of Tekton.
//!
//! Sources: `workflow/controller/workflowpod.go` of argoproj/argo-workflows (`createWorkflowPod`, `addSchedulingConstraints`,
//! `addVolumeReferences`, `processPodSpecPatch`), `mergedTemplateDefaultsInto` beside it, and `workflow_types.go`,
//! `container_set_template_types.go`; `pkg/pod/pod.go`, `pkg/apis/pipeline/pod/template.go` and, in
//! `pkg/apis/pipeline/v1`, `container_types.go`, `merge.go` and `pipelinerun_types.go` (`GetTaskRunSpec`) of tektoncd/pipeline.

use std::collections::{HashMap, HashSet};

use watertight_diagnostic::{Route, Step};
use watertight_yaml::Node;

use crate::budget::Budget;
use crate::check::{self, Findings};
use crate::pod::{self, Place};
use crate::schema;
use crate::value::{child, is_object, items, mapping, pairs_at};
use crate::{
    Container, ContainerList, ContainerSecurity, Field, Mount, Pair, Pod, PodSecurity, Problem, ProblemKind, Site,
    Unreadable, Versions, container,
};

/// What a mapping that holds containers of a pod under names of its own is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    /// A template of a workflow: `container`, `script` or `containerSet`, with `sidecars`.
    Argo,
    /// A task: `steps`, with `sidecars`.
    Tekton,
    /// A step that tasks refer to: one container, whose fields stand in `spec` itself.
    StepAction,
}

/// A mapping that holds containers, and how sure that is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) family: Family,
    /// Whether only its shape says so, and not its kind.
    pub(crate) likely: bool,
}

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

impl Shape {
    /// What a mapping is; `group` is the API group of the object, `steps` the way from there.
    pub(crate) fn of(node: Node<'_>, group: &str, steps: &[Step]) -> Option<Self> {
        let has = |node: Node<'_>, names: &[&str]| {
            names.iter().any(|name| node.get(name).is_some_and(|value| !value.is_null()))
        };
        let is_argo = group == "argoproj.io";
        let in_template = match steps {
            [.., Step::Key(list), Step::Index(_)] => list == "templates",
            [.., Step::Key(key)] => key == "templateDefaults" || key == "inline",
            _ => false,
        };
        let single = ["container", "script"].into_iter().filter_map(|name| child(node, name));
        let mut single = single.map(|(inner, _)| (has(inner, &["image"]), has(inner, &TELLING)));
        let argo = |likely| Some(Self { family: Family::Argo, likely });
        if is_argo && in_template {
            let holds_set =
                child(node, "containerSet").is_some_and(|(set, _)| items(set, "containers").next().is_some());
            let holds_one = single.any(|(image, telling)| image || telling);
            // The pod of the executor, which creates a resource or reads data, takes them as any other does.
            let is_executor = has(node, &["resource", "data"]);
            let has_beside = || items(node, "sidecars").take(100).filter_map(mapping).any(|item| has(item, &["image"]));
            return if holds_set || holds_one || is_executor && has_beside() { argo(false) } else { None };
        }
        if single.any(|(image, telling)| image && telling) {
            return argo(true);
        }
        let is_tekton = group == "tekton.dev";
        // Of Tekton's kinds only a StepAction has an image there.
        if is_tekton
            && matches!(steps, [Step::Key(key)] if key == "spec")
            && has(node, &["image"])
            && !has(node, &["steps"])
        {
            return Some(Self { family: Family::StepAction, likely: false });
        }
        let default = child(node, "stepTemplate").is_some_and(|(template, _)| has(template, &["image"]));
        let mut steps = items(node, "steps").take(100).filter_map(mapping);
        let is_step = |step: Node<'_>| match is_tekton {
            true => has(step, &["image"]) || default && has(step, &TELLING),
            false => has(step, &["image"]) && has(step, &TELLING),
        };
        steps.any(is_step).then_some(Self { family: Family::Tekton, likely: !is_tekton })
    }
}

/// What only containers have beside an image.
const TELLING: [&str; 9] =
    ["command", "args", "securityContext", "env", "envFrom", "volumeMounts", "source", "script", "imagePullPolicy"];

impl Family {
    /// The keys that the pod is read from, which hold no other pod.
    pub(crate) fn owns(self, key: &str) -> bool {
        let own: &[&str] = match self {
            Self::Argo => {
                &["container", "script", "containerSet", "initContainers", "sidecars", "volumes", "securityContext"]
            }
            Self::Tekton => &["steps", "sidecars", "stepTemplate", "volumes"],
            Self::StepAction => {
                &["args", "command", "env", "image", "script", "securityContext", "volumeMounts", "workingDir"]
            }
        };
        own.contains(&key)
    }

    fn holds_containers(self, key: &str) -> bool {
        self.owns(key) && (self == Self::StepAction || !matches!(key, "volumes" | "securityContext"))
    }

    /// The fields of a pod that the mapping with the containers has.
    fn own_fields(self) -> &'static str {
        match self {
            Self::Argo => {
                "automountServiceAccountToken hostAliases initContainers securityContext serviceAccountName volumes"
            }
            Self::Tekton => "volumes",
            Self::StepAction => "",
        }
    }

    /// The places around a mapping that fields of its pod come from, when `around` is one of the mappings above it. `task` is
    /// the name that a pipeline gives it; `left` is how many nodes may still be looked at.
    pub(crate) fn around<'d>(
        self,
        around: Node<'d>,
        steps: &[Step],
        task: Option<&str>,
        left: &mut usize,
    ) -> Vec<Around<'d>> {
        let below = |keys: &[&'static str]| {
            let mut way = steps.to_vec();
            way.extend(keys.iter().map(|key| Step::Key((*key).into())));
            way
        };
        match self {
            Self::Argo if around.get("templates").is_some() || around.get("templateDefaults").is_some() => {
                let fields =
                    "automountServiceAccountToken hostAliases hostNetwork securityContext serviceAccountName volumes";
                let workflow = Around { node: around, steps: below(&[]), fields, is_default: false };
                let defaults = child(around, "templateDefaults").map(|(node, _)| Around {
                    node,
                    steps: below(&["templateDefaults"]),
                    fields: self.own_fields(),
                    is_default: true,
                });
                defaults.into_iter().chain([workflow]).collect()
            }
            Self::Argo | Self::StepAction => Vec::new(),
            Self::Tekton => {
                let fields = "automountServiceAccountToken hostAliases hostNetwork hostUsers runtimeClassName \
                              securityContext volumes";
                let mut found = Vec::new();
                let mut take = |holder: Node<'d>, steps: &[Step], [account, template]: [&'static str; 2]| {
                    let at =
                        |key: Option<&'static str>| steps.iter().cloned().chain(key.map(|key| Step::Key(key.into())));
                    let is_default = false;
                    if holder.get(template).is_some() || holder.get(account).is_some() {
                        // The old name is none that a pod has, so nothing is taken from there.
                        let fields = if account == "serviceAccountName" { account } else { "" };
                        found.push(Around { node: holder, steps: at(None).collect(), fields, is_default });
                    }
                    if let Some((node, _)) = child(holder, template) {
                        found.push(Around { node, steps: at(Some(template)).collect(), fields, is_default });
                    }
                };
                // What the run says of this task alone comes first.
                for (index, spec) in items(around, "taskRunSpecs").enumerate() {
                    let Some(rest) = left.checked_sub(1).filter(|_| task.is_some()) else { break };
                    *left = rest;
                    if spec.get("pipelineTaskName").and_then(Node::as_str) == task {
                        let mut steps = below(&["taskRunSpecs"]);
                        steps.push(Step::Index(index));
                        take(spec, &steps, ["serviceAccountName", "podTemplate"]);
                        take(spec, &steps, ["taskServiceAccountName", "taskPodTemplate"]);
                    }
                }
                match child(around, "taskRunTemplate") {
                    Some((runs, _)) => take(runs, &below(&["taskRunTemplate"]), ["serviceAccountName", "podTemplate"]),
                    None => take(around, &below(&[]), ["serviceAccountName", "podTemplate"]),
                }
                found
            }
        }
    }
}

/// A mapping above a pod's containers with fields of that pod.
#[derive(Clone, Debug)]
pub(crate) struct Around<'d> {
    node: Node<'d>,
    /// From the object to it.
    steps: Vec<Step>,
    /// The fields that count there.
    fields: &'static str,
    /// Whether it is laid under the mapping with the containers, field by field.
    is_default: bool,
}

/// What was read of a mapping above: it is the same for all pods below.
#[derive(Debug)]
struct Level {
    route: Route,
    fields: &'static str,
    pod: Pod,
    annotations: Vec<Pair>,
    volumes: HashMap<String, usize>,
    unreadable: Vec<Unreadable>,
    is_default: bool,
    patch: Option<Patch>,
}

/// The levels of the last pod, for the next one beside it.
#[derive(Debug, Default)]
pub(crate) struct Levels(Vec<Level>);

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
            substitute(&mut pod);
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

impl Levels {
    fn read(
        &mut self,
        around: &[Around<'_>],
        object: &Route,
        text: &str,
        budget: &mut Budget,
        findings: &mut Findings,
    ) {
        let route_of = |around: &Around<'_>| {
            let mut route = object.clone();
            route.steps.extend(around.steps.iter().cloned());
            route
        };
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
    fn unreadable_of(&self, pod: &Pod, frame: &Frame) -> Vec<Unreadable> {
        let place = |place: &Unreadable| {
            let below = place.route.steps.get(self.route.steps.len()..)?;
            let Some(Step::Key(first)) = below.first() else { return None };
            if first == "volumes" {
                return Some(place.clone());
            }
            let counts = frame.moved.iter().any(|(name, route)| name == first && *route == self.route);
            let mut route = pod.route.clone();
            route.steps.extend(below.iter().cloned());
            counts.then_some(Unreadable { route, site: place.site })
        };
        // A large level above many pods would be copied for each of them.
        self.unreadable.iter().take(1_000).filter_map(place).collect()
    }

    /// Gives a pod below what it does not say itself. Of its volumes only those come along that something mounts.
    fn give(&self, pod: &mut Pod, frame: &mut Frame) {
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

/// Reads containers that stand under names of their own.
struct Containers<'r> {
    text: &'r str,
    resources: &'static str,
    budget: &'r mut Budget,
    findings: &'r mut Findings,
    out: &'r mut Vec<Container>,
    mounts: &'r mut Vec<Route>,
}

/// Fields that such containers have and those of pods do not.
const FOREIGN: [&str; 18] = [
    "computeResources",
    "dependencies",
    "description",
    "displayName",
    "mirrorVolumeMounts",
    "onError",
    "params",
    "ref",
    "results",
    "script",
    "source",
    "stderrConfig",
    "stdoutConfig",
    "timeout",
    "type",
    "value",
    "when",
    "workspaces",
];

impl Containers<'_> {
    fn argo(&mut self, spec: Node<'_>, route: &Route, defaults: Option<(Node<'_>, &Route)>) {
        for name in ["container", "script"] {
            if let Some((node, _)) = child(spec, name) {
                // What all templates have is laid under this one.
                let below = defaults.and_then(|(defaults, route)| Some((child(defaults, name)?.0, route.key(name))));
                let below = below.filter(|(node, _)| self.budget.item(*node));
                let below =
                    below.map(|(node, route)| (node, container::read(self.text, node, ContainerList::Regular, route)));
                self.read(node, route.key(name), below.as_ref());
                // The controller calls it so.
                if let Some(container) = self.out.last_mut().filter(|container| container.name.is_empty()) {
                    "main".clone_into(&mut container.name);
                }
            }
        }
        if let Some((set, _)) = child(spec, "containerSet") {
            let first = self.out.len();
            self.list(set, &route.key("containerSet"), "containers", None);
            // What the set mounts each of its containers gets.
            let shared = container::mounts(set);
            for container in self.out.iter_mut().skip(first).filter(|_| !shared.is_empty()) {
                if self.budget.node(set) {
                    mount_also(container, &shared, &route.keys("containerSet.volumeMounts"), self.mounts);
                }
            }
        }
        let own = self.out.len();
        self.list(spec, route, "sidecars", None);
        let Some((defaults, route)) = defaults else { return };
        let first = self.out.len();
        self.list(defaults, route, "sidecars", None);
        let sidecars = self.out.len();
        self.list(defaults, route, "initContainers", None);
        let added = self.out.split_off(first);
        // Of two with one name the template's is kept, with what all have laid under it.
        let is_init = |container: &Container| container.list == ContainerList::Init;
        let sites = self.out.iter().enumerate().filter(|(at, container)| *at >= own || is_init(container));
        let known: HashMap<(bool, String), usize> =
            sites.map(|(at, container)| ((is_init(container), container.name.clone()), at)).collect();
        for (at, mut container) in added.into_iter().enumerate() {
            let is_init = first + at >= sidecars;
            match known.get(&(is_init, container.name.clone())).and_then(|at| self.out.get_mut(*at)) {
                Some(own) => inherit(own, &container, self.mounts),
                None => {
                    if is_init {
                        container.list = ContainerList::Init;
                    }
                    self.out.push(container);
                }
            }
        }
    }

    fn tekton(&mut self, spec: Node<'_>, route: &Route) {
        let template = child(spec, "stepTemplate").map(|(template, _)| template).filter(|node| self.budget.item(*node));
        let template = template.map(|node| {
            check::object(node, &schema::CONTAINER, &route.key("stepTemplate"), self.findings);
            (node, container::read(self.text, node, ContainerList::Regular, route.key("stepTemplate")))
        });
        self.list(spec, route, "steps", template.as_ref());
        self.list(spec, route, "sidecars", None);
    }

    fn list(&mut self, around: Node<'_>, route: &Route, name: &'static str, template: Option<&(Node<'_>, Container)>) {
        let list = route.key(name);
        for (index, item) in items(around, name).enumerate() {
            // A reference to a step of another object holds no container.
            let is_reference = item.get("ref").is_some();
            if is_object(item) && !item.is_null() && !is_reference {
                self.read(item, list.index(index), template);
            }
        }
    }

    fn read(&mut self, node: Node<'_>, route: Route, template: Option<&(Node<'_>, Container)>) {
        if !self.budget.item(node) {
            return;
        }
        let before = self.findings.problems.len();
        check::object(node, &schema::CONTAINER, &route, self.findings);
        let told = self.findings.problems.split_off(before);
        let is_foreign = |problem: &Problem| {
            problem.route.steps.len() == route.steps.len() + 1
                && matches!(&problem.kind, ProblemKind::UnknownField { name, .. } if FOREIGN.contains(&name.as_str()))
        };
        self.findings.problems.extend(told.into_iter().filter(|problem| !is_foreign(problem)));
        let mut container = container::read(self.text, node, ContainerList::Regular, route);
        if self.resources != "resources" && node.get(self.resources).is_some() {
            container.resources = container::resources(node, self.resources);
        }
        // Each step takes over all of it, as an alias would.
        if let Some((_, template)) = template.filter(|(node, _)| self.budget.node(*node)) {
            inherit(&mut container, template, self.mounts);
        }
        self.out.push(container);
    }
}

/// What a step takes over from the template of all steps.
fn inherit(step: &mut Container, template: &Container, places: &mut Vec<Route>) {
    if step.image == Field::Absent {
        step.image = template.image.clone();
    }
    let (own, from) = (&mut step.security, &template.security);
    macro_rules! take {
        ($($field:ident)*) => {$(
            if own.$field == ContainerSecurity::default().$field {
                own.$field = from.$field.clone();
            }
        )*};
    }
    take!(
        site privileged allow_privilege_escalation read_only_root run_as_user run_as_group run_as_non_root proc_mount
        capabilities capabilities_add capabilities_drop add_in_doubt drop_in_doubt seccomp apparmor selinux windows
    );
    if step.resources.site.is_none() {
        step.resources = template.resources.clone();
    }
    if step.image_pull_policy == Field::Absent {
        step.image_pull_policy = template.image_pull_policy.clone();
    }
    if step.env_from.is_empty() {
        step.env_from = template.env_from.clone();
    }
    step.devices.extend(template.devices.iter().cloned());
    mount_also(step, &template.mounts, &template.route.key("volumeMounts"), places);
    step.env.extend(template.env.iter().cloned());
}

/// The index of the first mount that stands outside of its container. No list is as long.
const INHERITED: usize = usize::MAX / 2;

/// Mounts of a list elsewhere besides the own ones. Where a container says itself what is mounted, its word counts.
fn mount_also(container: &mut Container, mounts: &[Mount], list: &Route, places: &mut Vec<Route>) {
    let own: HashSet<String> =
        container.mounts.iter().filter_map(|mount| mount.path.text()).map(str::to_owned).collect();
    for mount in mounts.iter().filter(|mount| mount.path.text().is_none_or(|path| !own.contains(path))) {
        let index = INHERITED + places.len();
        places.push(list.index(mount.index));
        container.mounts.push(Mount { index, ..mount.clone() });
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

/// Whether Tekton puts something into a text: `$(params.path)`.
fn is_substituted(text: &str) -> bool {
    text.contains("$(")
}

/// Texts into which Tekton puts something say nothing yet.
///
/// Source: `pkg/substitution/substitution.go` of tektoncd/pipeline.
fn substitute(pod: &mut Pod) {
    let hide = |field: &mut Field<String>| {
        if let Field::Set(text, site) = field
            && is_substituted(text)
        {
            *field = Field::Unreadable(*site);
        }
    };
    hide(&mut pod.service_account);
    hide(&mut pod.runtime_class);
    for container in &mut pod.containers {
        hide(&mut container.image);
    }
    for volume in &mut pod.volumes {
        if let Field::Set(path, _) = &mut volume.host_path {
            hide(&mut path.path);
        }
    }
}

/// A text that is laid over the pod when it is made, of which only is read what it names.
///
/// Source: `processPodSpecPatch` in `workflow/controller/workflowpod.go` of argoproj/argo-workflows.
#[derive(Clone, Debug)]
struct Patch {
    site: Site,
    /// Fields of a pod that it names, of those that touch isolation.
    names: Vec<&'static str>,
}

/// Fields of pods and containers that decide how far a container is held.
const DECIDING: [&str; 14] = [
    "automountServiceAccountToken",
    "ephemeralContainers",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "initContainers",
    "runtimeClassName",
    "securityContext",
    "serviceAccountName",
    "shareProcessNamespace",
    "volumeDevices",
    "volumeMounts",
    "volumes",
];

impl Patch {
    /// The patch in a mapping; `None` where there is none, or none that touches isolation.
    fn of(node: Node<'_>) -> Option<Self> {
        let entry = node.entry("podSpecPatch").filter(|entry| !entry.value.is_null())?;
        let site = Site { key: Some(entry.key.span()), value: entry.value.span() };
        let text = entry.value.written().unwrap_or_default();
        // A whole text that is put in may name anything, and a letter that is written by its number none.
        let hides = text.trim_start().starts_with("{{") || text.contains("\\") || entry.value.written().is_none();
        let mut found: HashSet<&str> = HashSet::new();
        found.extend(text.split(|letter: char| !letter.is_ascii_alphanumeric()));
        let is_named = |name: &&str| hides || found.contains(name);
        let names: Vec<&'static str> = DECIDING.into_iter().filter(is_named).collect();
        (!names.is_empty()).then_some(Self { site, names })
    }

    fn problem(&self, route: Route) -> Option<Problem> {
        let what = match self.names.as_slice() {
            names if names.len() == DECIDING.len() => "may set any field of it".to_owned(),
            names => ["sets ", &names.join(", ")].concat(),
        };
        let message = format!("This patch is laid over the pod before it starts, and {what}: it is not read here.");
        let (kind, span) = (ProblemKind::Elsewhere { message }, self.site.value);
        Some(Problem { kind, span, route, versions: Versions::ALL })
    }

    /// What it names nobody knows any more; only what is dangerous without it stays so.
    fn apply(&self, pod: &mut Pod) {
        let site = self.site;
        let names = |name: &str| self.names.contains(&name);
        let doubt = |field: &mut Field<bool>, dangerous: bool| {
            if field.get() != Some(&dangerous) {
                *field = Field::Unreadable(site);
            }
        };
        for (name, field, dangerous) in [
            ("hostNetwork", &mut pod.host_network, true),
            ("hostPID", &mut pod.host_pid, true),
            ("hostIPC", &mut pod.host_ipc, true),
            ("hostUsers", &mut pod.host_users, true),
            ("shareProcessNamespace", &mut pod.share_process_namespace, true),
            ("automountServiceAccountToken", &mut pod.automount_token, true),
        ] {
            if names(name) {
                doubt(field, dangerous);
            }
        }
        if names("serviceAccountName") {
            pod.service_account = Field::Unreadable(site);
        }
        if names("runtimeClassName") {
            pod.runtime_class = Field::Unreadable(site);
        }
        if names("securityContext") {
            let kept = std::mem::take(&mut pod.security);
            let unknown = PodSecurity::unreadable(site);
            let sysctls = kept.sysctls;
            pod.security = PodSecurity { sysctls, site: kept.site, ..unknown };
            for container in &mut pod.containers {
                let security = &mut container.security;
                doubt(&mut security.privileged, true);
                doubt(&mut security.allow_privilege_escalation, true);
                doubt(&mut security.read_only_root, false);
                doubt(&mut security.run_as_non_root, false);
                security.add_in_doubt = security.add_in_doubt.or(Some(site));
                security.drop_in_doubt = security.drop_in_doubt.or(Some(site));
                if security.run_as_user.get() != Some(&0) {
                    security.run_as_user = Field::Unreadable(site);
                }
            }
        }
        for name in self.names.iter().filter(|name| name.ends_with("ontainers") || **name == "volumes") {
            pod.unreadable.push(Unreadable { route: pod.route.key(*name), site });
        }
    }
}

/// A way from the object, the place that it leads to, and what is said of it.
pub(crate) type Reference = (Vec<Step>, watertight_text::Span, String);

/// Where an object without containers says something of pods whose containers stand in another object.
///
/// Sources: `WorkflowSpec` of argoproj/argo-workflows; `TaskRunSpec` and `PipelineRunSpec` of tektoncd/pipeline.
pub(crate) fn reference(object: Node<'_>, group: &str) -> Option<Reference> {
    let (spec, _) = child(object, "spec")?;
    let within = child(spec, "workflowSpec").map(|(inner, _)| inner);
    let (spec, mut way) = match within {
        Some(inner) => (inner, vec![Step::Key("spec".into()), Step::Key("workflowSpec".into())]),
        None => (spec, vec![Step::Key("spec".into())]),
    };
    let (references, settings): (&[&str], &[&str]) = match group {
        "argoproj.io" => (&["workflowTemplateRef"], &["hostNetwork", "podSpecPatch", "securityContext", "volumes"]),
        "tekton.dev" => (&["taskRef", "pipelineRef"], &["podTemplate", "taskRunTemplate", "taskRunSpecs"]),
        _ => return None,
    };
    let entry = references.iter().find_map(|name| spec.entry(name)).filter(|entry| !entry.value.is_null())?;
    let said: Vec<&str> =
        settings.iter().copied().filter(|name| spec.get(name).is_some_and(|value| !value.is_null())).collect();
    if said.is_empty() {
        return None;
    }
    way.push(Step::Key(entry.name().into_owned().into()));
    let message = format!(
        "The containers are in another object that is not here, so what is said of their pods is not looked at: {}.",
        said.join(", ")
    );
    Some((way, entry.value.span(), message))
}

/// Where the manifest of an Argo template of type `resource` stands that may make containers: its key and its place.
///
/// Source: `ResourceTemplate` in `workflow_types.go` of argoproj/argo-workflows.
pub(crate) fn manifest(resource: Node<'_>) -> Option<(&'static str, watertight_text::Span)> {
    let action = resource.get("action").and_then(Node::as_str).unwrap_or_default();
    if matches!(action, "get" | "delete") {
        return None;
    }
    if let Some(from) = resource.get("manifestFrom").filter(|from| !from.is_null()) {
        return Some(("manifestFrom", from.span()));
    }
    let manifest = resource.get("manifest")?;
    let text = manifest.written().unwrap_or_default();
    let may_hold = text.contains("ontainers") || text.trim_start().starts_with("{{");
    may_hold.then(|| ("manifest", manifest.span()))
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
            let mut place = mount.clone();
            place.steps.extend(route.steps.iter().skip(at + 1).cloned());
            return Some(place);
        }
        let below = route.steps.get(pod.route.steps.len()..)?;
        let Some((Step::Key(first), rest)) = below.split_first() else { return Some(route.clone()) };
        if let [Step::Index(_), Step::Key(field), ..] = rest
            && field == "resources"
        {
            let mut renamed = route.clone();
            let at = pod.route.steps.len() + 2;
            if let Some(step) = renamed.steps.get_mut(at) {
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
            Some(place) => {
                let mut moved = place.clone();
                moved.steps.extend(below.iter().cloned());
                Some(moved)
            }
            None if first == "metadata" || self.family.holds_containers(first) => Some(route.clone()),
            None => None,
        }
    }
}
