use watertight_diagnostic::{Finding, Fix, Rewrite, Safety, declare_meta};
use watertight_text::Span;

use super::Subject;
use super::told::Told;
use crate::policy::SourceId;
use crate::tree::RuleKind;

declare_meta! {
    /// ## What it finds
    /// A file that does not say for which feature set (`abi`) it is written.
    ///
    /// ## Why it matters
    /// The feature set decides which rules are enforced. Without one, `apparmor_parser` takes the one that the node's
    /// `parser.conf` names, or an old one of its own: rules about user namespaces, `io_uring` and message queues are then
    /// dropped without a word, on some nodes those about networks, mounts and ptrace as well.
    ///
    /// ## What to do
    /// Write `abi <abi/4.0>,` at the top, or `abi <abi/3.0>,` for nodes whose AppArmor is older than 4.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /srv/** r,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// abi <abi/3.0>,
    /// profile web {
    ///   /srv/** r,
    /// }
    /// ```
    MISSING_ABI = {
        id: "apparmor-missing-abi",
        title: "No feature set is named",
        category: Hygiene,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, found: &mut Told) {
    let policy = &subject.resolved.policy;
    let Some(first) = policy.profiles.iter().find(|profile| profile.origin.source == SourceId::TEXT) else { return };
    if policy.abi.is_some() || !policy.unknown.is_empty() {
        return;
    }
    let newer = |kind: &RuleKind| {
        matches!(kind, RuleKind::Userns(_) | RuleKind::IoUring(_) | RuleKind::Mqueue(_) | RuleKind::All)
    };
    let needs_newest = policy.walk().iter().any(|profile| profile.rules.iter().any(|rule| newer(&rule.rule.kind)));
    let abi = if needs_newest { "abi <abi/4.0>,\n" } else { "abi <abi/3.0>,\n" };
    let location =
        watertight_diagnostic::Location { file: subject.file, span: first.head, route: None, label: String::new() };
    let finding = Finding::new(
        &MISSING_ABI,
        location,
        "The file does not name the feature set (`abi`) it is written for.",
    )
    .why(
        "Which rules are enforced then depends on the node: those that its default does not know are dropped silently.",
    )
    .how(["Write `", abi.trim_end(), "` at the top."].concat())
    .fix(Fix {
        title: ["Write `", abi.trim_end(), "` at the top"].concat(),
        safety: Safety::ChangesBehaviour,
        level: None,
        file: subject.file,
        operations: Vec::new(),
        rewrites: vec![Rewrite { span: Span::at(top(subject.text)), expect: String::new(), text: abi.to_owned() }],
    });
    found.push(finding);
}

/// Behind a byte order mark and the comment that a file begins with.
fn top(text: &str) -> usize {
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while let Some(rest) = text.get(at..).filter(|rest| rest.starts_with('#') && !rest.starts_with("#include")) {
        let Some(line) = rest.find('\n') else { return 0 };
        at += line + 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, underlined};

    const RULE: &str = "apparmor-missing-abi";

    #[test]
    fn at_the_top() {
        assert_eq!(underlined(RULE, "# a\nprofile a {\n}\n"), ["profile a"]);
        assert_eq!(fixed(RULE, "# a\nprofile a {\n}\n"), "# a\nabi <abi/3.0>,\nprofile a {\n}\n");
        assert_eq!(fixed(RULE, "profile a {\n  userns,\n}\n"), "abi <abi/4.0>,\nprofile a {\n  userns,\n}\n");
        assert_eq!(underlined(RULE, "@{X}=a\n"), [""; 0]);
    }
}
