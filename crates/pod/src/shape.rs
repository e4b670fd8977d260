//! Finding pods in kinds that nobody has heard of, by their shape.

use watertight_diagnostic::Step;
use watertight_text::Span;
use watertight_yaml::{Kind, Node};

use crate::budget;
use crate::frame::{self, Around, Shape};

/// Levels below the object that are searched.
const DEPTH: usize = 16;
/// Bytes of a key that is followed. The route of all that is below it names it again.
const KEY: usize = 1_000;

/// A pod spec that was found.
pub(crate) struct Found<'d> {
    /// The pod spec.
    pub(crate) spec: Node<'d>,
    /// From the object to it; empty when the object is the spec.
    pub(crate) steps: Vec<Step>,
    /// Its key; `None` when it has none.
    pub(crate) key: Option<Span>,
    /// What it is, when it is no pod spec but holds containers under other names; with the mappings around it that say
    /// something of its pod.
    pub(crate) shape: Option<(Shape, Vec<Around<'d>>)>,
    /// The mapping around it when its key is `spec`: where `metadata` of the pod is or would be.
    pub(crate) template: Option<Node<'d>>,
}

/// What a search finds.
#[derive(Default)]
pub(crate) struct Seen<'d> {
    /// All pod specs in an object, none inside another, in the order they stand.
    pub(crate) found: Vec<Found<'d>>,
    /// What may hold a pod and is not searched.
    pub(crate) passed_over: Vec<PassedOver>,
}

/// A place that is not searched.
pub(crate) struct PassedOver {
    pub(crate) span: Span,
    /// From the object to it.
    pub(crate) steps: Vec<Step>,
    pub(crate) why: &'static str,
}

/// Searches an object for pods.
///
/// `group` is the object's API group; empty when it has none or no kind, and then other names do not count. `visits` is how
/// many nodes may still be looked at, aliases counted at each use; it is counted down.
pub(crate) fn search<'d>(object: Node<'d>, group: &str, visits: &mut usize) -> Seen<'d> {
    let seen = Seen::default();
    let mut search = Search { group, seen, steps: Vec::new(), mappings: Vec::new(), left: visits };
    search.visit(object, None, None);
    search.seen
}

/// Whether a mapping holds containers. A list of that name is too little: a PodMetrics has `containers` with names and
/// usage, and so have other lists of things *about* containers.
fn holds_containers(node: Node<'_>) -> bool {
    CONTAINERS.into_iter().filter_map(|list| node.get(list)).any(|list| {
        list.items().take(100).any(|item| {
            let has = |name| item.get(name).is_some();
            has("image") || has("name") && TELLING.into_iter().any(has)
        })
    })
}

/// Whether the `spec` of a `template` is one of a pod. In this place a name is enough, or a switch that only pods have.
fn is_of_pod(node: Node<'_>) -> bool {
    CONTAINERS.into_iter().chain(SWITCHES).any(|name| node.get(name).is_some_and(|value| !value.is_null()))
}

const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];
const TELLING: [&str; 5] = ["command", "args", "securityContext", "env", "volumeMounts"];
const SWITCHES: [&str; 5] = ["hostPID", "hostIPC", "hostNetwork", "hostUsers", "serviceAccountName"];

struct Search<'d, 'v> {
    group: &'v str,
    seen: Seen<'d>,
    steps: Vec<Step>,
    /// The mappings above, each with how many steps lead to it.
    mappings: Vec<(Node<'d>, usize)>,
    left: &'v mut usize,
}

impl<'d> Search<'d, '_> {
    fn visit(&mut self, node: Node<'d>, key: Option<Span>, around: Option<Node<'d>>) {
        if *self.left == 0 || self.steps.len() > DEPTH {
            return;
        }
        *self.left -= 1;
        let shape = (!self.group.is_empty() && node.kind() == Kind::Mapping)
            .then(|| Shape::of(node, self.group, &self.steps))
            .flatten();
        if self.group == "argoproj.io" && self.is_at("resource", 1) {
            self.seen.passed_over.extend(frame::manifest(node).map(|(key, span)| {
                let mut steps = self.steps.clone();
                steps.push(Step::Key(key.into()));
                let why =
                    "A step creates what this manifest says, which is a text here: what runs in it is not looked at.";
                PassedOver { span, steps, why }
            }));
        }
        match node.kind() {
            Kind::Sequence => {
                for (index, item) in node.items().enumerate() {
                    self.step(Step::Index(index), item, None, None);
                }
            }
            Kind::Mapping if let Some(shape) = shape.filter(|shape| !shape.likely || !holds_containers(node)) => {
                let around = self.around(shape);
                self.seen.found.push(Found {
                    spec: node,
                    steps: self.steps.clone(),
                    key,
                    shape: Some((shape, around)),
                    template: None,
                });
                self.below(node, |key| shape.family.owns(key));
            }
            Kind::Mapping if holds_containers(node) || self.is_in_template() && is_of_pod(node) => {
                let template = around.filter(|_| self.is_at("spec", 1));
                self.seen.found.push(Found { spec: node, steps: self.steps.clone(), key, shape: None, template });
            }
            Kind::Mapping => self.below(node, |_| false),
            _ => {}
        }
    }

    /// Searches what a mapping holds, apart from what has been read.
    fn below(&mut self, node: Node<'d>, is_read: impl Fn(&str) -> bool) {
        self.mappings.push((node, self.steps.len()));
        for entry in node.written_entries() {
            let name = entry.name();
            // What a controller reports, what the API server keeps for itself, and the copy of the whole object
            // that `kubectl apply` leaves behind are no wishes of the user.
            let skip = matches!(&*name, "status" | "managedFields")
                || self.steps.is_empty() && name == "metadata"
                || is_read(&name);
            if skip || !matches!(entry.value.kind(), Kind::Mapping | Kind::Sequence) {
                continue;
            }
            if name.len() > KEY && *self.left > 0 {
                let (span, steps) = (entry.key.span(), self.steps.clone());
                let why = "This key is longer than any that Kubernetes takes; what is below it is not looked at.";
                *self.left = self.left.saturating_sub(budget::cost(entry.key));
                self.seen.passed_over.push(PassedOver { span, steps, why });
            } else {
                self.step(Step::Key(name.into_owned().into()), entry.value, Some(entry.key.span()), Some(node));
            }
        }
        self.mappings.pop();
    }

    /// The nearest mapping above that says something of a pod below.
    fn around(&mut self, shape: Shape) -> Vec<Around<'d>> {
        // The name of the task that the pod is of in a pipeline, by which its run may say something of it alone.
        let in_list = |at: &usize| matches!(self.steps.get(..*at), Some([.., Step::Key(list), Step::Index(_)]) if list == "tasks" || list == "finally");
        let task =
            self.mappings.iter().rev().find(|(_, at)| in_list(at)).and_then(|(node, _)| node.get("name")?.as_str());
        for (node, at) in self.mappings.iter().rev() {
            let steps = self.steps.get(..*at).unwrap_or_default();
            let found = shape.family.around(*node, steps, task, self.left);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn is_in_template(&self) -> bool {
        self.is_at("spec", 1) && self.is_at("template", 2)
    }

    /// Whether the step that is `back` steps from the end is that key.
    fn is_at(&self, key: &str, back: usize) -> bool {
        let place = self.steps.len().checked_sub(back);
        matches!(place.and_then(|place| self.steps.get(place)), Some(Step::Key(step)) if step == key)
    }

    fn step(&mut self, step: Step, node: Node<'d>, key: Option<Span>, around: Option<Node<'d>>) {
        self.steps.push(step);
        self.visit(node, key, around);
        self.steps.pop();
    }
}
