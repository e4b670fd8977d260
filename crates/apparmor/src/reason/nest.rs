//! Which patterns begin as others do.

use watertight_text::sort;

/// Calls `visit` for each item with the places of all items, itself included, whose key its own key starts with; stops
/// when `visit` says so.
pub(super) fn walk<T>(items: &[T], key: impl Fn(&T) -> &[u8], mut visit: impl FnMut(usize, &[usize]) -> bool) {
    let keys: Vec<&[u8]> = items.iter().map(&key).collect();
    let of = |place: usize| keys.get(place).copied().unwrap_or_default();
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort::by_key(&mut order, |place| of(*place));
    let mut around: Vec<usize> = Vec::new();
    for group in order.chunk_by(|one, other| of(*one) == of(*other)) {
        let Some(first) = group.first() else { continue };
        // In sorted order, what does not begin this key begins none that follows.
        while around.last().is_some_and(|last| !of(*first).starts_with(of(*last))) {
            around.pop();
        }
        around.extend(group);
        if !group.iter().all(|place| visit(*place, &around)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        let items = ["/a/b", "/", "/a/", "/c", "/a/"];
        let mut found = Vec::new();
        walk(
            &items,
            |item| item.as_bytes(),
            |place, around| {
                let mut around = around.to_vec();
                sort::by(&mut around, Ord::cmp);
                found.push((place, around));
                true
            },
        );
        sort::by(&mut found, Ord::cmp);
        let expected = [(0, vec![0, 1, 2, 4]), (1, vec![1]), (2, vec![1, 2, 4]), (3, vec![1, 3]), (4, vec![1, 2, 4])];
        assert_eq!(found, expected);
    }
}
