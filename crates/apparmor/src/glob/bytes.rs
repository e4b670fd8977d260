/// A set of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ByteSet([u64; 4]);

impl ByteSet {
    pub(super) const EMPTY: Self = Self([0; 4]);
    pub(super) const ALL: Self = Self([u64::MAX; 4]);

    /// The set with that byte in it too.
    #[must_use]
    pub(super) fn with(mut self, byte: u8) -> Self {
        for (word, bits) in self.0.iter_mut().enumerate() {
            if word == usize::from(byte >> 6) {
                *bits |= 1 << (byte & 63);
            }
        }
        self
    }

    /// The set with all bytes between the two, which may come in either order.
    #[must_use]
    pub(super) fn with_range(self, one: u8, other: u8) -> Self {
        (one.min(other)..=one.max(other)).fold(self, Self::with)
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
