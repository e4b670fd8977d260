//! Finding pods in kinds that nobody has heard of, by their shape.

use watertight_diagnostic::Step;
use watertight_text::Span;
use watertight_yaml::{Kind, Node};

/// Levels below the object that are searched.
const DEPTH: usize = 16;
/// Nodes of one object that are searched, aliases counted at each use.
const NODES: usize = 100_000;

/// A pod spec that was found.
pub(crate) struct Found<'d> {
    /// The pod spec.
    pub(crate) spec: Node<'d>,
    /// From the object to it; empty when the object is the spec.
    pub(crate) steps: Vec<Step>,
    /// Its key; `None` when it has none.
    pub(crate) key: Option<Span>,
    /// The mapping around it when its key is `spec`: where `metadata` of the pod is or would be.
    pub(crate) template: Option<Node<'d>>,
}

/// All pod specs in an object, none inside another, in the order they stand.
pub(crate) fn search(object: Node<'_>) -> Vec<Found<'_>> {
    let mut search = Search { found: Vec::new(), steps: Vec::new(), left: NODES };
    search.visit(object, None, None);
    search.found
}

/// Whether a mapping holds containers. `images` alone would be too little: a PodMetrics has `containers` with names and
/// usage, and so have other lists of things *about* containers.
pub(crate) fn is_spec(node: Node<'_>) -> bool {
    node.get("containers").is_some_and(|list| {
        list.items().take(100).any(|item| {
            let has = |name| item.get(name).is_some();
            has("image") || has("name") && (has("command") || has("args") || has("securityContext"))
        })
    })
}

struct Search<'d> {
    found: Vec<Found<'d>>,
    steps: Vec<Step>,
    left: usize,
}

impl<'d> Search<'d> {
    fn visit(&mut self, node: Node<'d>, key: Option<Span>, around: Option<Node<'d>>) {
        if self.left == 0 || self.steps.len() > DEPTH {
            return;
        }
        self.left -= 1;
        match node.kind() {
            Kind::Sequence => {
                for (index, item) in node.items().enumerate() {
                    self.step(Step::Index(index), item, None, None);
                }
            }
            Kind::Mapping if is_spec(node) => {
                let template = around.filter(|_| self.steps.last() == Some(&Step::Key("spec".to_owned())));
                self.found.push(Found { spec: node, steps: self.steps.clone(), key, template });
            }
            Kind::Mapping => {
                for entry in node.written_entries() {
                    let name = entry.name();
                    // What a controller reports, what the API server keeps for itself, and the copy of the whole object
                    // that `kubectl apply` leaves behind are no wishes of the user.
                    let skip =
                        matches!(&*name, "status" | "managedFields") || self.steps.is_empty() && name == "metadata";
                    if !skip && matches!(entry.value.kind(), Kind::Mapping | Kind::Sequence) {
                        self.step(Step::Key(name.into_owned()), entry.value, Some(entry.key.span()), Some(node));
                    }
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, step: Step, node: Node<'d>, key: Option<Span>, around: Option<Node<'d>>) {
        self.steps.push(step);
        self.visit(node, key, around);
        self.steps.pop();
    }
}
