//! Containers that stand under names of their own, with what is laid under them.

use std::collections::{HashMap, HashSet};

use watertight_diagnostic::Route;
use watertight_yaml::Node;

use crate::budget::Budget;
use crate::check::{self, Findings};
use crate::schema;
use crate::value::{child, is_object, items};
use crate::{Container, ContainerList, ContainerSecurity, Field, Mount, Problem, ProblemKind, container};

/// Reads containers that stand under names of their own.
pub(super) struct Containers<'r> {
    pub(super) text: &'r str,
    pub(super) resources: &'static str,
    pub(super) budget: &'r mut Budget,
    pub(super) findings: &'r mut Findings,
    pub(super) out: &'r mut Vec<Container>,
    pub(super) mounts: &'r mut Vec<Route>,
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
    pub(super) fn argo(&mut self, spec: Node<'_>, route: &Route, defaults: Option<(Node<'_>, &Route)>) {
        for name in ["container", "script"] {
            if let Some((node, _)) = child(spec, name) {
                // What all templates have is laid under this one.
                let below = defaults.and_then(|(defaults, route)| Some((child(defaults, name)?.0, route.key(name))));
                let below = below.filter(|(node, _)| self.budget.volumes(1) && self.budget.copy(*node));
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
                if self.budget.copy(set) {
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

    pub(super) fn tekton(&mut self, spec: Node<'_>, route: &Route) {
        let template =
            child(spec, "stepTemplate").map(|(template, _)| template).filter(|node| self.budget.container(*node));
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

    pub(super) fn read(&mut self, node: Node<'_>, route: Route, template: Option<&(Node<'_>, Container)>) {
        if !self.budget.container(node) {
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
        if let Some((_, template)) = template.filter(|(node, _)| self.budget.copy(*node)) {
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
    let (own, from, nothing) = (&mut step.security, &template.security, ContainerSecurity::default());
    macro_rules! take {
        ($($field:ident)*) => {$(
            if own.$field == nothing.$field && from.$field != nothing.$field {
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
pub(super) const INHERITED: usize = usize::MAX / 2;

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
