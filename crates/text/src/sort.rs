//! Sorting in one copy of the code. The library's own makes a copy for every type and key, thousands of bytes each, and what
//! is sorted here is short.

use std::cmp::Ordering;

/// Sorts by a key; what has the same key stays in its order.
pub fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts by a comparison; what is the same stays in its order.
pub fn by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if items.is_sorted_by(|one, other| compare(one, other).is_le()) {
        return;
    }
    let at = |place: usize| items.get(place);
    let mut goes = places(items.len(), &|one, other| match (at(one), at(other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    });
    // Each swap brings one item to where it goes.
    for place in 0..items.len() {
        while let Some(&target) = goes.get(place).filter(|&&target| target != place) {
            items.swap(place, target);
            goes.swap(place, target);
        }
    }
}

/// For each place, where what stands there goes.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..count).collect();
    sorted.sort_by(|one, other| compare(*one, *other));
    let mut goes = vec![0; count];
    for (target, place) in sorted.into_iter().enumerate() {
        if let Some(slot) = goes.get_mut(place) {
            *slot = target;
        }
    }
    goes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_library_sorts() {
        let mut state: u32 = 7;
        for length in 0..200 {
            let mut items: Vec<(u32, usize)> = Vec::new();
            for place in 0..length {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                items.push(((state >> 16) % 20, place));
            }
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            by_key(&mut items, |item| item.0);
            assert_eq!(items, expected);
            expected.sort_by_key(|item| std::cmp::Reverse(item.1));
            by(&mut items, |one, other| other.1.cmp(&one.1));
            assert_eq!(items, expected);
        }
    }
}
