//! From questions to instructions.
//!
//! Jumps only go forward and conditional ones at most 255 instructions, so the program is laid out from its end: what a
//! question leads to already has its place. An answer that is out of reach is written down once more; a question out of
//! reach is reached by a long jump.

use std::collections::BTreeMap;

use super::graph::{Graph, Node, NodeId, Relation, Test};
use super::instruction::code;
use super::{Instruction, MAX_INSTRUCTIONS};

/// The instructions of all that can be reached from `root`.
///
/// # Errors
///
/// How many there would be, if there are more than the kernel takes.
pub(super) fn lay_out(graph: &Graph, root: NodeId) -> Result<Vec<Instruction>, usize> {
    let order = children_first(graph, root);
    let mut layout = Layout { entries: entries(graph, root, &order), ..Layout::default() };
    for &id in &order {
        if let Node::Test { test, yes, no } = graph.node(id) {
            layout.place_test(graph, id, test, yes, no);
        }
    }
    if order.len() == 1 {
        layout.near(graph, root, Entry::Load);
    }
    layout.backwards.reverse();
    if layout.backwards.len() > MAX_INSTRUCTIONS { Err(layout.backwards.len()) } else { Ok(layout.backwards) }
}

/// Where a question is entered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Entry {
    /// At the loading of its word.
    Load,
    /// Behind that: the word is there, and needs its mask.
    Mask,
    /// At its jump: what it compares is there.
    Jump,
}

/// What the accumulator holds behind a question: a word, and under which mask.
fn content(test: Test) -> (u8, u32) {
    (test.word, if asks_for_bits(test) { u32::MAX } else { test.mask })
}

/// Whether the question is "is none of these bits set", which one jump asks without a mask.
fn asks_for_bits(test: Test) -> bool {
    test.mask != u32::MAX && test.relation == Relation::Equal && test.constant == 0
}

fn entry(from: Option<Test>, to: Test) -> Entry {
    let held = from.map(content);
    if held == Some(content(to)) {
        Entry::Jump
    } else if held == Some((to.word, u32::MAX)) {
        Entry::Mask
    } else {
        Entry::Load
    }
}

/// Each node that can be reached, behind those that it leads to.
fn children_first(graph: &Graph, root: NodeId) -> Vec<NodeId> {
    let mut seen = vec![false; graph.len()];
    let mut order = Vec::new();
    let mut open = vec![(root, false)];
    while let Some((id, children_done)) = open.pop() {
        if children_done {
            order.push(id);
            continue;
        }
        let Some(seen) = seen.get_mut(id.index()) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        open.push((id, true));
        if let Node::Test { yes, no, .. } = graph.node(id) {
            // The last one pushed is done first and lies furthest away: that is the way on where nothing matched.
            open.push((yes, false));
            open.push((no, false));
        }
    }
    order
}

/// The first entry of each question that anybody comes in by.
fn entries(graph: &Graph, root: NodeId, order: &[NodeId]) -> Vec<Entry> {
    let mut entries = vec![Entry::Jump; graph.len()];
    let mut come = |from: Option<Test>, to: NodeId| {
        if let (Node::Test { test, .. }, Some(first)) = (graph.node(to), entries.get_mut(to.index())) {
            *first = (*first).min(entry(from, test));
        }
    };
    come(None, root);
    for &id in order {
        if let Node::Test { test, yes, no } = graph.node(id) {
            come(Some(test), yes);
            come(Some(test), no);
        }
    }
    entries
}

#[derive(Default)]
struct Layout {
    /// The program, its last instruction first.
    backwards: Vec<Instruction>,
    /// The first entry of each node that is used.
    entries: Vec<Entry>,
    /// Where the entries of questions lie, counted from the end.
    places: BTreeMap<(NodeId, Entry), usize>,
    /// The last thing written that leads to an entry: itself, or a long jump to it. For answers, their last copy.
    nearest: BTreeMap<(NodeId, Entry), usize>,
}

impl Layout {
    fn place_test(&mut self, graph: &Graph, id: NodeId, test: Test, yes: NodeId, no: NodeId) {
        let way = |to: NodeId| match graph.node(to) {
            Node::Answer(_) => (to, Entry::Load),
            Node::Test { test: next, .. } => (to, entry(Some(test), next)),
        };
        let (yes, no) = (way(yes), way(no));
        // A long jump for the one may push the other out of reach, but not the reverse once more.
        let (mut jt, mut jf) = (self.near(graph, yes.0, yes.1), self.near(graph, no.0, no.1));
        while self.offset(yes) != jt || self.offset(no) != jf {
            (jt, jf) = (self.near(graph, yes.0, yes.1), self.near(graph, no.0, no.1));
        }
        let (code, k, swap) = match test.relation {
            Relation::Equal if asks_for_bits(test) => (code::IF_SET, test.mask, true),
            Relation::Equal => (code::IF_EQUAL, test.constant, false),
            Relation::Greater => (code::IF_GREATER, test.constant, false),
            Relation::AtLeast => (code::IF_AT_LEAST, test.constant, false),
        };
        let (jt, jf) = if swap { (jf, jt) } else { (jt, jf) };
        self.write(id, Entry::Jump, Instruction { code, jt: jt as u8, jf: jf as u8, k });
        let first = self.entries.get(id.index()).copied().unwrap_or(Entry::Load);
        if first <= Entry::Mask && content(test).1 != u32::MAX {
            self.write(id, Entry::Mask, Instruction::plain(code::AND, test.mask));
        }
        if first == Entry::Load {
            self.write(id, Entry::Load, Instruction::plain(code::LOAD, u32::from(test.word) * 4));
        }
    }

    fn write(&mut self, id: NodeId, entry: Entry, instruction: Instruction) {
        self.places.insert((id, entry), self.backwards.len());
        self.nearest.insert((id, entry), self.backwards.len());
        self.backwards.push(instruction);
    }

    /// How many instructions lie between the next one written and what leads to the entry.
    fn offset(&self, way: (NodeId, Entry)) -> usize {
        self.nearest.get(&way).map_or(usize::MAX, |place| self.backwards.len() - place - 1)
    }

    /// The same, once that is within the reach of a conditional jump.
    fn near(&mut self, graph: &Graph, id: NodeId, entry: Entry) -> usize {
        let offset = self.offset((id, entry));
        if offset <= usize::from(u8::MAX) {
            return offset;
        }
        match graph.node(id) {
            Node::Answer(ret) => self.write(id, entry, Instruction::plain(code::RETURN, ret)),
            Node::Test { .. } => {
                let far = self.places.get(&(id, entry)).map_or(0, |place| self.backwards.len() - place - 1);
                self.nearest.insert((id, entry), self.backwards.len());
                self.backwards.push(Instruction::plain(code::GOTO, far as u32));
            }
        }
        0
    }
}
