//! Rules that start one program in different ways.

use std::cell::OnceCell;
use std::collections::HashMap;

use watertight_text::{Span, shortened};

use super::beginnings;
use crate::glob::{Answer, Effort, Glob, Universe, overlap};
use crate::policy::{Profile, Rule as PolicyRule};
use crate::refusal::{Code, Refusal};
use crate::tree::{Action, ChangeProfile, ExecMode, Guard, RuleKind, Whose};

/// How many pairs of rules are compared at most. Pairs that begin differently are told apart at a glance and do not count.
const PAIRS: usize = 5_000;

/// How many conflicts of one profile are told.
const TOLD: usize = 50;

/// How much of the name of a program is told, in bytes.
const SHOWN: usize = 2_000;

/// What two rules must have in common where they meet.
#[derive(PartialEq, Eq)]
struct Kind<'r> {
    mode: ExecMode,
    /// Whether the environment is kept; `unsafe` says so even where it has no meaning.
    keeps: bool,
    target: Option<&'r str>,
}

struct Start<'p> {
    rule: &'p PolicyRule,
    kind: Kind<'p>,
    pattern: &'p str,
    /// Compiled when first asked for: most rules start programs that no other rule can mean.
    glob: OnceCell<Option<Glob>>,
    /// Made when first asked for, too.
    beginnings: OnceCell<Vec<Vec<u8>>>,
    priority: i32,
    whose: Option<Whose>,
}

impl Start<'_> {
    /// What it starts; `None` for a pattern that cannot be compiled, which is told elsewhere.
    fn glob(&self) -> Option<&Glob> {
        self.glob.get_or_init(|| Glob::path(self.pattern.as_bytes()).ok()).as_ref()
    }

    fn beginnings(&self) -> &[Vec<u8>] {
        self.beginnings.get_or_init(|| beginnings::of(self.pattern))
    }
}

/// Rules that start one program, or change to one profile, in different ways. Gives whether all of them were compared as
/// far as it takes to say that there are no others.
pub(super) fn check(profile: &Profile, effort: &mut Effort, found: &mut Vec<Refusal>) -> bool {
    let compared = starts(profile, effort, found);
    changes(profile, found);
    // What is too large to be written out is compared with nothing.
    compared && !profile.rules.iter().any(|rule| rule.large && starts_something(rule))
}

fn starts_something(rule: &PolicyRule) -> bool {
    matches!(&rule.rule.kind, RuleKind::File(file) if file.exec.is_some())
}

/// The more exact of two rules wins; two of the same kind do not load. What is told stops after some; the profile is known
/// not to load by then.
fn starts(profile: &Profile, effort: &mut Effort, found: &mut Vec<Refusal>) -> bool {
    let starts: Vec<Start<'_>> = profile.rules.iter().filter_map(start).collect();
    if starts.iter().zip(starts.iter().skip(1)).all(|(one, other)| one.kind == other.kind) {
        return true;
    }
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut pairs = 0;
    let mut compared = true;
    for (place, one) in starts.iter().enumerate() {
        // Most of them are told apart at a glance, but that takes something, too.
        effort.take(place);
        if effort.is_spent() {
            return false;
        }
        for other in starts.get(..place).unwrap_or_default() {
            let apart = matches!((one.whose, other.whose), (Some(a), Some(b)) if a != b);
            let differ = one.kind != other.kind && !apart && one.priority == other.priority;
            if !differ {
                continue;
            }
            effort.take(one.beginnings().len() * other.beginnings().len());
            if !beginnings::meet(one.beginnings(), other.beginnings()) {
                continue;
            }
            let (Some(glob), Some(other_glob)) = (one.glob(), other.glob()) else { continue };
            if glob.is_exact() != other_glob.is_exact() {
                continue;
            }
            pairs += 1;
            if seen.len() >= TOLD {
                return true;
            }
            if pairs > PAIRS {
                return false;
            }
            let example = match overlap(glob, other_glob, Universe::Names, effort) {
                Answer::Yes(example) => example,
                Answer::No => continue,
                Answer::Unknown => {
                    compared = false;
                    continue;
                }
            };
            if seen.insert(one.pattern, one.rule.rule.span).is_some() {
                continue;
            }
            let mut message = String::from("Two rules start `");
            message.push_str(&shortened(&String::from_utf8_lossy(&example), SHOWN));
            message
                .push_str("` in different ways; such a profile is not loaded. Give both the same mode, or keep one.");
            found.push(Refusal::at(Code::ExecConflict, one.rule.origin, message).against(other.rule.origin));
        }
    }
    compared
}

fn start(rule: &PolicyRule) -> Option<Start<'_>> {
    let RuleKind::File(file) = &rule.rule.kind else { return None };
    let exec = file.exec.as_ref()?;
    if rule.open || rule.large || rule.rule.prefix.action != Action::Allow {
        return None;
    }
    let pattern = file.path.as_ref().map_or("/{**,}", |path| path.value.as_str());
    let keeps = match file.guard {
        Some(guard) => guard == Guard::Unsafe,
        None => !exec.scrub && !matches!(exec.mode, ExecMode::Any | ExecMode::Inherit),
    };
    let target = exec.target.as_ref().map(|target| target.value.as_str());
    let kind = Kind { mode: exec.mode, keeps, target };
    let priority = rule.rule.prefix.priority.unwrap_or_default();
    let (glob, beginnings, whose) = (OnceCell::new(), OnceCell::new(), rule.rule.prefix.whose);
    Some(Start { rule, kind, pattern, glob, beginnings, priority, whose })
}

/// One program and one target, once with a clean environment and once without.
fn changes(profile: &Profile, found: &mut Vec<Refusal>) {
    let mut known: HashMap<(&str, &str), (bool, &PolicyRule)> = HashMap::new();
    for rule in &profile.rules {
        let RuleKind::ChangeProfile(ChangeProfile { guard, exec: Some(exec), target }) = &rule.rule.kind else {
            continue;
        };
        let target = target.as_ref().map_or("**", |target| target.value.as_str());
        let scrubbed = *guard != Some(Guard::Unsafe);
        match known.get(&(exec.value.as_str(), target)) {
            Some((other, at)) if *other != scrubbed => {
                let message = "The same change of profile once `safe` and once `unsafe`: keep one.";
                found.push(Refusal::at(Code::ExecConflict, rule.origin, message).against(at.origin));
            }
            Some(_) => {}
            None => drop(known.insert((exec.value.as_str(), target), (scrubbed, rule))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::resolve;
    use crate::shipped::Shipped;

    #[test]
    fn what_is_not_compared_is_said() {
        let told = |text: &str, effort: usize| {
            let resolved = resolve(text, &Shipped);
            let profile = &resolved.policy.profiles[0];
            let mut found = Vec::new();
            (starts(profile, &mut Effort::of(effort), &mut found), found.len())
        };
        let apart = "profile a {\n  /*a ix,\n  /*b px,\n}\n";
        let clash = "profile a {\n  /*a ix,\n  /{a,b}* px,\n}\n";
        assert_eq!(told(apart, 1_000_000), (true, 0));
        assert_eq!(told(clash, 1_000_000), (true, 1));
        assert_eq!(told(apart, 1), (false, 0));
        assert_eq!(told(clash, 1), (false, 0));
    }
}
