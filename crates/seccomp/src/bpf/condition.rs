//! Conditions on 64-bit arguments as questions about their 32-bit halves.

use super::graph::{Graph, NodeId, Relation, Test};
use crate::{Arch, Condition, Op};

/// The questions of all conditions of a rule: `matched` if every one holds, `failed` otherwise.
pub(super) fn all(graph: &mut Graph, arch: Arch, conditions: &[Condition], matched: NodeId, failed: NodeId) -> NodeId {
    // Behind the last condition everything before it is known to hold, and so on towards the front.
    let mut known: Vec<(Test, bool)> = conditions.iter().flat_map(|condition| surely(arch, condition)).collect();
    let mut next = matched;
    for condition in conditions.iter().rev() {
        let own = surely(arch, condition).len();
        known.truncate(known.len() - own);
        next = one(&mut Asker { graph, known: &known }, arch, condition, next, failed);
    }
    next
}

struct Asker<'a> {
    graph: &'a mut Graph,
    /// What earlier conditions of the same rule settled.
    known: &'a [(Test, bool)],
}

impl Asker<'_> {
    fn test(&mut self, test: Test, also: &[(Test, bool)], yes: NodeId, no: NodeId) -> NodeId {
        match trivial(test) {
            Some(true) => return yes,
            Some(false) => return no,
            None => {}
        }
        let known: Vec<(Test, bool)> = self.known.iter().chain(also).copied().collect();
        self.graph.test(test, &known, yes, no)
    }
}

/// Questions that need not be asked.
fn trivial(test: Test) -> Option<bool> {
    match (test.relation, test.constant) {
        (Relation::AtLeast, 0) => Some(true),
        (Relation::Greater, u32::MAX) => Some(false),
        (Relation::Equal, constant) if test.mask == 0 => Some(constant == 0),
        (Relation::Equal, constant) if constant & !test.mask != 0 => Some(false),
        _ => None,
    }
}

/// The words of an argument, lower half first. ABIs of 32 bits have no upper half that libseccomp would look at.
fn words(arch: Arch, index: u8) -> (u8, Option<u8>) {
    let first = 4 + 2 * index;
    let (low, high) = if arch.is_big_endian() { (first + 1, first) } else { (first, first + 1) };
    (low, arch.is_64_bit().then_some(high))
}

fn halves(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

fn masked(word: u8, mask: u32, value: u32) -> Test {
    Test { word, mask, relation: Relation::Equal, constant: value & mask }
}

/// The questions that are answered for sure once a condition held: those of equalities.
fn surely(arch: Arch, condition: &Condition) -> Vec<(Test, bool)> {
    let (low, high) = words(arch, condition.index);
    let (value_low, value_high) = halves(condition.value);
    let (two_low, two_high) = halves(condition.value_two);
    match condition.op {
        Op::Eq => {
            [Some(Test::new(low, Relation::Equal, value_low)), high.map(|w| Test::new(w, Relation::Equal, value_high))]
        }
        Op::MaskedEq => [Some(masked(low, value_low, two_low)), high.map(|w| masked(w, value_high, two_high))],
        _ => [None, None],
    }
    .into_iter()
    .flatten()
    .filter(|test| trivial(*test).is_none())
    .map(|test| (test, true))
    .collect()
}

fn one(asker: &mut Asker<'_>, arch: Arch, condition: &Condition, yes: NodeId, no: NodeId) -> NodeId {
    let (low, high) = words(arch, condition.index);
    let (value_low, value_high) = halves(condition.value);
    let (two_low, two_high) = halves(condition.value_two);
    match condition.op {
        Op::Eq => equal(asker, (low, high), (value_low, value_high), yes, no),
        Op::Ne => equal(asker, (low, high), (value_low, value_high), no, yes),
        Op::Gt => above(asker, Relation::Greater, (low, high), (value_low, value_high), yes, no),
        Op::Ge => above(asker, Relation::AtLeast, (low, high), (value_low, value_high), yes, no),
        Op::Le => above(asker, Relation::Greater, (low, high), (value_low, value_high), no, yes),
        Op::Lt => above(asker, Relation::AtLeast, (low, high), (value_low, value_high), no, yes),
        Op::MaskedEq => {
            let upper = high.map(|word| masked(word, value_high, two_high));
            let before: Vec<(Test, bool)> = upper.map(|test| (test, true)).into_iter().collect();
            let lower = asker.test(masked(low, value_low, two_low), &before, yes, no);
            match upper {
                Some(test) => asker.test(test, &[], lower, no),
                None => lower,
            }
        }
    }
}

type Words = (u8, Option<u8>);

fn equal(asker: &mut Asker<'_>, words: Words, value: (u32, u32), yes: NodeId, no: NodeId) -> NodeId {
    let upper = words.1.map(|word| Test::new(word, Relation::Equal, value.1));
    let before: Vec<(Test, bool)> = upper.map(|test| (test, true)).into_iter().collect();
    let lower = asker.test(Test::new(words.0, Relation::Equal, value.0), &before, yes, no);
    match upper {
        Some(test) => asker.test(test, &[], lower, no),
        None => lower,
    }
}

/// Greater, or at least: the upper halves decide unless they are equal.
fn above(
    asker: &mut Asker<'_>,
    relation: Relation,
    words: Words,
    value: (u32, u32),
    yes: NodeId,
    no: NodeId,
) -> NodeId {
    let Some(high) = words.1 else {
        return asker.test(Test::new(words.0, relation, value.0), &[], yes, no);
    };
    let (same, more) = (Test::new(high, Relation::Equal, value.1), Test::new(high, Relation::Greater, value.1));
    let lower = asker.test(Test::new(words.0, relation, value.0), &[(same, true)], yes, no);
    let not_more = asker.test(same, &[(more, false)], lower, no);
    asker.test(more, &[], yes, not_more)
}
