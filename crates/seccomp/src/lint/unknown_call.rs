use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta};
use watertight_text::nearest;

use super::look::Look;
use crate::Syscall;

declare_meta! {
    /// ## What it finds
    /// A name that is no system call.
    ///
    /// ## Why it matters
    /// runc and crun pass over what libseccomp does not know, without a word. In a list of what is forbidden a typing
    /// mistake is a hole; in a list of what is allowed the program fails.
    ///
    /// ## What to do
    /// Correct the name. Names are written in lower case, as in syscalls(2).
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["init_modul"], "action": "SCMP_ACT_ERRNO"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["init_module", "finit_module"], "action": "SCMP_ACT_ERRNO"}]
    /// }
    /// ```
    UNKNOWN_CALL = {
        id: "seccomp-unknown-call",
        title: "No system call has this name",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

/// Names whose like is looked for; a file with more of them is none.
const MOST_GUESSES: usize = 200;

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let mut guesses = 0;
    for entry in &look.profile.entries {
        let lets_pass = entry.action_for(look.subject.reader).is_ok_and(|action| action.lets_pass());
        for name in entry.names_for(look.subject.reader) {
            if Syscall::from_name(&name.value).is_some() {
                continue;
            }
            let is_hole = !lets_pass && look.lets_by_default();
            let what = ["No system call is named `", &name.value, "`; the runtime passes it over without a word."];
            let why =
                if is_hole { "The call that was meant runs." } else { "The entry does not do what it seems to do." };
            let mut finding = Finding::new(&UNKNOWN_CALL, look.written(name, ""), what.concat())
                .severity(if is_hole { Severity::High } else { Severity::Medium })
                .why(why)
                .how("Correct the name, or take it away.");
            guesses += 1;
            let like = if guesses <= MOST_GUESSES { meant(&name.value) } else { None };
            if let Some(meant) = like {
                finding.how = ["Did you mean `", meant, "`?"].concat().into();
                let operations = vec![Operation::set(name.route.clone(), meant)];
                let title = ["Write ", meant].concat();
                finding = finding.fix(look.fix(title, Safety::ChangesBehaviour, operations));
            }
            found.push(finding);
        }
    }
}

/// The call that was meant: the same but for case and what people put before it, or nearly the same.
fn meant(written: &str) -> Option<&'static str> {
    let lower = written.trim().to_ascii_lowercase();
    let plain = ["__nr_", "sys_", "__x64_sys_"].iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
    let known = Syscall::from_name(plain).map(Syscall::name);
    known.or_else(|| nearest(plain, Syscall::all().map(Syscall::name)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, findings_of, fixed, of, profile};
    use super::meant;
    use watertight_diagnostic::Severity;

    #[test]
    fn what_was_meant() {
        for (written, expected) in [
            ("Read", Some("read")),
            ("sys_openat", Some("openat")),
            ("init_modul", Some("init_module")),
            ("frobnicate", None),
            ("", None),
        ] {
            assert_eq!(meant(written), expected, "{written}");
        }
    }

    #[test]
    fn a_hole_is_worse() {
        let rule = "seccomp-unknown-call";
        check(rule, &profile(&[&allow("read OPENAT")]), &["\"OPENAT\""]);
        assert_eq!(fixed(rule, &profile(&[&allow("read OPENAT")])), profile(&[&allow("read openat")]));
        let deny = of("SCMP_ACT_ALLOW", &["\"names\": [\"mont\"], \"action\": \"SCMP_ACT_ERRNO\""]);
        assert_eq!(findings_of(rule, &deny)[0].severity, Severity::High);
    }
}
