use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use watertight_diagnostic::{Finding, Fix, Safety, declare_meta, listed};

use super::look::{Look, named};
use super::told::Told;
use crate::policy::Rule;
use crate::tree::{Action, Network, RuleKind};

/// Rules that are named.
const NAMED: usize = 4;

declare_meta! {
    /// ## What it finds
    /// `deny` rules of a kind that no other rule allows: they take nothing away.
    ///
    /// ## Why it matters
    /// What no rule allows is refused anyway. All that such a `deny` does is to keep the refusal out of the log, so it
    /// looks like protection and only hides why a program fails. The runtimes' default profiles need theirs because they
    /// allow everything first.
    ///
    /// ## What to do
    /// Drop it, or write `audit deny` to see what it refuses. Keep it where the silence is the point.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    ///   deny network raw,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /** rmix,
    ///   network inet stream,
    ///   deny network raw,
    /// }
    /// ```
    IDLE_DENY = {
        id: "apparmor-idle-deny",
        title: "A deny that only looks protective",
        category: Hygiene,
        severity: Info,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    if !look.is_whole()
        || !look.refuses()
        || look.profile.rules.iter().any(|rule| matches!(rule.rule.kind, RuleKind::All))
    {
        return;
    }
    let rules = || (0_u32..).zip(&look.profile.rules);
    let allows = rules().map(|(_, rule)| &rule.rule).filter(|rule| rule.prefix.action != Action::Deny);
    let allowed: HashSet<_> = allows.map(|rule| class(&rule.kind)).collect();
    let letters = allowed_letters(look);
    let idle: Vec<(u32, &Rule)> = rules()
        .filter(|(place, rule)| {
            rule.rule.prefix.action == Action::Deny && !rule.rule.prefix.audit && look.is_own(*place)
        })
        .filter(|(place, rule)| match &rule.rule.kind {
            RuleKind::File(_) | RuleKind::Link(_) => takes_none_of(look, *place, letters),
            kind => !allowed.contains(&class(kind)),
        })
        .collect();
    let [(first, _), others @ ..] = idle.as_slice() else { return };
    let names = named(idle.iter().map(|(_, rule)| rule.origin), NAMED, |origin| look.written(origin));
    let verb = if others.is_empty() {
        " takes nothing away: no rule allows it."
    } else {
        " take nothing away: no rule allows what they refuse."
    };
    let mut finding = Finding::new(&IDLE_DENY, look.location(*first, ""), [&listed(&names, NAMED), verb].concat())
        .why("What no rule allows is refused anyway; with the `deny` the refusal is not logged, which hides why a program fails.")
        .how("Drop it, or write `audit deny` to see what is refused.");
    for (other, _) in others {
        finding = finding.related(look.location(*other, "takes nothing away either"));
    }
    let rewrites: Vec<_> = idle.iter().filter_map(|(place, _)| look.removed(*place)).collect();
    found.push(finding.fix(Fix {
        title: "Drop what takes nothing away".to_owned(),
        safety: Safety::Safe,
        level: None,
        file: look.subject.file,
        operations: Vec::new(),
        rewrites,
    }));
}

/// What a rule is about. Sockets without a file are asked of two kinds of rules.
fn class(kind: &RuleKind) -> Discriminant<RuleKind> {
    match kind {
        RuleKind::Unix(_) => discriminant(&RuleKind::Network(Network::default())),
        kind => discriminant(kind),
    }
}

/// The letters that rules on paths allow.
fn allowed_letters(look: &Look<'_>) -> u32 {
    let entries = look.compiled.file_entries().iter();
    entries.filter(|entry| entry.voice.action != Action::Deny).fold(0, |perms, entry| perms | entry.voice.perms)
}

/// Whether a `deny` on paths names letters, and none of those that are allowed.
fn takes_none_of(look: &Look<'_>, place: u32, allowed: u32) -> bool {
    let mask = u32::from(u8::MAX);
    let denied = look.compiled.entries_of(place).fold(0, |perms, entry| perms | entry.voice.perms & mask);
    denied != 0 && allowed & denied == 0
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, underlined};

    const RULE: &str = "apparmor-idle-deny";

    #[test]
    fn the_profile_of_the_article() {
        let text = "profile c {\n  deny /** w,\n  /tmp/** rw,\n  deny network raw,\n  deny mount,\n  deny ptrace,\n}\n";
        assert_eq!(underlined(RULE, text), ["deny network raw,"]);
        says(RULE, text, "`deny network raw,`, `deny mount,` and `deny ptrace,` take nothing away");
        assert_eq!(fixed(RULE, text), "profile c {\n  deny /** w,\n  /tmp/** rw,\n}\n");
    }

    #[test]
    fn what_takes_something_away() {
        for rules in [
            "network,\ndeny network raw,",
            "all,\ndeny mount,",
            "/** r,\ndeny /a r,",
            "deny network raw,\nunix,",
            "audit deny mount,",
        ] {
            assert_eq!(underlined(RULE, &format!("profile c {{\n{rules}\n}}\n")), [""; 0], "{rules}");
        }
        assert_eq!(underlined(RULE, "profile c {\n/** r,\ndeny /a w,\n}\n"), ["deny /a w,"]);
    }
}
