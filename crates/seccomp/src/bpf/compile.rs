//! From rules to a program.
//!
//! The numbers of an ABI fall into ranges that all go the same way, and the program halves their list until one is
//! left. So a call costs about as many comparisons as the list of ranges has doublings, and calls that stand side by
//! side and are treated alike cost nothing more.

use super::condition;
use super::graph::{Graph, NodeId, Relation, Test};
use super::layout::lay_out;
use super::{MAX_INSTRUCTIONS, Program};
use crate::{AbiRules, Action, Arch, CallRules, Filter, X32_BIT};

/// Words of `struct seccomp_data`.
const NUMBER: u8 = 0;
const TOKEN: u8 = 1;

/// The program would have more instructions than the kernel takes in one filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong {
    /// How many it would have.
    pub instructions: usize,
}

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.instructions;
        write!(f, "the program would have {count} instructions, and the kernel takes {MAX_INSTRUCTIONS} in one filter")
    }
}

impl std::error::Error for TooLong {}

impl Filter {
    /// The filter as a program that the kernel takes; a call by an ABI that it does not have kills the thread.
    ///
    /// # Errors
    ///
    /// If there would be more instructions than the kernel takes.
    pub fn compile(&self) -> Result<Program, TooLong> {
        compile(&self.by_abi())
    }
}

pub(super) fn compile(abis: &[AbiRules]) -> Result<Program, TooLong> {
    let mut graph = Graph::default();
    let stranger = graph.answer(Action::KILL_THREAD.to_ret());
    let mut root = stranger;
    // The one asked for last is asked first, and that is the first of the list.
    for abi in abis.iter().rev() {
        if abi.arch == Arch::X32 && abis.iter().any(|other| other.arch == Arch::X86_64) {
            continue;
        }
        let calls = x86_64_and_x32(&mut graph, abi, abis, stranger);
        root = graph.test(Test::new(TOKEN, Relation::Equal, abi.arch.audit_token()), &[], calls, root);
    }
    let instructions = lay_out(&graph, root).map_err(|instructions| TooLong { instructions })?;
    // The layout only makes what the kernel takes; a test over random filters looks.
    Program::new(instructions).map_err(|refusal| TooLong { instructions: refusal.at })
}

/// The two ABIs that share a token are told apart by a bit of the number.
fn x86_64_and_x32(graph: &mut Graph, abi: &AbiRules, abis: &[AbiRules], stranger: NodeId) -> NodeId {
    let (plain, x32) = match abi.arch {
        Arch::X86_64 => (Some(abi), abis.iter().find(|other| other.arch == Arch::X32)),
        Arch::X32 => (None, Some(abi)),
        _ => return numbers(graph, abi),
    };
    let plain = plain.map_or(stranger, |abi| numbers(graph, abi));
    let x32 = x32.map_or(stranger, |abi| numbers(graph, abi));
    graph.test(Test::new(NUMBER, Relation::AtLeast, X32_BIT), &[], x32, plain)
}

/// The search for the number.
fn numbers(graph: &mut Graph, abi: &AbiRules) -> NodeId {
    let default = graph.answer(abi.default_action.to_ret());
    let unknown = graph.answer(Action::ENOSYS.to_ret());
    let mut ranges = Ranges { starts: vec![(0, default)] };
    let zero_is_unknown = abi.enosys_above.is_some() && matches!(abi.arch, Arch::S390 | Arch::S390x);
    if zero_is_unknown {
        ranges.set(0, unknown);
        ranges.set(1, default);
    }
    let highest = abi.enosys_above.unwrap_or(u32::MAX);
    for call in &abi.calls {
        if call.number > highest || (zero_is_unknown && call.number == 0) {
            continue;
        }
        let way = rules(graph, abi.arch, call, default);
        ranges.set(call.number, way);
        if let Some(next) = call.number.checked_add(1) {
            ranges.set(next, default);
        }
    }
    if let Some(next) = highest.checked_add(1) {
        ranges.set(next, unknown);
    }
    search(graph, &ranges.starts)
}

/// Where a new way begins, by rising number; neighbours differ.
struct Ranges {
    starts: Vec<(u32, NodeId)>,
}

impl Ranges {
    fn set(&mut self, start: u32, way: NodeId) {
        if self.starts.last().is_some_and(|(last, _)| *last == start) {
            self.starts.pop();
        }
        if self.starts.last().is_none_or(|(_, last)| *last != way) {
            self.starts.push((start, way));
        }
    }
}

fn search(graph: &mut Graph, ranges: &[(u32, NodeId)]) -> NodeId {
    match ranges {
        [] => graph.answer(0),
        [(_, way)] => *way,
        // One number among others that all go the same way needs one question, not two.
        [(_, before), (start, way), (end, behind)] if before == behind && start.checked_add(1) == Some(*end) => {
            graph.test(Test::new(NUMBER, Relation::Equal, *start), &[], *way, *before)
        }
        _ => {
            let (left, right) = ranges.split_at(ranges.len() / 2);
            let border = right.first().map_or(0, |(start, _)| *start);
            let (low, high) = (search(graph, left), search(graph, right));
            graph.test(Test::new(NUMBER, Relation::AtLeast, border), &[], high, low)
        }
    }
}

fn rules(graph: &mut Graph, arch: Arch, call: &CallRules, default: NodeId) -> NodeId {
    let mut next = default;
    for rule in call.rules.iter().rev() {
        let matched = graph.answer(rule.action.to_ret());
        next = condition::all(graph, arch, &rule.conditions, matched, next);
    }
    next
}
