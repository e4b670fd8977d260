use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A field of audit events that is compared with `<NA>`.
    ///
    /// ## Why it matters
    /// `<NA>` is how a missing value is printed. A comparison never sees it, so the condition does not mean what it
    /// says.
    ///
    /// ## What to do
    /// Write `exists`, or `not` with `exists`.
    UNSAFE_NA_CHECK = {
        id: "falco-unsafe-na-check",
        title: "Comparison with <NA> that cannot work",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [Falco "LOAD_UNSAFE_NA_CHECK"],
    }
}

pub(super) const SAID: Said = Said {
    meta: &UNSAFE_NA_CHECK,
    why: "`<NA>` is how a missing value is printed. A comparison never sees it, so the condition does not mean what it says.",
    how: "Write `exists`, or `not` with `exists`.",
};
