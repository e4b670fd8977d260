use watertight_diagnostic::{Confidence, Finding, Fix, Rewrite, Safety, declare_meta};

use super::look::Look;
use super::told::Told;
use crate::tree::RuleKind;

declare_meta! {
    /// ## What it finds
    /// A rule whose pattern matches no name that the kernel ever asks about: it goes through a link such as `/proc/self`,
    /// or has an empty component.
    ///
    /// ## Why it matters
    /// AppArmor sees names after all links are followed. `/proc/self/status` is asked about as `/proc/123/status`,
    /// `/dev/fd/0` as `/proc/123/fd/0`. A rule on the link permits nothing, and a `deny` on it protects nothing.
    ///
    /// ## What to do
    /// Write the name that the link leads to: `/proc/[0-9]*/status`, or `@{PROC}/@{pid}/status` with `tunables/global`.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   deny /proc/self/mem rw,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   deny /proc/[0-9]*/mem rw,
    /// }
    /// ```
    NEVER_MATCHES = {
        id: "apparmor-never-matches",
        title: "A rule that matches nothing",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

/// Links that every system has, and where they lead. A `*` stands for any number.
const LINKS: &[(&str, &str, bool)] = &[
    ("/proc/self/", "/proc/[0-9]*/", true),
    ("/proc/thread-self/", "/proc/[0-9]*/task/[0-9]*/", true),
    ("/proc/mounts", "/proc/[0-9]*/mounts", true),
    ("/proc/net/", "/proc/[0-9]*/net/", true),
    ("/dev/fd/", "/proc/[0-9]*/fd/", true),
    ("/var/run/", "/run/", false),
    ("/var/lock/", "/run/lock/", false),
];

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    for rule in look.reasoning.never.iter().filter(|rule| look.is_own(**rule)) {
        let what = "No path matches this rule: a component of its pattern is empty.";
        found.push(
            Finding::new(&NEVER_MATCHES, look.location(*rule, ""), what)
                .why("Names of files never have two slashes in a row, so the rule does nothing.")
                .how("Take the surplus slash out."),
        );
    }
    for (place, rule) in look.profile.rules.iter().enumerate() {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let RuleKind::File(file) = &rule.rule.kind else { continue };
        let Some(path) = file.path.as_ref().filter(|_| look.is_own(place)) else { continue };
        let Some((link, target, always)) = LINKS.iter().find(|(link, ..)| goes_through(&path.value, link)) else {
            continue;
        };
        let what = if *always {
            ["`", link, "` is a link, and rules see where it leads: `", target, "`."].concat()
        } else {
            ["`", link, "` is a link on most systems, and rules see where it leads: `", target, "`."].concat()
        };
        let mut finding = Finding::new(&NEVER_MATCHES, look.location(place, ""), what)
            .why("AppArmor is asked about names after all links are followed, so this rule matches nothing.")
            .how("Write the name that the link leads to.");
        if !always {
            finding = finding.confidence(Confidence::Likely).severity(watertight_diagnostic::Severity::Low);
        }
        let written = path.span.slice(look.subject.text);
        if written.matches(link).count() == 1 {
            let rewrite = Rewrite { span: path.span, expect: written.to_owned(), text: written.replace(link, target) };
            finding = finding.fix(Fix {
                title: ["Write `", target, "`"].concat(),
                safety: Safety::ChangesBehaviour,
                level: None,
                file: look.subject.file,
                operations: Vec::new(),
                rewrites: vec![rewrite],
            });
        }
        found.push(finding);
    }
}

/// Whether a pattern can match nothing but names that go through a link.
fn goes_through(pattern: &str, link: &str) -> bool {
    pattern.strip_prefix(link).is_some_and(|rest| link.ends_with('/') || rest.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, underlined};

    const RULE: &str = "apparmor-never-matches";

    #[test]
    fn links_and_empty_components() {
        let text = "profile a {\n  /proc/self/status r,\n  deny \"/dev/fd/3\" w,\n  //a r,\n  /proc/*/status r,\n}\n";
        assert_eq!(underlined(RULE, text), ["//a r,", "/proc/self/status r,", "deny \"/dev/fd/3\" w,"]);
    }

    #[test]
    fn mended() {
        let text = "profile a {\n  /var/run/a.pid rw,\n}\n";
        assert_eq!(fixed(RULE, text), "profile a {\n  /run/a.pid rw,\n}\n");
    }
}
