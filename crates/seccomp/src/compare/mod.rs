//! Two filters beside each other by what they do, not by how they are written.

mod values;

use std::collections::{BTreeMap, BTreeSet};
use watertight_text::sort;

use crate::syscalls::table;
use crate::{AbiRules, Action, Arch, CallRules, Condition, Filter, LoweredRule, Syscall};
use values::classes;

/// Where two filters differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// Every ABI that one of them has, in the order of the left one.
    pub abis: Vec<AbiComparison>,
    /// Every combination of arguments that could matter was looked at. If not, a call has so many conditions that only
    /// the first [`MAX_COMBINATIONS`] were.
    pub is_complete: bool,
}

/// Where two filters differ for the calls of one ABI.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AbiComparison {
    /// The ABI.
    pub arch: Arch,
    /// Which of the filters has it. Where one does not, every call by it kills the thread there.
    pub presence: Presence,
    /// The differences by rising number. Empty where only one filter has the ABI.
    pub differences: Vec<Difference>,
    /// How many of the known calls are treated alike whatever their arguments are.
    pub same: usize,
}

/// Which of two filters has an ABI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Both.
    Both,
    /// The first one.
    Left,
    /// The second one.
    Right,
}

/// A call whose outcome differs, for some arguments or for all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its number. Where [`Difference::call`] is none, it stands for the numbers that no kernel has yet.
    pub number: u32,
    /// The call.
    pub call: Option<Syscall>,
    /// What the first filter does.
    pub left: Outcome,
    /// What the second filter does.
    pub right: Outcome,
    /// Arguments for which they do so.
    pub witness: [u64; 6],
    /// They differ, in this way, for all arguments.
    pub always: bool,
}

/// What a filter does to a call, and by what.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Outcome {
    /// What happens.
    pub action: Action,
    /// The place in [`Filter::rules`] of the rule that decides; none for the default and for runc's ENOSYS.
    pub rule: Option<usize>,
    /// What that rule asks of the arguments.
    pub conditions: Vec<Condition>,
}

/// No more combinations of arguments are looked at for one call.
pub const MAX_COMBINATIONS: usize = 1 << 16;

/// Compares two filters call by call.
pub fn compare(left: &Filter, right: &Filter) -> Comparison {
    let (left, right) = (left.by_abi(), right.by_abi());
    let mut comparison = Comparison { abis: Vec::new(), is_complete: true };
    for one in &left {
        let abi = match right.iter().find(|other| other.arch == one.arch) {
            Some(other) => compare_abi(one, other, &mut comparison.is_complete),
            None => alone(one.arch, Presence::Left),
        };
        comparison.abis.push(abi);
    }
    for other in right.iter().filter(|other| left.iter().all(|one| one.arch != other.arch)) {
        comparison.abis.push(alone(other.arch, Presence::Right));
    }
    comparison
}

/// Every action that a call can end in, whatever its arguments are. `None` where it has so many conditions that not all
/// combinations can be looked at.
pub fn outcomes(abi: &AbiRules, number: u32) -> Option<BTreeSet<Action>> {
    let side = Side::new(abi, number);
    let conditions: Vec<&Condition> = side.rules.iter().flat_map(|rule| &rule.conditions).collect();
    let classes: Vec<Vec<u64>> = (0..6).map(|index| classes(index, &conditions, abi.arch)).collect();
    let combinations = classes.iter().fold(1_usize, |product, classes| product.saturating_mul(classes.len()));
    (combinations <= MAX_COMBINATIONS).then(|| {
        let outcome = |combination| {
            let arguments = pick(&classes, combination);
            side.outcome(|condition| arguments.get(usize::from(condition.index)).is_some_and(|it| condition.holds(*it)))
        };
        (0..combinations).map(|combination| outcome(combination).action).collect()
    })
}

impl Comparison {
    /// Whether nothing differs.
    pub fn is_same(&self) -> bool {
        self.abis.iter().all(|abi| abi.presence == Presence::Both && abi.differences.is_empty())
    }
}

/// Whether two filters of the same ABIs and defaults treat the calls alike that either has rules for.
pub(crate) fn same_rules(left: &Filter, right: &Filter) -> bool {
    left.by_abi().iter().zip(&right.by_abi()).all(|(left, right)| {
        left.calls.iter().chain(&right.calls).all(|call| {
            let (one, other) = (Side::new(left, call.number), Side::new(right, call.number));
            let mut is_complete = true;
            compare_call(&one, &other, left.arch, &mut is_complete).is_empty() && is_complete
        })
    })
}

fn alone(arch: Arch, presence: Presence) -> AbiComparison {
    AbiComparison { arch, presence, differences: Vec::new(), same: 0 }
}

fn compare_abi(left: &AbiRules, right: &AbiRules, is_complete: &mut bool) -> AbiComparison {
    let mut differences = Vec::new();
    let mut same = 0;
    for number in numbers(left, right) {
        let call = Syscall::at(left.arch, number);
        let found = compare_call(&Side::new(left, number), &Side::new(right, number), left.arch, is_complete);
        if found.is_empty() && call.is_some() {
            same += 1;
        }
        let always = found.len() == 1 && found.iter().all(|found| found.always);
        differences.extend(found.into_iter().map(|Found { left, right, witness, .. }| Difference {
            number,
            call,
            left,
            right,
            witness,
            always,
        }));
    }
    AbiComparison { arch: left.arch, presence: Presence::Both, differences, same }
}

/// All numbers that have a name or a rule, and one behind each border where the answer to unknown numbers may change.
fn numbers(left: &AbiRules, right: &AbiRules) -> Vec<u32> {
    let table = table(left.arch);
    let mut numbers: Vec<u32> = table.iter().map(|(number, _)| *number).collect();
    numbers.extend(left.calls.iter().chain(&right.calls).map(|call| call.number));
    let borders = [left.enosys_above, right.enosys_above, numbers.iter().max().copied()];
    numbers.extend(borders.iter().flatten().filter_map(|number| number.checked_add(1)));
    sort::by(&mut numbers, Ord::cmp);
    numbers.dedup();
    numbers
}

/// What one filter says about one number.
struct Side<'a> {
    rules: &'a [LoweredRule],
    otherwise: Action,
}

impl<'a> Side<'a> {
    fn new(abi: &'a AbiRules, number: u32) -> Self {
        let hidden = number == 0 && matches!(abi.arch, Arch::S390 | Arch::S390x);
        if abi.enosys_above.is_some_and(|highest| number > highest || hidden) {
            return Self { rules: &[], otherwise: Action::ENOSYS };
        }
        let found = abi.calls.binary_search_by_key(&number, |call| call.number).ok();
        let rules = found.and_then(|at| abi.calls.get(at)).map_or(&[][..], |call: &CallRules| &call.rules);
        Self { rules, otherwise: abi.default_action }
    }

    fn outcome(&self, holds: impl Fn(&Condition) -> bool) -> Outcome {
        match self.rules.iter().find(|rule| rule.conditions.iter().all(&holds)) {
            Some(rule) => Outcome { action: rule.action, rule: Some(rule.rule), conditions: rule.conditions.clone() },
            None => Outcome { action: self.otherwise, rule: None, conditions: Vec::new() },
        }
    }
}

struct Found {
    left: Outcome,
    right: Outcome,
    witness: [u64; 6],
    always: bool,
}

fn compare_call(left: &Side<'_>, right: &Side<'_>, arch: Arch, is_complete: &mut bool) -> Vec<Found> {
    let conditions: Vec<&Condition> = left.rules.iter().chain(right.rules).flat_map(|rule| &rule.conditions).collect();
    let classes: Vec<Vec<u64>> = (0..6).map(|index| classes(index, &conditions, arch)).collect();
    let combinations = classes.iter().fold(1_usize, |product, classes| product.saturating_mul(classes.len()));
    if combinations > MAX_COMBINATIONS {
        *is_complete = false;
    }
    let mut found: BTreeMap<(Outcome, Outcome), [u64; 6]> = BTreeMap::new();
    let mut alike = false;
    for combination in 0..combinations.min(MAX_COMBINATIONS) {
        let arguments = pick(&classes, combination);
        let holds = |condition: &Condition| {
            arguments.get(usize::from(condition.index)).is_some_and(|argument| condition.holds(*argument))
        };
        let (left, right) = (left.outcome(holds), right.outcome(holds));
        if left.action == right.action {
            alike = true;
        } else {
            found.entry((left, right)).or_insert(arguments);
        }
    }
    let always = !alike;
    found.into_iter().map(|((left, right), witness)| Found { left, right, witness, always }).collect()
}

/// One value of each argument; `combination` counts through all of them.
fn pick(classes: &[Vec<u64>], mut combination: usize) -> [u64; 6] {
    let mut arguments = [0; 6];
    for (argument, classes) in arguments.iter_mut().zip(classes) {
        let count = classes.len().max(1);
        *argument = classes.get(combination % count).copied().unwrap_or_default();
        combination /= count;
    }
    arguments
}

#[cfg(test)]
mod tests;
