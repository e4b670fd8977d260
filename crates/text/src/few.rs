//! Lists of large items. Most hold one item or none, and the library makes room for four with the first; a few hold thousands,
//! and the library makes room for as many again. Where it counts how much stays empty, lists grow by less.

/// How many items a list has before it grows by half instead of doubling.
const MANY: usize = 64;

/// Adds an item at the end: with room for it alone where it is the first, and half more where there are many.
pub fn push<T>(items: &mut Vec<T>, item: T) {
    let count = items.len();
    if count == 0 {
        items.reserve_exact(1);
    } else if count >= MANY && count == items.capacity() {
        items.reserve_exact(count / 2);
    }
    items.push(item);
}

#[cfg(test)]
mod tests {
    #[test]
    fn room_for_what_is_there() {
        let mut items = Vec::new();
        super::push(&mut items, [0_u64; 8]);
        assert_eq!(items.capacity(), 1);
        super::push(&mut items, [1; 8]);
        assert_eq!(items, [[0; 8], [1; 8]]);
        (2..1_000).for_each(|at| super::push(&mut items, [at; 8]));
        assert!(items.len() == 1_000 && items.capacity() < 1_500, "{}", items.capacity());
    }
}
