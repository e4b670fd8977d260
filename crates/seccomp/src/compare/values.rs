//! Which values of an argument matter: one for each way in which the conditions on it can hold or fail.

use crate::{Arch, Condition, Op};
use watertight_text::sort;

/// No more candidates are tried for one argument.
const MAX_CANDIDATES: usize = 1 << 14;

/// A value for each of them. There is always one.
pub(super) fn classes(index: u8, conditions: &[&Condition], arch: Arch) -> Vec<u64> {
    let mut own: Vec<&Condition> = conditions.iter().copied().filter(|condition| condition.index == index).collect();
    sort::by(&mut own, Ord::cmp);
    own.dedup();
    let most = if arch.is_64_bit() { u64::MAX } else { 0xffff_ffff };
    let mut classes = Classes { conditions: &own, known: std::collections::BTreeSet::new(), classes: Vec::new() };
    // Values that a condition names come first, for they make the best witnesses.
    let mut candidates: Vec<u64> = own.iter().map(|condition| named(condition)).collect();
    candidates.push(0);
    for condition in &own {
        candidates.extend([condition.value.wrapping_add(1) & most, condition.value.wrapping_sub(1) & most]);
    }
    candidates.push(most);
    // A mask leaves bits free: what the others name, with the masked bits set right and set wrong.
    for mask in own.iter().filter(|condition| condition.op == Op::MaskedEq) {
        let (bits, wanted) = (mask.value & most, mask.value_two & mask.value & most);
        let lowest = bits & bits.wrapping_neg();
        for place in 0..candidates.len().min(MAX_CANDIDATES / 4) {
            let Some(&other) = candidates.get(place) else { break };
            let right = other & !bits | wanted;
            candidates.extend([right, right ^ lowest]);
        }
        candidates.sort_by_cached_key(|value| (value.count_ones(), *value));
        candidates.dedup();
    }
    for value in candidates.into_iter().take(MAX_CANDIDATES) {
        classes.add(value);
    }
    classes.classes
}

/// The value that a condition is about.
fn named(condition: &Condition) -> u64 {
    match condition.op {
        Op::MaskedEq => condition.value_two & condition.value,
        _ => condition.value,
    }
}

struct Classes<'a> {
    conditions: &'a [&'a Condition],
    known: std::collections::BTreeSet<Vec<u64>>,
    classes: Vec<u64>,
}

impl Classes<'_> {
    fn add(&mut self, value: u64) {
        let mut holds = vec![0_u64; self.conditions.len().div_ceil(64)];
        for (place, condition) in self.conditions.iter().enumerate() {
            if condition.holds(value)
                && let Some(word) = holds.get_mut(place / 64)
            {
                *word |= 1 << (place % 64);
            }
        }
        if self.known.insert(holds) {
            self.classes.push(value);
        }
    }
}
