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
    pub(super) fn with_range(self, one: u8, other: u8) -> Self {
        (one.min(other)..=one.max(other)).fold(self, Self::with)
    }

    /// The bytes of either set.
    #[must_use]
    pub(super) fn union(mut self, other: &Self) -> Self {
        for (bits, more) in self.0.iter_mut().zip(other.0) {
            *bits |= more;
        }
        self
    }

    /// The bytes that are not in the set.
    #[must_use]
    pub(super) fn complement(self) -> Self {
        Self(self.0.map(|bits| !bits))
    }

    /// How many bytes are in it.
    pub(super) fn len(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1)
    }
}
