use watertight_diagnostic::{Finding, Fix, Rewrite, Safety, declare_meta};

use super::look::Look;
use super::told::Told;
use crate::decide::{Operation, Outcome};

declare_meta! {
    /// ## What it finds
    /// A profile for containers that lets no signal in from outside.
    ///
    /// ## Why it matters
    /// To stop a container the runtime sends it a signal, and AppArmor asks both ends. A profile without a rule for it
    /// refuses, and the container can be neither stopped nor removed in the usual way.
    ///
    /// ## What to do
    /// Let signals in from tasks without a profile, as the runtimes' own profiles do.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    ///   signal (receive) peer=unconfined,
    /// }
    /// ```
    CANNOT_BE_STOPPED = {
        id: "apparmor-cannot-be-stopped",
        title: "The runtime's signals do not come in",
        category: Correctness,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    if !look.is_whole() || !look.is_for_containers() || !look.refuses() {
        return;
    }
    let signal = |name: &str| Operation::Signal {
        access: "receive".to_owned(),
        signal: name.to_owned(),
        peer: "unconfined".to_owned(),
    };
    let verdict = look.decide(&signal("kill"));
    if verdict.outcome != Outcome::Denied {
        return;
    }
    let denying = verdict.rules.iter().find(|rule| rule.denies);
    let at = denying.map_or_else(|| look.head(), |rule| look.location(rule.rule, ""));
    let mut finding = Finding::new(
        &CANNOT_BE_STOPPED,
        at,
        "The runtime cannot stop a container under this profile: no signal comes in from outside.",
    )
    .why("AppArmor asks both ends of a signal, and what no rule allows is refused.")
    .how("Let signals in from tasks without a profile, as the runtimes' own profiles do.");
    if let (None, Some((span, indent))) = (denying, look.top()) {
        let text = ["\n", &indent, "signal (receive) peer=unconfined,"].concat();
        finding = finding.fix(Fix {
            title: "Let signals in from tasks without a profile".to_owned(),
            safety: Safety::Safe,
            level: None,
            file: look.subject.file,
            operations: Vec::new(),
            rewrites: vec![Rewrite { span, expect: String::new(), text }],
        });
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, underlined};

    const RULE: &str = "apparmor-cannot-be-stopped";

    #[test]
    fn signals() {
        assert_eq!(underlined(RULE, "profile a {\n  file,\n}\n"), ["profile a"]);
        assert_eq!(underlined(RULE, "profile a {\n  signal,\n}\n"), [""; 0]);
        assert_eq!(underlined(RULE, "profile a {\n  deny signal (receive),\n}\n"), ["deny signal (receive),"]);
        assert_eq!(fixed(RULE, "profile a {\n}\n"), "profile a {\n  signal (receive) peer=unconfined,\n}\n");
    }
}
