//! Conditions compiled for many events: equal parts are looked at once for an event, whatever rule they stand in.

use std::collections::HashMap;
use std::sync::Arc;

use super::bind::{Absent, Binding, Slots};
use super::test::Test;
use super::verdict::Verdict;
use crate::condition::{Expr, ExprKind};
use crate::events::Event;

/// A part of a condition. Parts have lower numbers than what they are part of.
#[derive(Clone, Debug)]
pub(super) enum Node {
    All(Box<[u32]>),
    Any(Box<[u32]>),
    Not(u32),
    Test(Box<Test>),
    /// A condition that would not load; nothing is known of it.
    Broken,
}

/// Conditions compiled together.
#[derive(Clone, Debug, Default)]
pub struct Program {
    slots: Slots,
    nodes: Vec<Node>,
    known: Known,
}

/// Parts that are there already, for finding equal ones.
#[derive(Clone, Debug, Default)]
struct Known {
    /// By the address of a macro's condition, which is kept so that no other takes its place.
    macros: HashMap<usize, (Arc<Expr>, u32)>,
    tests: HashMap<String, Vec<u32>>,
    joined: HashMap<(bool, Box<[u32]>), u32>,
    negated: HashMap<u32, u32>,
}

/// A condition of a [`Program`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Condition(pub(super) u32);

/// Verdicts on the parts of a program's conditions, for one event.
#[derive(Debug)]
pub struct Verdicts {
    known: Vec<u8>,
}

const OPEN: u8 = 3;

impl Program {
    /// Adds a condition with all macros expanded. What does not pass [`crate::compile::compile`] is unknown for every
    /// event.
    pub fn add(&mut self, condition: &Expr) -> Condition {
        Condition(self.node(condition))
    }

    /// What an event says of the fields of the conditions.
    pub fn bind<'e>(&'e self, event: &'e Event<'_>, absent: Absent) -> Binding<'e> {
        Binding::new(&self.slots, event, absent)
    }

    /// No verdicts yet.
    pub fn verdicts(&self) -> Verdicts {
        Verdicts { known: vec![OPEN; self.nodes.len()] }
    }

    /// Forgets all verdicts, for the next event.
    pub fn reset(&self, verdicts: &mut Verdicts) {
        verdicts.known.clear();
        verdicts.known.resize(self.nodes.len(), OPEN);
    }

    /// Whether a condition holds for an event.
    pub fn verdict(&self, condition: Condition, binding: &Binding<'_>, verdicts: &mut Verdicts) -> Verdict {
        self.decide(condition.0, binding, verdicts)
    }

    /// The fields that the conditions look at, with their arguments.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| &*slot.name)
    }

    pub(super) fn part(&self, number: u32) -> Option<&Node> {
        self.nodes.get(number as usize)
    }

    pub(super) fn slots(&self) -> &Slots {
        &self.slots
    }

    /// How deep this goes is limited by the depth of conditions.
    pub(super) fn decide(&self, number: u32, binding: &Binding<'_>, verdicts: &mut Verdicts) -> Verdict {
        match verdicts.known.get(number as usize) {
            Some(0) => return Verdict::False,
            Some(1) => return Verdict::True,
            Some(2) => return Verdict::Unknown,
            _ => {}
        }
        let verdict = match self.part(number) {
            Some(Node::All(parts)) => Verdict::all(parts.iter().map(|part| self.decide(*part, binding, verdicts))),
            Some(Node::Any(parts)) => Verdict::any(parts.iter().map(|part| self.decide(*part, binding, verdicts))),
            Some(Node::Not(part)) => !self.decide(*part, binding, verdicts),
            Some(Node::Test(test)) => test.verdict(binding),
            Some(Node::Broken) | None => Verdict::Unknown,
        };
        if let Some(known) = verdicts.known.get_mut(number as usize) {
            *known = verdict as u8;
        }
        verdict
    }

    fn node(&mut self, expr: &Expr) -> u32 {
        match &expr.kind {
            ExprKind::And(parts) => self.join(true, parts),
            ExprKind::Or(parts) => self.join(false, parts),
            ExprKind::Not(part) => {
                let part = self.node(part);
                if let Some(known) = self.known.negated.get(&part) {
                    return *known;
                }
                let number = self.push(Node::Not(part));
                self.known.negated.insert(part, number);
                number
            }
            ExprKind::Macro(used) => {
                let Some(body) = &used.body else { return self.push(Node::Broken) };
                let address = Arc::as_ptr(body).addr();
                if let Some((_, number)) = self.known.macros.get(&address) {
                    return *number;
                }
                let number = self.node(body);
                self.known.macros.insert(address, (Arc::clone(body), number));
                number
            }
            ExprKind::Check(check) => {
                let Some(test) = Test::new(check, &mut self.slots) else { return self.push(Node::Broken) };
                // Equal comparisons print alike, but not all that print alike are equal.
                let printed = crate::condition::print(expr);
                let alike = self.known.tests.get(&printed).into_iter().flatten();
                let same = |number: &&u32| matches!(self.part(**number), Some(Node::Test(one)) if **one == test);
                if let Some(number) = alike.into_iter().find(same) {
                    return *number;
                }
                let number = self.push(Node::Test(Box::new(test)));
                self.known.tests.entry(printed).or_default().push(number);
                number
            }
        }
    }

    fn join(&mut self, all: bool, parts: &[Expr]) -> u32 {
        let parts: Box<[u32]> = parts.iter().map(|part| self.node(part)).collect();
        let key = (all, parts);
        if let Some(known) = self.known.joined.get(&key) {
            return *known;
        }
        let number = self.push(if all { Node::All(key.1.clone()) } else { Node::Any(key.1.clone()) });
        self.known.joined.insert(key, number);
        number
    }

    fn push(&mut self, node: Node) -> u32 {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(node);
        number
    }
}
