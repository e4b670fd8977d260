/// A set of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(super) const EMPTY: Self = Self([0; 4]);
    pub(super) const ALL: Self = Self([u64::MAX; 4]);

    /// The set of just these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        bytes.iter().fold(Self::EMPTY, |set, byte| set.with(*byte))
    }

    /// The set with that byte in it too.
    #[must_use]
    pub(super) fn with(mut self, byte: u8) -> Self {
        if let Some(bits) = self.0.get_mut(usize::from(byte >> 6)) {
            *bits |= 1 << (byte & 63);
        }
        self
    }

    /// The set with all bytes between the two, which may come in either order.
    #[must_use]
    pub(super) fn with_range(mut self, one: u8, other: u8) -> Self {
        let below = |end: usize, word: usize| match end.saturating_sub(word * 64) {
            bits @ 0..64 => (1u64 << bits) - 1,
            _ => u64::MAX,
        };
        let (first, end) = (usize::from(one.min(other)), usize::from(one.max(other)) + 1);
        for (word, bits) in self.0.iter_mut().enumerate() {
            *bits |= below(end, word) & !below(first, word);
        }
        self
    }

    /// The bytes that are not in the set.
    #[must_use]
    pub(super) fn complement(self) -> Self {
        Self(self.0.map(|bits| !bits))
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (one, other) in [(0, 0), (0, 255), (b'a', b'f'), (b'f', b'a'), (63, 64), (64, 127), (1, 254), (255, 255)] {
            let set = ByteSet::of(b"q").with_range(one, other);
            for byte in 0..=255 {
                let expected = byte == b'q' || (one.min(other)..=one.max(other)).contains(&byte);
                assert_eq!(set.contains(byte), expected, "{one}-{other} {byte}");
            }
        }
    }
}
