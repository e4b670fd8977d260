use watertight_diagnostic::declare_meta;

use super::Subject;
use super::told::Told;
use crate::refusal::Code;

declare_meta! {
    /// ## What it finds
    /// Something that can be read but that `apparmor_parser` refuses: permissions that exclude each other, a variable that
    /// is not declared, flags that contradict each other, a capability or a socket family that does not exist, a pattern
    /// that cannot be compiled, two profiles of one name.
    ///
    /// ## Why it matters
    /// The parser refuses the whole file, so none of its profiles is loaded. A pod that asks for such a profile does not
    /// start.
    ///
    /// ## What to do
    /// Mend the place that is shown.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /usr/bin/app rx,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /usr/bin/app rix,
    /// }
    /// ```
    REFUSED = {
        id: "apparmor-refused",
        title: "The parser refuses the profile",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

const CODES: &[Code] = &[
    Code::Permissions,
    Code::Glob,
    Code::Variable,
    Code::Condition,
    Code::Name,
    Code::Duplicate,
    Code::Flag,
    Code::Prefix,
    Code::Setting,
    Code::Mount,
    Code::Network,
    Code::Capability,
    Code::Rlimit,
    Code::Signal,
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    subject.refusals(&REFUSED, CODES, |_, finding| found.push(finding.how("Mend it here.")));
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, underlined};

    #[test]
    fn places() {
        let rule = "apparmor-refused";
        assert_eq!(underlined(rule, "profile a flags=(complian) {\n}\n"), ["complian"]);
        assert_eq!(underlined(rule, "profile a {\n  deny /a ix,\n  /b wa,\n}\n"), ["ix", "wa"]);
        assert_eq!(underlined(rule, "profile a {\n  capability CAP_KILL,\n  /@{X} r,\n}\n"), ["CAP_KILL", "/@{X} r,"]);
        assert_eq!(underlined(rule, "web {\n}\n"), ["web"]);
        says(rule, "profile a {\n  /a{b} r,\n}\n", "needs at least two branches");
    }
}
