//! A filter as questions: each looks at one word of the call and leads to the next question or to an answer.

use std::collections::BTreeMap;

/// The place of a node in its graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct NodeId(u32);

/// A question with its two ways on, or an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Node {
    /// What the program returns.
    Answer(u32),
    /// Where to go on.
    Test {
        /// The question.
        test: Test,
        /// If it holds.
        yes: NodeId,
        /// If it does not.
        no: NodeId,
    },
}

/// A question that one jump instruction can ask.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Test {
    /// The word of `struct seccomp_data`, counted in words.
    pub word: u8,
    /// What of it counts.
    pub mask: u32,
    /// How it is compared.
    pub relation: Relation,
    /// With what.
    pub constant: u32,
}

/// The comparisons of jump instructions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Relation {
    /// Equal.
    Equal,
    /// Greater than.
    Greater,
    /// At least.
    AtLeast,
}

impl Test {
    /// Compares a whole word.
    pub(super) fn new(word: u8, relation: Relation, constant: u32) -> Self {
        Self { word, mask: u32::MAX, relation, constant }
    }

    /// The values that fulfil it, first and last; nothing if there are none.
    fn range(&self) -> Option<(u32, u32)> {
        Some(match self.relation {
            Relation::Equal => (self.constant, self.constant),
            Relation::Greater => (self.constant.checked_add(1)?, u32::MAX),
            Relation::AtLeast => (self.constant, u32::MAX),
        })
    }

    /// The values that do not fulfil it, where they lie in one piece.
    fn other_range(&self) -> Option<(u32, u32)> {
        match self.relation {
            Relation::Equal => None,
            Relation::Greater => Some((0, self.constant)),
            Relation::AtLeast => Some((0, self.constant.checked_sub(1)?)),
        }
    }

    /// What this question's answer says about another question.
    fn settles(&self, held: bool, other: &Self) -> Option<bool> {
        if self.word != other.word {
            return None;
        }
        if held && self.relation == Relation::Equal && self.mask & other.mask == other.mask {
            let value = self.constant & other.mask;
            return Some(other.range().is_some_and(|(first, last)| (first..=last).contains(&value)));
        }
        if self.mask != other.mask {
            return None;
        }
        if !held && self == other {
            return Some(false);
        }
        let (first, last) = if held { self.range() } else { self.other_range() }?;
        let (from, to) = other.range()?;
        if from <= first && last <= to {
            return Some(true);
        }
        (to < first || last < from).then_some(false)
    }
}

/// How far an answer is followed through questions that it settles. More would help nobody, and the work stays linear.
const MAX_FOLLOWED: usize = 64;

/// Questions and answers, each once.
#[derive(Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    places: BTreeMap<Node, NodeId>,
}

impl Graph {
    /// A node of this graph.
    pub(super) fn node(&self, id: NodeId) -> Node {
        self.nodes.get(id.0 as usize).copied().unwrap_or(Node::Answer(0))
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// An answer.
    pub(super) fn answer(&mut self, ret: u32) -> NodeId {
        self.add(Node::Answer(ret))
    }

    /// A question. `known` is what was asked on every way here; questions that follow and are settled by it, or by
    /// this one, are left out.
    pub(super) fn test(&mut self, test: Test, known: &[(Test, bool)], yes: NodeId, no: NodeId) -> NodeId {
        let yes = self.follow(yes, test, true, known);
        let no = self.follow(no, test, false, known);
        if yes == no {
            return yes;
        }
        self.add(Node::Test { test, yes, no })
    }

    fn follow(&self, mut id: NodeId, asked: Test, held: bool, known: &[(Test, bool)]) -> NodeId {
        for _ in 0..MAX_FOLLOWED {
            let Node::Test { test, yes, no } = self.node(id) else { break };
            let settled = asked
                .settles(held, &test)
                .or_else(|| known.iter().find_map(|(before, held)| before.settles(*held, &test)));
            match settled {
                Some(true) => id = yes,
                Some(false) => id = no,
                None => break,
            }
        }
        id
    }

    fn add(&mut self, node: Node) -> NodeId {
        *self.places.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            NodeId(self.nodes.len() as u32 - 1)
        })
    }
}

impl NodeId {
    /// For tables that have an entry for each node.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}
