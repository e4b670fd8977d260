use std::collections::HashMap;

use watertight_diagnostic::{Finding, Fix, Rewrite, Safety, declare_meta, listed};

use super::look::{Look, SHOWN, named};
use super::told::Told;
use crate::reason::Dead;
use crate::tree::{Action, Perms, RuleKind};

/// Rules that are named.
const NAMED: usize = 3;

declare_meta! {
    /// ## What it finds
    /// A rule that seems to permit something and does not, because a `deny` takes it away wherever the rule matches.
    ///
    /// ## Why it matters
    /// In AppArmor a `deny` beats every rule of the same priority; which one stands first never matters. What a `deny`
    /// refuses is not even logged, so the program fails and nothing says why.
    ///
    /// ## What to do
    /// Drop the `deny` when it only repeats what is refused anyway: without a rule that permits it, nothing is. Otherwise
    /// narrow it. AppArmor 4.1 and later also know `priority=1` in front of a rule that has to win.
    ///
    /// ## Bad
    /// ```apparmor
    /// profile web {
    ///   /** rm,
    ///   deny /** w,
    ///   /tmp/** rw,
    /// }
    /// ```
    ///
    /// ## Good
    /// ```apparmor
    /// profile web {
    ///   /** rm,
    ///   /tmp/** rw,
    /// }
    /// ```
    DEAD_ALLOW = {
        id: "apparmor-dead-allow",
        title: "A rule that a deny makes void",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Told) {
    let mut idle = Idle::default();
    for dead in look.reasoning.dead.iter().filter(|dead| look.is_own(dead.rule)) {
        found.extend(file(look, dead, &mut idle));
    }
    for (rule, denies) in &look.dead {
        if look.is_own(*rule) {
            let mut finding = Finding::new(&DEAD_ALLOW, look.location(*rule, ""), what(look, *rule, None, denies))
                .why("A `deny` beats every rule of the same priority, wherever it stands, and leaves no line in the log.")
                .how("Narrow the `deny`, or drop one of the two.");
            point_at(look, denies, &mut finding);
            found.push(finding);
        }
    }
}

fn file(look: &Look<'_>, dead: &Dead, idle: &mut Idle) -> Option<Finding> {
    let rule = look.rule(dead.rule)?;
    let RuleKind::File(file) = &rule.rule.kind else { return None };
    let letters = shown(dead.perms);
    let mut finding = Finding::new(&DEAD_ALLOW, look.location(dead.rule, ""), what(look, dead.rule, Some(&letters), &dead.denies))
        .why("A `deny` beats every rule of the same priority, wherever it stands, and leaves no line in the log.")
        .how("Drop the `deny` if what it refuses is permitted by no other rule, or narrow it. AppArmor 4.1 and later know `priority=1`, too.");
    point_at(look, &dead.denies, &mut finding);
    if let [deny] = dead.denies.as_slice()
        && look.is_own(*deny)
        && idle.without(look, *deny)
    {
        let title = ["Drop `", &look.written(look.rule(*deny)?.origin), "`"].concat();
        finding = finding.fix(fix(look, title, Safety::ChangesBehaviour, vec![look.removed(*deny)?]));
    }
    let text = look.subject.text;
    let written = file.perms_span.slice(text);
    let left: String = written.chars().filter(|letter| !letters.contains(letter.to_ascii_lowercase())).collect();
    let plain = written.chars().all(|letter| "rwamkl".contains(letter));
    if dead.wholly {
        finding = finding.fix(fix(
            look,
            "Drop the rule, which has no effect".to_owned(),
            Safety::Safe,
            vec![look.removed(dead.rule)?],
        ));
    } else if plain && !left.is_empty() && left != written {
        let title = ["Write `", &left, "`, which is all that is left of it"].concat();
        let rewrite = Rewrite { span: file.perms_span, expect: written.to_owned(), text: left };
        finding = finding.fix(fix(look, title, Safety::Safe, vec![rewrite]));
    }
    Some(finding)
}

/// Rules that are pointed at; the others are counted.
const POINTED_AT: usize = 50;

fn point_at(look: &Look<'_>, denies: &[u32], finding: &mut Finding) {
    finding.also(denies.iter().take(POINTED_AT).map(|deny| look.location(*deny, "takes it away")));
    finding.unlisted += denies.len().saturating_sub(POINTED_AT);
}

/// By the letters that a `deny` names: whether all rules that give one of them are void.
#[derive(Default)]
struct Idle(HashMap<u32, bool>);

impl Idle {
    /// Whether a `deny` refuses nothing that is permitted, but for rules that it makes void altogether: without it, those
    /// rules do what they say and nothing else changes. Of one that is too long to be shown nobody could see what he drops.
    fn without(&mut self, look: &Look<'_>, deny: u32) -> bool {
        let is_shown = look.rule(deny).is_some_and(|rule| rule.origin.span.len() <= SHOWN);
        let Some(entry) = look.compiled.entries_of(deny).next().filter(|_| is_shown) else { return false };
        let perms = entry.voice.perms;
        *self.0.entry(perms).or_insert_with(|| look.compiled.follows_all() && gives_nothing(look, perms))
    }
}

fn gives_nothing(look: &Look<'_>, perms: u32) -> bool {
    let entries = look.compiled.file_entries().iter();
    let mut giving = entries.filter(|other| other.voice.action != Action::Deny && other.voice.perms & perms != 0);
    giving.all(|other| {
        let lost = Perms(u8::try_from(other.voice.perms & perms & 0xff).unwrap_or_default());
        look.reasoning.dead_of(other.voice.rule).any(|dead| dead.perms.has(lost))
    })
}

fn fix(look: &Look<'_>, title: String, safety: Safety, rewrites: Vec<Rewrite>) -> Fix {
    Fix { title, safety, level: None, file: look.subject.file, operations: Vec::new(), rewrites }
}

fn what(look: &Look<'_>, rule: u32, letters: Option<&str>, denies: &[u32]) -> String {
    let written = |rule: u32| look.rule(rule).map(|rule| look.written(rule.origin)).unwrap_or_default();
    let names = named(denies.iter(), NAMED, |deny| written(*deny));
    let gives = match letters {
        Some(letters) => ["` gives no `", letters, "`: "].concat(),
        None => "` has no effect: ".to_owned(),
    };
    let takes = if names.len() == 1 { " takes it away." } else { " take it away." };
    ["`", &written(rule), &gives, &listed(&names, NAMED), takes].concat()
}

/// The letters as people write them: `w` says `a`, too.
fn shown(perms: Perms) -> String {
    let perms = if perms.has(Perms::WRITE) { perms.without(Perms::APPEND) } else { perms };
    Perms::LETTERS.iter().filter(|(perm, _)| perms.has(*perm)).map(|(_, letter)| *letter).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, underlined};

    const RULE: &str = "apparmor-dead-allow";

    #[test]
    fn the_profile_of_the_article() {
        let text = "profile c flags=(attach_disconnected) {\n  deny /** w,\n  /tmp/** rw,\n  deny network raw,\n}\n";
        assert_eq!(underlined(RULE, text), ["/tmp/** rw,"]);
        says(RULE, text, "`/tmp/** rw,` gives no `w`: `deny /** w,` takes it away.");
        assert_eq!(
            fixed(RULE, text),
            "profile c flags=(attach_disconnected) {\n  /tmp/** rw,\n  deny network raw,\n}\n"
        );
    }

    #[test]
    fn a_deny_that_is_needed_stays() {
        let text = "profile c {\n  /** rw,\n  deny /etc/** w,\n  /etc/app/* rw,\n}\n";
        assert_eq!(fixed(RULE, text), "profile c {\n  /** rw,\n  deny /etc/** w,\n  /etc/app/* r,\n}\n");
        let text = "profile c {\n  /** rw,\n  deny /etc/** w,\n  /etc/app/* w,\n}\n";
        assert_eq!(fixed(RULE, text), "profile c {\n  /** rw,\n  deny /etc/** w,\n}\n");
    }

    #[test]
    fn rules_of_other_kinds() {
        let dead = |rules: &str| underlined(RULE, &format!("profile c {{\n{rules}\n}}\n")).len();
        assert_eq!(dead("mount options=(rslave) -> /,\ndeny mount,"), 1);
        assert_eq!(dead("mount options=(rslave) -> /,\ndeny mount fstype=proc,"), 0);
        assert_eq!(dead("capability chown,\ndeny capability chown,"), 1);
        assert_eq!(dead("capability,\ndeny capability chown,"), 0);
        assert_eq!(dead("network inet raw,\ndeny network raw,"), 1);
        assert_eq!(dead("network,\ndeny network raw,"), 0);
        assert_eq!(dead("ptrace (read) peer=a,\ndeny ptrace,"), 1);
        assert_eq!(dead("signal (send),\ndeny signal (receive),"), 0);
        assert_eq!(dead("priority=1 network raw,\ndeny network raw,"), 0);
    }
}
