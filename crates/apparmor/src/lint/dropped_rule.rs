use watertight_diagnostic::{Finding, declare_meta};

use super::Subject;
use super::told::Told;

declare_meta! {
    /// ## What it finds
    /// A rule in a block such as `deny { … }` that is not about paths, links or changes of profile, or a profile in such a
    /// block.
    ///
    /// ## Why it matters
    /// The parser reads the rule and then drops it without a word: only rules about files, links and `change_profile` go
    /// with a block. Parsers before version 4 refuse blocks with a prefix altogether.
    ///
    /// ## What to do
    /// Write the prefix in front of each rule, outside of the block.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   deny {
    ///     capability sys_admin,
    ///   }
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   deny capability sys_admin,
    /// }
    /// ```
    DROPPED_RULE = {
        id: "apparmor-dropped-rule",
        title: "A rule that the parser drops",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    for profile in subject.resolved.policy.walk() {
        for origin in &profile.dropped {
            let what = "The parser drops this rule, because it stands in a block with a prefix.";
            found.push(
                Finding::new(&DROPPED_RULE, subject.location(*origin, ""), what)
                    .why("Only rules about files, links and changes of profile go with a block; others have no effect.")
                    .how("Write the prefix in front of the rule itself, outside of the block."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::underlined;

    #[test]
    fn rules_of_other_kinds() {
        let text = "profile a {\n  deny {\n    /a w,\n    network raw,\n    { mount, }\n  }\n  network,\n}\n";
        assert_eq!(underlined("apparmor-dropped-rule", text), ["network raw,", "mount,"]);
    }
}
