//! Rules of one call that libseccomp merges in a way that it promises nothing about.

use crate::{Condition, LoweredRule, Op};

/// With more rules than this for one call, pairs are not looked at any more: any two that could tangle count.
const MANY: usize = 64;

/// Whether libseccomp's own program may answer otherwise than "the first rule whose conditions all hold".
///
/// Its tree compares the two halves of an argument one after the other. Two bounds on the same argument, or "not equal"
/// beside other conditions, share branches of it, and where these part again a rule may be lost, or be asked about the
/// wrong half. Two equalities never do. On a thousand random sets of rules every answer of 2.6.1 that departs from plain
/// logic is of these kinds, and three of ten other sets are too.
pub(crate) fn is_tangled(rules: &[LoweredRule]) -> bool {
    if rules.len() > MANY {
        return (0..6).any(|index| {
            let conditions = rules.iter().flat_map(|rule| &rule.conditions);
            let risky =
                |condition: &&Condition| condition.index == index && (condition.op == Op::Ne || is_bound(condition));
            conditions.filter(risky).nth(1).is_some()
        });
    }
    let mut firsts = rules.iter().enumerate();
    firsts.any(|(at, one)| rules.iter().skip(at + 1).any(|other| are_tangled(one, other, rules.len() == 2)))
}

fn are_tangled(one: &LoweredRule, other: &LoweredRule, alone: bool) -> bool {
    let is_simple = one.conditions.len() == 1 && other.conditions.len() == 1;
    let is_same = one.action == other.action;
    let pairs = one.conditions.iter().flat_map(|a| other.conditions.iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.index == b.index).any(|(a, b)| {
        if is_bound(a) && is_bound(b) {
            return !(is_simple && part_cleanly(a, b, is_same, alone));
        }
        let (first, second) = (a.op == Op::Ne, b.op == Op::Ne);
        first && second && !(is_simple && is_same) || (first || second) && !is_simple
    })
}

/// Whether two bounds with the same upper half, each the whole of its rule, only meet where that does no harm.
fn part_cleanly(a: &Condition, b: &Condition, is_same: bool, alone: bool) -> bool {
    let (upper, is_lower) = (a.value >> 32, matches!(a.op, Op::Gt | Op::Ge));
    let are_opposite = is_lower != matches!(b.op, Op::Gt | Op::Ge);
    // Where the upper half is 0, nothing lies below it, so two upper bounds have no answer to disagree about there.
    upper == b.value >> 32 && (is_same || are_opposite || !is_lower && upper == 0 || is_lower && alone)
}

fn is_bound(condition: &Condition) -> bool {
    matches!(condition.op, Op::Lt | Op::Le | Op::Ge | Op::Gt)
}
