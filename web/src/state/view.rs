//! Which parts of the page are shown.

/// A tab on the right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    /// A lesson, or the list of them; only while there is one.
    Lesson,
    /// What was found.
    Findings,
    /// The ways out, and which layer closes each.
    Map,
    /// The hardened text, compared.
    Hardened,
    /// What the texts would do.
    Simulate,
    /// Texts made from these.
    Generate,
    /// The mitigation checklist.
    Checklist,
}

impl Tab {
    /// All tabs, in order.
    pub const ALL: [Self; 7] =
        [Self::Lesson, Self::Findings, Self::Map, Self::Hardened, Self::Simulate, Self::Generate, Self::Checklist];
}

/// A side of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The text.
    Text,
    /// The results.
    Results,
}
