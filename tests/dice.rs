//! Numbers that look random and are the same each time.

/// A small generator of numbers, so that a case can be made again from its seed.
pub struct Dice(u64);

impl Dice {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below that.
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % below.max(1)
    }

    /// One of them.
    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let place = self.roll(from.len());
        from.get(place).copied().unwrap_or_default()
    }

    /// Yes, but for one time in so many.
    pub fn often(&mut self, out_of: usize) -> bool {
        self.roll(out_of) != 0
    }

    /// A few of them with something between.
    pub fn some(&mut self, from: &[&str], most: usize, between: &[&str]) -> String {
        let between = self.pick(between);
        let count = 1 + self.roll(most);
        (0..count).map(|_| self.pick(from)).collect::<Vec<_>>().join(between)
    }
}
