//! Rules that libseccomp refuses to have beside each other, with the error EEXIST.
//!
//! It keeps the rules of a call as a tree of comparisons, of 64-bit arguments by their halves. A new rule that ends on a
//! branch where earlier ones go on, or end, with another action is refused. Comparisons that only differ in the lower
//! half share the branch of the upper one: `a0 > 40 && a1 == 1` and `a0 > 3` cannot stand together. The other way round
//! they can, and the longer rule is lost (see [`crate::tangle`]). Checked against 2.6.1 on a thousand random sets.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use watertight_text::sort;

use crate::{Action, Condition, Op, SyscallRef};

/// The branches that the rules so far have made.
#[derive(Default)]
pub(crate) struct Branches {
    calls: BTreeMap<SyscallRef, Call>,
}

#[derive(Default)]
struct Call {
    /// Any rule without conditions silences the others, so nothing clashes with it.
    is_unconditional: bool,
    /// Where rules end.
    ends: Actions,
    /// Where rules go on to another argument.
    passes: Actions,
}

type Actions = BTreeMap<Vec<Step>, Found>;

/// What stands behind a branch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    One(Action),
    Several,
}

/// A comparison as the tree has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// All of it.
    Whole(Condition),
    /// The upper half of what is compared, and how.
    Upper(u8, Side, u64),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Below,
    Above,
    Beside,
}

impl Branches {
    /// Adds a rule, or says that it clashes with the earlier ones.
    pub(crate) fn add(&mut self, syscall: SyscallRef, conditions: &[Condition], action: Action, is_wide: bool) -> bool {
        let call = self.calls.entry(syscall).or_default();
        if call.is_unconditional {
            return true;
        }
        let steps = steps(conditions);
        let Some((last, before)) = steps.split_last() else {
            call.is_unconditional = true;
            return true;
        };
        let mut branch: Vec<Step> = before.iter().copied().map(Step::Whole).collect();
        branch.push(upper(last, is_wide));
        let differs = |found: Option<&Found>| found.is_some_and(|found| *found != Found::One(action));
        if differs(call.passes.get(&branch)) {
            return false;
        }
        branch.pop();
        branch.push(Step::Whole(*last));
        if differs(call.ends.get(&branch)) {
            return false;
        }
        note(&mut call.ends, branch, action);
        for at in 0..before.len() {
            let (head, rest) = steps.split_at(at);
            let mut branch: Vec<Step> = head.iter().copied().map(Step::Whole).collect();
            branch.extend(rest.first().map(|step| upper(step, is_wide)));
            note(&mut call.passes, branch, action);
        }
        true
    }
}

fn note(actions: &mut Actions, branch: Vec<Step>, action: Action) {
    match actions.entry(branch) {
        Entry::Vacant(place) => {
            place.insert(Found::One(action));
        }
        Entry::Occupied(mut place) => {
            if *place.get() != Found::One(action) {
                place.insert(Found::Several);
            }
        }
    }
}

/// The comparisons in the order of the tree, those without effect left out.
fn steps(conditions: &[Condition]) -> Vec<Condition> {
    let mut steps: Vec<Condition> = conditions.iter().filter(|condition| !condition.is_empty()).copied().collect();
    for step in &mut steps {
        // Only a comparison under a mask has a second value.
        step.value_two &= if step.op == Op::MaskedEq { step.value } else { 0 };
    }
    sort::by_key(&mut steps, |step| step.index);
    steps
}

fn upper(step: &Condition, is_wide: bool) -> Step {
    let side = match step.op {
        Op::Lt | Op::Le => Side::Below,
        Op::Gt | Op::Ge => Side::Above,
        Op::Ne => Side::Beside,
        Op::Eq | Op::MaskedEq => return Step::Whole(*step),
    };
    if is_wide { Step::Upper(step.index, side, step.value >> 32) } else { Step::Whole(*step) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Argument, operator, value.
    type Short = (u8, Op, u64);

    fn check(rules: &[(Action, &[Short])], expected: bool) {
        let mut branches = Branches::default();
        let call = SyscallRef::Name(crate::Syscall::from_name("read").unwrap());
        let accepted = rules.iter().all(|(action, conditions)| {
            let condition = |&(index, op, value): &Short| Condition { index, op, value, value_two: 0 };
            let conditions: Vec<Condition> = conditions.iter().map(condition).collect();
            branches.add(call, &conditions, *action, true)
        });
        assert_eq!(accepted, expected, "{rules:?}");
    }

    #[test]
    fn branches_with_two_actions() {
        let (allow, kill) = (Action::ALLOW, Action::KILL_THREAD);
        let long: &[_] = &[(0, Op::Gt, 40), (1, Op::Eq, 1)];
        check(&[(allow, long), (kill, &[(0, Op::Ge, 3)])], false);
        check(&[(allow, long), (allow, &[(0, Op::Ge, 3)])], true);
        check(&[(kill, &[(0, Op::Ge, 3)]), (allow, long)], true);
        check(&[(allow, long), (kill, &[(0, Op::Le, 3)])], true);
        check(&[(allow, long), (kill, &[(0, Op::Gt, 0x1_0000_0000)])], true);
        check(&[(allow, &[(0, Op::Ne, 5), (1, Op::Lt, 1)]), (kill, &[(0, Op::Ne, 9)])], false);
        check(&[(allow, &[(0, Op::Eq, 5), (1, Op::Lt, 1)]), (kill, &[(0, Op::Eq, 9)])], true);
        check(&[(allow, &[(0, Op::Eq, 5)]), (kill, &[(0, Op::Eq, 5)])], false);
        check(&[(allow, &[(1, Op::Eq, 5), (0, Op::Eq, 1)]), (kill, &[(0, Op::Eq, 1), (1, Op::Eq, 5)])], false);
        check(&[(allow, &[]), (kill, &[(0, Op::Eq, 5)]), (allow, &[(0, Op::Eq, 5)])], true);
    }
}
