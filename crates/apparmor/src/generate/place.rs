//! Where the rules that a log asks for go in a file of profiles.

use std::collections::HashSet;

use watertight_diagnostic::Rewrite;
use watertight_text::Span;

use super::audit::Proposed;
use crate::decide::{Compiled, Outcome, Reason};
use crate::policy::{Origin, SourceId};
use crate::resolve::Resolved;

/// What becomes of the rules that were asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placed {
    /// Changes of the text, one a profile.
    pub rewrites: Vec<Rewrite>,
    /// How many rules they add.
    pub added: usize,
    /// Rules that are not added.
    pub left: Vec<Left>,
}

/// A rule that is not added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// Which of those that were asked for.
    pub index: usize,
    /// Why, as a sentence.
    pub why: String,
    /// The rule that decides already.
    pub place: Option<Origin>,
}

/// Adds rules at the end of the profiles that need them. A rule that is there already, or that a `deny` would eat, is not
/// added: it would change nothing.
pub fn place(text: &str, resolved: &Resolved, wanted: &[Proposed]) -> Placed {
    let mut placed = Placed::default();
    for profile in resolved.policy.walk() {
        let mine = |proposed: &&Proposed| proposed.profile == profile.full_name;
        if !wanted.iter().any(|proposed| mine(&proposed)) {
            continue;
        }
        let compiled = Compiled::new(&resolved.policy, profile);
        let mut rules: Vec<&str> = Vec::new();
        for (index, proposed) in wanted.iter().enumerate().filter(|(_, proposed)| mine(proposed)) {
            let verdict = compiled.decide(&resolved.policy, profile, &proposed.operation);
            let place = verdict.rules.first().map(|deciding| deciding.origin);
            let why = match (verdict.outcome, &verdict.reason) {
                (_, Reason::DenyRule) => {
                    "A `deny` refuses it, and a `deny` beats every other rule: narrow that one instead."
                }
                (Outcome::Allowed, Reason::Rule) => {
                    "The profile allows it already: load it again on the node, which has an older one."
                }
                _ => {
                    rules.push(&proposed.text);
                    continue;
                }
            };
            placed.left.push(Left { index, why: why.to_owned(), place });
        }
        if rules.is_empty() {
            continue;
        }
        match insertion(text, profile.origin, &rules) {
            Some(rewrite) => {
                placed.added += rules.len();
                placed.rewrites.push(rewrite);
            }
            None => {
                let all = wanted.iter().enumerate().filter(|(_, proposed)| mine(proposed));
                let why = "The profile comes from an include, so the rule has to be added there.".to_owned();
                placed.left.extend(all.map(|(index, _)| Left { index, why: why.clone(), place: None }));
            }
        }
    }
    let names: HashSet<&str> = resolved.policy.walk().iter().map(|profile| profile.full_name.as_str()).collect();
    for (index, proposed) in wanted.iter().enumerate() {
        if !names.contains(proposed.profile.as_str()) {
            let why = ["The text holds no profile `", &proposed.profile, "`."].concat();
            placed.left.push(Left { index, why, place: None });
        }
    }
    placed.left.sort_by_key(|left| left.index);
    placed
}

/// Rules in front of the brace that ends a profile.
fn insertion(text: &str, origin: Origin, rules: &[&str]) -> Option<Rewrite> {
    if origin.source != SourceId::TEXT {
        return None;
    }
    let whole = origin.span.slice(text);
    let brace = origin.span.start as usize + whole.rfind('}')?;
    let before = text.get(..brace)?;
    let blank = before.len() - before.trim_end_matches([' ', '\t']).len();
    let alone = before.get(..brace - blank).is_some_and(|rest| rest.ends_with('\n'));
    let line = text.get(..origin.span.start as usize)?.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
    let end = if whole.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = String::new();
    if !alone {
        new.push_str(end);
    }
    for rule in rules {
        new.push_str(&[&indent, "  ", rule, end].concat());
    }
    // In front of the blanks before the brace, which then stands where it stood; else the brace gets a line.
    let at = if alone { brace - blank } else { brace };
    if !alone {
        new.push_str(&indent);
    }
    Some(Rewrite { span: Span::at(at), expect: String::new(), text: new })
}

#[cfg(test)]
mod tests {
    use watertight_text::{Edit, apply};

    use super::*;
    use crate::generate::audit;
    use crate::resolve::resolve;
    use crate::shipped::Shipped;

    fn log(entries: &[(&str, &str, &str)]) -> String {
        let line = |&(profile, path, mask): &(&str, &str, &str)| {
            format!(
                "apparmor=\"DENIED\" operation=\"open\" profile=\"{profile}\" name=\"{path}\" denied_mask=\"{mask}\"\n"
            )
        };
        entries.iter().map(line).collect()
    }

    #[track_caller]
    fn check(text: &str, entries: &[(&str, &str, &str)], expected: &str) -> Vec<Left> {
        let (wanted, _) = audit::rules(&log(entries));
        let resolved = resolve(text, &Shipped);
        let placed = place(text, &resolved, &wanted);
        let edits: Vec<Edit> =
            placed.rewrites.iter().map(|rewrite| Edit::replace(rewrite.span, rewrite.text.clone())).collect();
        let after = apply(text, &edits).unwrap();
        assert_eq!(after, expected);
        // With them in place, nothing is asked for again.
        let resolved = resolve(&after, &Shipped);
        assert_eq!(resolved.refusals, []);
        assert_eq!(place(&after, &resolved, &wanted).added, 0);
        placed.left
    }

    #[test]
    fn at_the_end_of_each_profile() {
        check(
            "profile a {\n  /x r,\n}\nprofile b { }\n",
            &[("a", "/y", "r"), ("a", "/z", "w"), ("b", "/y", "r")],
            "profile a {\n  /x r,\n  /y r,\n  /z w,\n}\nprofile b { \n  /y r,\n}\n",
        );
        check(
            "profile a {\r\n  profile c {\r\n  }\r\n}\r\n",
            &[("a//c", "/y", "r")],
            "profile a {\r\n  profile c {\r\n    /y r,\r\n  }\r\n}\r\n",
        );
    }

    #[test]
    fn what_would_change_nothing() {
        let text = "profile a {\n  /x r,\n  deny /y r,\n}\n";
        let left = check(text, &[("a", "/x", "r"), ("a", "/y", "r"), ("q", "/y", "r")], text);
        let why: Vec<_> = left.iter().map(|left| (left.index, left.why.split(' ').nth(1).unwrap())).collect();
        assert_eq!(why, [(0, "profile"), (1, "`deny`"), (2, "text")]);
        assert_eq!(left[1].place.unwrap().span.slice(text), "deny /y r,");
    }
}
