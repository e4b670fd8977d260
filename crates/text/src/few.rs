//! Lists that mostly hold one item or none. The library makes room for four with the first, and where what a list holds is
//! large and the lists are many, three quarters of the memory stay empty.

/// Adds an item at the end, with room for it alone where it is the first.
pub fn push<T>(items: &mut Vec<T>, item: T) {
    if items.is_empty() {
        items.reserve_exact(1);
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
    }
}
