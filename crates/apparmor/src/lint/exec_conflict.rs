use watertight_diagnostic::declare_meta;

use super::Subject;
use super::told::Told;
use crate::refusal::Code;

declare_meta! {
    /// ## What it finds
    /// Two rules that start the same program in different ways, one with `ix` and one with `Px`, say. A rule without
    /// wildcards wins over one with some; two of the same sort clash wherever their patterns meet.
    ///
    /// ## Why it matters
    /// `apparmor_parser` cannot tell which of the two holds and refuses the whole file, often with no word about which
    /// rules it means. This is the fault that generated and merged profiles have most often.
    ///
    /// ## What to do
    /// Give both rules the same mode, narrow one of the patterns, or keep only one of them.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /usr/bin/* ix,
    ///   /usr/bin/a* Px,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /usr/bin/* ix,
    ///   /usr/bin/app Px,
    /// }
    /// ```
    EXEC_CONFLICT = {
        id: "apparmor-exec-conflict",
        title: "Two ways to start one program",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    subject.refusals(&EXEC_CONFLICT, &[Code::ExecConflict], |_, finding| {
        found.push(finding.how("Give both rules the same mode, or keep one of them."));
    });
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, underlined};

    #[test]
    fn where_patterns_meet() {
        let rule = "apparmor-exec-conflict";
        let text = "profile a {\n  /bin/* ix,\n  /bin/sh px,\n  /{usr/,}bin/?h ux,\n}\n";
        assert_eq!(underlined(rule, text), ["/{usr/,}bin/?h ux,"]);
        says(rule, text, "/bin/");
        assert_eq!(underlined(rule, "profile a {\n  owner /a ix,\n  other /a px,\n  /b* ix,\n  /b* ix,\n}\n"), [""; 0]);
        assert_eq!(underlined(rule, "profile a {\n  /a* ix,\n  priority=1 /a* px,\n}\n"), [""; 0]);
    }
}
