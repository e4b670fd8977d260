use super::Said;

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// Lists of lists or macros of macros that make a condition larger than this program looks at. Falco itself has no
    /// such limit but the machine's memory.
    ///
    /// ## Why it matters
    /// Nobody can say what the rule does, and Falco may not get through it either.
    ///
    /// ## What to do
    /// Make the lists and macros simpler.
    LIMIT = {
        id: "falco-limit",
        title: "More than is looked at",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

pub(super) const SAID: Said = Said {
    meta: &LIMIT,
    why: "Nobody can say what the rule does, and Falco may not get through it either.",
    how: "Make the lists and macros simpler.",
};
