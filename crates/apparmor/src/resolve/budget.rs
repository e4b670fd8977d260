//! What variables, aliases and names of parents copy: a few bytes can ask for any number of copies of a long text.

/// Bytes of memory that the copies of the shortest text may take, and more for each byte of it.
const MEMORY: (usize, usize) = (12_000_000, 20);

/// Bytes that may be gone through to make them.
const WORK: (usize, usize) = (64_000_000, 32);

/// What a byte of a pattern takes once the pattern is compiled.
const COMPILED: usize = 18;

/// What is left for the copies that a file asks for.
#[derive(Debug)]
pub(super) struct Budget {
    memory: usize,
    work: usize,
}

impl Budget {
    /// For a text of so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        let of = |(least, each): (usize, usize)| least.saturating_add(bytes.saturating_mul(each));
        Self { memory: of(MEMORY), work: of(WORK) }
    }

    /// Adds what an included text of so many bytes may take.
    pub(super) fn grow(&mut self, bytes: usize) {
        self.memory = self.memory.saturating_add(bytes.saturating_mul(MEMORY.1));
        self.work = self.work.saturating_add(bytes.saturating_mul(WORK.1));
    }

    /// Whether there is room for a pattern of so many bytes, which is taken.
    #[must_use]
    pub(super) fn pattern(&mut self, bytes: usize) -> bool {
        take(&mut self.memory, bytes.saturating_mul(COMPILED))
    }

    /// The same for something that takes so many bytes as it is.
    #[must_use]
    pub(super) fn memory(&mut self, bytes: usize) -> bool {
        take(&mut self.memory, bytes)
    }

    /// Whether so many bytes may be gone through.
    #[must_use]
    pub(super) fn work(&mut self, bytes: usize) -> bool {
        take(&mut self.work, bytes)
    }
}

/// What does not fit takes nothing, so that smaller ones go on fitting.
fn take(left: &mut usize, wanted: usize) -> bool {
    let rest = left.checked_sub(wanted);
    *left = rest.unwrap_or(*left);
    rest.is_some()
}
