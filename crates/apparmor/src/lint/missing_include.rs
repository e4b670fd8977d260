use watertight_diagnostic::declare_meta;

use super::Subject;
use super::told::Told;
use crate::refusal::Code;

declare_meta! {
    /// ## What it finds
    /// An include or a feature set (`abi`) that is known not to exist.
    ///
    /// ## Why it matters
    /// `apparmor_parser` refuses the whole file when an include is missing. An include with `if exists` is passed over.
    ///
    /// ## What to do
    /// Correct the name, or write `include if exists`. A name in `<…>` is looked up below `/etc/apparmor.d`.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   include <nowhere/web>
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   include if exists <nowhere/web>
    /// }
    /// ```
    MISSING_INCLUDE = {
        id: "apparmor-missing-include",
        title: "An include that does not exist",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    subject.refusals(&MISSING_INCLUDE, &[Code::Include, Code::Abi], |_, finding| {
        found.push(finding.how("Correct the name, or write `include if exists`."));
    });
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::underlined;

    #[test]
    fn only_what_is_known_to_be_missing() {
        let rule = "apparmor-missing-include";
        let text = "include <nowhere/x>\nprofile a {\n  include <local/a>\n  include if exists <nowhere/y>\n}\n";
        assert_eq!(underlined(rule, text), ["include <nowhere/x>"]);
    }
}
