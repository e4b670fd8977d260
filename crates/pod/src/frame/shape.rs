//! Which mappings hold the containers of a pod under names of their own, and where else its fields stand.

use watertight_diagnostic::Step;
use watertight_yaml::Node;

use crate::value::{child, items, mapping};

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

    pub(super) fn holds_containers(self, key: &str) -> bool {
        self.owns(key) && (self == Self::StepAction || !matches!(key, "volumes" | "securityContext"))
    }

    /// The fields of a pod that the mapping with the containers has.
    pub(super) fn own_fields(self) -> &'static str {
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
    pub(super) node: Node<'d>,
    /// From the object to it.
    pub(super) steps: Vec<Step>,
    /// The fields that count there.
    pub(super) fields: &'static str,
    /// Whether it is laid under the mapping with the containers, field by field.
    pub(super) is_default: bool,
}
