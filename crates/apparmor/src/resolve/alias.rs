//! Aliases: a rule about a path under one prefix goes for the other prefix as well.

use crate::policy::{Profile, Rule};
use crate::tree::{RuleKind, Text};

/// How many rules aliases may make of one profile's.
const RULES: usize = 100_000;

/// Adds the aliased copies to a profile, behind each rule. Rules made by one alias are not aliased again.
pub(super) fn apply(aliases: &[(String, String)], profile: &mut Profile) {
    let name = profile.attachment.clone().unwrap_or_else(|| profile.name.clone());
    profile.also.extend(aliases.iter().filter_map(|(from, to)| renamed(&name, from, to)));
    if aliases.is_empty() {
        return;
    }
    let rules = std::mem::take(&mut profile.rules);
    for rule in rules {
        let copies: Vec<Rule> = aliases.iter().filter_map(|(from, to)| copy(&rule, from, to)).collect();
        profile.rules.push(rule);
        if profile.rules.len() < RULES {
            profile.rules.extend(copies);
        }
    }
}

fn renamed(path: &str, from: &str, to: &str) -> Option<String> {
    path.strip_prefix(from).map(|rest| [to, rest].concat())
}

fn copy(rule: &Rule, from: &str, to: &str) -> Option<Rule> {
    let mut copy = rule.clone();
    let mut changed = false;
    let mut change = |text: &mut Text| {
        if let Some(path) = renamed(&text.value, from, to) {
            text.value = path;
            changed = true;
        }
    };
    match &mut copy.rule.kind {
        RuleKind::File(rule) => {
            rule.path.iter_mut().for_each(&mut change);
            rule.link_target.iter_mut().for_each(&mut change);
        }
        RuleKind::Link(rule) => {
            change(&mut rule.from);
            change(&mut rule.to);
        }
        _ => {}
    }
    changed.then_some(copy)
}
