//! Aliases: a rule about a path under one prefix goes for the other prefix as well.

use watertight_text::sort;

use super::budget::Budget;
use crate::policy::{Profile, Rule};
use crate::tree::{RuleKind, Text};

/// What the copy of a rule takes with all that is made of it, but for its pattern.
const COPY: usize = 1_200;

/// What looking at one alias takes beside its length, as bytes that are gone through.
const STEP: usize = 16;

/// All aliases in order, each with the last one before it whose prefix its own begins with.
pub(super) struct Aliases {
    sorted: Vec<(String, String)>,
    around: Vec<Option<usize>>,
}

impl Aliases {
    pub(super) fn new(mut aliases: Vec<(String, String)>) -> Self {
        sort::by(&mut aliases, Ord::cmp);
        aliases.dedup();
        let mut around = Vec::with_capacity(aliases.len());
        let mut open: Vec<usize> = Vec::new();
        for (place, (from, _)) in aliases.iter().enumerate() {
            let begins = |outer: &usize| aliases.get(*outer).is_some_and(|(outer, _)| from.starts_with(outer.as_str()));
            while open.last().is_some_and(|outer| !begins(outer)) {
                open.pop();
            }
            around.push(open.last().copied());
            open.push(place);
        }
        Self { sorted: aliases, around }
    }

    /// The places of those that go for a path, the last one first; `None` when there are too many to look at.
    fn of(&self, path: &str, budget: &mut Budget) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        // In order, all prefixes of a path are prefixes of the last alias that does not stand behind the path, too.
        let mut next = self.sorted.partition_point(|(from, _)| from.as_str() <= path).checked_sub(1);
        while let Some((place, (from, _))) = next.and_then(|place| Some((place, self.sorted.get(place)?))) {
            if !budget.work(from.len() + STEP) {
                return None;
            }
            if path.starts_with(from.as_str()) {
                found.push(place);
            }
            next = self.around.get(place).copied().flatten();
        }
        Some(found)
    }

    /// Those that go for any of the paths, in order.
    fn of_any(&self, paths: &[&str], budget: &mut Budget) -> Option<Vec<&(String, String)>> {
        let mut places = Vec::new();
        for path in paths {
            places.extend(self.of(path, budget)?);
        }
        sort::by(&mut places, Ord::cmp);
        places.dedup();
        Some(places.into_iter().filter_map(|place| self.sorted.get(place)).collect())
    }
}

/// Adds the aliased copies to a profile, behind each rule. Rules made by one alias are not aliased again. A rule with more
/// copies than there is room for is one that is too large.
pub(super) fn apply(aliases: &Aliases, profile: &mut Profile, budget: &mut Budget) {
    if aliases.sorted.is_empty() {
        return;
    }
    let name = profile.attachment.as_ref().unwrap_or(&profile.name);
    for (from, to) in aliases.of_any(&[name], budget).unwrap_or_default() {
        profile.also.extend(renamed(name, from, to).filter(|name| budget.pattern(name.len())));
    }
    let rules = std::mem::take(&mut profile.rules);
    for mut rule in rules {
        let copies = copies(aliases, &rule, budget);
        rule.large |= copies.is_none();
        profile.rules.push(rule);
        profile.rules.extend(copies.into_iter().flatten());
    }
}

/// The copies of a rule; `None` when there is no room for them.
fn copies(aliases: &Aliases, rule: &Rule, budget: &mut Budget) -> Option<Vec<Rule>> {
    let paths = paths(&rule.rule.kind);
    let length: usize = paths.iter().map(|path| path.len()).sum();
    let own = aliases.of_any(&paths, budget)?;
    let longest = |(_, to): &&(String, String)| length + to.len() * paths.len();
    let has_room = |alias| budget.memory(COPY) && budget.pattern(longest(alias));
    if !own.iter().all(has_room) {
        return None;
    }
    Some(own.iter().map(|(from, to)| copy(rule, from, to)).collect())
}

fn paths(kind: &RuleKind) -> Vec<&str> {
    let texts: Vec<&Text> = match kind {
        RuleKind::File(rule) => rule.path.iter().chain(&rule.link_target).collect(),
        RuleKind::Link(rule) => vec![&rule.from, &rule.to],
        _ => Vec::new(),
    };
    texts.into_iter().map(|text| text.value.as_str()).collect()
}

fn renamed(path: &str, from: &str, to: &str) -> Option<String> {
    path.strip_prefix(from).map(|rest| [to, rest].concat())
}

fn copy(rule: &Rule, from: &str, to: &str) -> Rule {
    let mut copy = rule.clone();
    let change = |text: &mut Text| {
        if let Some(path) = renamed(&text.value, from, to) {
            text.value = path;
        }
    };
    match &mut copy.rule.kind {
        RuleKind::File(rule) => rule.path.iter_mut().chain(&mut rule.link_target).for_each(change),
        RuleKind::Link(rule) => [&mut rule.from, &mut rule.to].into_iter().for_each(change),
        _ => {}
    }
    copy
}
