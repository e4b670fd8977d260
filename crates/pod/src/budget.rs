//! How much of a file is read: a bound against aliases that multiply.

use watertight_yaml::Node;

/// Containers and volumes of one file.
pub(crate) const ITEMS: usize = 100_000;
/// Nodes below them, aliases counted at each use. The largest file that the YAML reader takes stays far below it when it
/// has no aliases.
const NODES: usize = 3_000_000;
/// Levels below a container, a volume or metadata that the model reads.
const DEPTH: usize = 8;

/// What is left to spend.
#[derive(Debug)]
pub(crate) struct Budget {
    items: usize,
    nodes: usize,
    spent: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { items: ITEMS, nodes: NODES, spent: false }
    }
}

impl Budget {
    /// Pays for one container or volume. False when there is not enough left, and from then on.
    pub(crate) fn item(&mut self, node: Node<'_>) -> bool {
        match self.items.checked_sub(1) {
            Some(left) => self.items = left,
            None => self.spent = true,
        }
        self.node(node)
    }

    /// Pays for a node and what is below it.
    pub(crate) fn node(&mut self, node: Node<'_>) -> bool {
        self.pay(node, DEPTH);
        !self.spent
    }

    /// Leaves nothing.
    pub(crate) fn spend(&mut self) {
        self.spent = true;
    }

    /// Whether something had to be left out.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent
    }

    fn pay(&mut self, node: Node<'_>, depth: usize) {
        match self.nodes.checked_sub(1) {
            Some(left) if !self.spent => self.nodes = left,
            _ => {
                self.spent = true;
                return;
            }
        }
        if depth == 0 {
            return;
        }
        for below in node.items().chain(node.written_entries().map(|entry| entry.value)) {
            self.pay(below, depth - 1);
            if self.spent {
                return;
            }
        }
    }
}
