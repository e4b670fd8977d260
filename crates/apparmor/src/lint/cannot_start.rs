use watertight_diagnostic::{Finding, Fix, Rewrite, Safety, declare_meta};

use super::look::Look;
use super::told::Told;
use crate::decide::{Operation, Reason, flags::Mode};
use crate::start::{self, Linkage};
use crate::tree::{Action, Perms};

declare_meta! {
    /// ## What it finds
    /// A profile for containers under which no file can be mapped as code, so that nothing at all can start.
    ///
    /// ## Why it matters
    /// The runtime puts the profile on at the moment the program starts. The kernel then maps the program under the new
    /// profile, which takes `r` and `m` on its file, on its loader and on every library. What no rule allows is refused:
    /// a profile of nothing but `deny` rules lets nothing run, and the container ends with "permission denied".
    ///
    /// ## What to do
    /// Allow first what the program needs, then take away from it.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   deny network raw,
    ///   /tmp/** rw,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    ///   /tmp/** rw,
    /// }
    /// ```
    CANNOT_START = {
        id: "apparmor-cannot-start",
        title: "No program can start under the profile",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    if !look.is_whole() || !look.is_for_containers() || !look.refuses() || maps_something(look) {
        return;
    }
    let steps = start::simulate(&look.compiled, look.policy, look.profile, Linkage::Dynamic);
    let failing: Vec<&str> =
        steps.iter().filter(|(_, verdict)| !verdict.allowed()).map(|(step, _)| step.what).collect();
    let why = [
        "What no rule allows is refused. These steps of a start fail, in this order: ",
        &failing.join("; "),
        ". The container ends with \"permission denied\".",
    ]
    .concat();
    let mut finding = Finding::new(
        &CANNOT_START,
        look.head(),
        "Nothing can start under this profile: no rule lets a file be mapped as code (`m`).",
    )
    .why(why)
    .how("Allow what the program needs to be read, mapped and started, and then take away from it.");
    if let Some((span, indent)) = look.top() {
        let mut text = ["\n", &indent, "/** rmix,"].concat();
        // Programs write to these all the time; under a `deny` a rule for them would say nothing.
        let null = Operation::File { path: "/dev/null".to_owned(), perms: Perms::WRITE, owner: false };
        if look.decide(&null).reason != Reason::DenyRule {
            text.push_str(&["\n", &indent, "/dev/{null,zero,full,tty,pts/*} rw,"].concat());
        }
        finding = finding.fix(Fix {
            title: "Let every file be read, mapped and started".to_owned(),
            safety: Safety::ChangesBehaviour,
            level: None,
            file: look.subject.file,
            operations: Vec::new(),
            rewrites: vec![Rewrite { span, expect: String::new(), text }],
        });
    }
    found.push(finding);
}

/// Whether any path at all may be mapped. Starting a program under the same profile maps it, too. A rule whose `m` a
/// `deny` takes away everywhere does not count.
fn maps_something(look: &Look<'_>) -> bool {
    let maps = u32::from(Perms::MAP.0 | Perms::EXEC.0);
    let dead = |rule: u32| look.reasoning.dead_of(rule).any(|dead| dead.perms.has(Perms::MAP));
    let mut entries = look.compiled.file_entries().iter();
    entries.any(|entry| entry.voice.action != Action::Deny && entry.voice.perms & maps != 0 && !dead(entry.voice.rule))
}

impl Look<'_> {
    /// Whether what no rule allows is refused.
    pub(super) fn refuses(&self) -> bool {
        matches!(self.compiled.flags.mode, Mode::Enforce | Mode::Kill)
    }
}

#[cfg(test)]
mod tests {
    use crate::decide::Compiled;
    use crate::lint::testing::{fixed, says, underlined};
    use crate::resolve;
    use crate::shipped::Shipped;
    use crate::start::{self, Linkage};
    use crate::tree::Perms;

    const RULE: &str = "apparmor-cannot-start";

    #[test]
    fn the_profile_of_the_article() {
        let text = "profile c flags=(attach_disconnected) {\n  deny /** w,\n  /tmp/** rw,\n  deny network raw,\n}\n";
        assert_eq!(underlined(RULE, text), ["profile c flags=(attach_disconnected)"]);
        says(RULE, text, "no rule lets a file be mapped");
        assert_eq!(
            fixed(RULE, text),
            "profile c flags=(attach_disconnected) {\n  /** rmix,\n  deny /** w,\n  /tmp/** rw,\n  deny network raw,\n}\n"
        );
    }

    #[test]
    fn the_mended_profile_of_the_article_lets_a_shell_start() {
        let mut text = String::from("profile c {\n  deny /** w,\n  /tmp/** rw,\n  deny mount,\n}\n");
        for rule in [RULE, "apparmor-dead-allow", "apparmor-idle-deny"] {
            text = fixed(rule, &text);
        }
        let resolved = resolve(&text, &Shipped);
        let profile = &resolved.policy.profiles[0];
        let compiled = Compiled::new(&resolved.policy, profile);
        for linkage in [Linkage::Static, Linkage::Dynamic] {
            for (step, verdict) in start::simulate(&compiled, &resolved.policy, profile, linkage) {
                assert!(verdict.allowed(), "{text}: {}", step.what);
            }
        }
        assert!(compiled.file_perms("/tmp/a", true).allowed.has(Perms::WRITE));
        assert!(!compiled.file_perms("/etc/a", true).allowed.has(Perms::WRITE));
    }

    #[test]
    fn what_may_start() {
        for text in [
            "profile c {\n  file,\n}\n",
            "profile c {\n  /usr/bin/* rix,\n}\n",
            "profile c {\n  all,\n}\n",
            "profile c flags=(complain) {\n}\n",
            "profile c flags=(unconfined) {\n}\n",
            "profile c /usr/bin/c {\n}\n",
            "profile c {\n  include <abstractions/nobody-knows>\n}\n",
        ] {
            assert_eq!(underlined(RULE, text), [""; 0], "{text}");
        }
        assert_eq!(underlined(RULE, "profile c {\n  /** rm,\n  deny /** m,\n}\n").len(), 1);
    }
}
