//! How much of a file is read: a bound against aliases that multiply.

use watertight_yaml::{Document, Node, Stream};

/// Pods that every file may have, and one more for so many bytes of it. The shortest pod that starts takes 80 bytes, and as much
/// time as one of 1,000 bytes; live ones have several thousand.
const PODS: (usize, usize) = (10_000, 2_000);
/// Volumes that every file may have, and one more for so many bytes of it. Each takes some thousand bytes of ours, and through
/// aliases six bytes of text make one.
const VOLUMES: (usize, usize) = (10_000, 60);
/// A container takes as much time as so many volumes, for most rules look at it.
const CONTAINER: usize = 2;
/// Nodes that every file may spend in each kind of reading, however small it is.
const BASE: usize = 200_000;
/// How often the nodes of a file may be read on the average. Without aliases each is met at most three times: as a child of
/// its object, for the object, and for the pod.
const TIMES: usize = 4;
/// Nodes that every file may have copied, and one more for so many bytes of it: what stands behind an alias, and what several
/// containers take over from one place. Some hundred bytes of ours are made of each.
const COPIES: (usize, usize) = (50_000, 16);
/// Bytes of values that every file may have copied, and how often those of its text may be on the average: through aliases, two
/// bytes of text copy a megabyte.
const BYTES: (usize, usize) = (500_000, 4);
/// Levels below a container, a volume or metadata that the model reads.
const DEPTH: usize = 8;

/// What is left to spend.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Pods in all.
    pods: usize,
    volumes: usize,
    nodes: usize,
    copies: usize,
    bytes: usize,
    spent: bool,
}

/// How many nodes may be visited, aliases counted at each use.
pub(crate) fn visits(stream: &Stream<'_>) -> usize {
    let nodes: usize = stream.documents.iter().map(Document::node_count).sum();
    BASE + TIMES * nodes
}

/// What looking at a node costs: one visit, and one more for so many bytes of a text.
pub(crate) fn cost(node: Node<'_>) -> usize {
    const EACH: usize = 64;
    1 + node.written().map_or(0, str::len) / EACH
}

impl Budget {
    /// What a stream may cost.
    pub(crate) fn of(stream: &Stream<'_>) -> Self {
        let bytes = stream.documents.first().map_or(0, |document| document.text().len());
        let for_all = |(least, each)| least + bytes / each;
        Self {
            pods: for_all(PODS),
            volumes: for_all(VOLUMES),
            nodes: visits(stream),
            copies: for_all(COPIES),
            bytes: BYTES.0 + BYTES.1 * bytes,
            spent: false,
        }
    }

    /// Whether one more pod is read behind so many. False when that is too much, and from then on.
    pub(crate) fn pod(&mut self, behind: usize) -> bool {
        self.spent |= behind >= self.pods;
        !self.spent
    }

    /// Pays for a container. False when there is not enough left, and from then on.
    pub(crate) fn container(&mut self, node: Node<'_>) -> bool {
        self.volumes(CONTAINER) && self.node(node)
    }

    /// Pays for a volume.
    pub(crate) fn volume(&mut self, node: Node<'_>) -> bool {
        self.volumes(1) && self.node(node)
    }

    /// Pays for so many volumes.
    pub(crate) fn volumes(&mut self, count: usize) -> bool {
        match self.volumes.checked_sub(count) {
            Some(left) => self.volumes = left,
            None => self.spent = true,
        }
        !self.spent
    }

    /// Pays for a node and what is below it.
    pub(crate) fn node(&mut self, node: Node<'_>) -> bool {
        self.pay(node, DEPTH, false)
    }

    /// Pays for a node and what is below it, which is read once more.
    pub(crate) fn copy(&mut self, node: Node<'_>) -> bool {
        self.pay(node, DEPTH, true)
    }

    /// Leaves nothing.
    pub(crate) fn spend(&mut self) {
        self.spent = true;
    }

    /// Pays for a node and its children alone.
    pub(crate) fn shallow(&mut self, node: Node<'_>) -> bool {
        self.pay(node, 1, false)
    }

    /// Whether something had to be left out.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent
    }

    fn pay(&mut self, node: Node<'_>, depth: usize, is_copy: bool) -> bool {
        let is_copy = is_copy || node.is_alias();
        let bytes = node.written().map_or(0, str::len);
        let left =
            (self.nodes.checked_sub(1), self.copies.checked_sub(usize::from(is_copy)), self.bytes.checked_sub(bytes));
        match left {
            (Some(nodes), Some(copies), Some(bytes)) if !self.spent => {
                (self.nodes, self.copies, self.bytes) = (nodes, copies, bytes);
            }
            _ => self.spent = true,
        }
        let mut below = node.items().chain(node.written_entries().map(|entry| entry.value));
        !self.spent && (depth == 0 || below.all(|below| self.pay(below, depth - 1, is_copy)))
    }
}
