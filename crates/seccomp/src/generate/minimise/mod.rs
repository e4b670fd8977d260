use std::collections::BTreeMap;
use watertight_text::sort;

use super::{Draft, Entry};
use crate::compare::{compare, same_rules};
use crate::{Action, Arch, Condition, Filter, FilterRule, Syscall};

/// The same behaviour in as few entries as it takes: rules that decide nothing go, calls that are treated alike stand
/// together, names are in order.
///
/// Rules by bare number, which no profile can say, are left out.
pub fn minimise(filter: &Filter) -> Draft {
    let calls = needed(filter);
    let mut draft = grouped(filter, &calls);
    keep_line(filter, &mut draft);
    if compare(filter, &draft.filter(!filter.enosys_above.is_empty())).is_same() {
        return draft;
    }
    // Standing together has changed the order of one call's conditional rules.
    draft.entries = calls.iter().flat_map(|(name, rules)| rules.iter().map(|rule| entry(name, rule))).collect();
    keep_line(filter, &mut draft);
    draft
}

type Rule<'a> = (Action, &'a [Condition]);

/// The rules of each call that decide something, in their order. Calls by name.
fn needed(filter: &Filter) -> BTreeMap<&str, Vec<Rule<'_>>> {
    // Some ABIs have a call under a shared number only, which the comparison knows.
    let exists =
        |call: &Syscall| filter.architectures.iter().any(|arch| call.number(*arch).is_some() || has_shared(*arch));
    let mut calls: BTreeMap<&str, Vec<&FilterRule>> = BTreeMap::new();
    for rule in &filter.rules {
        if let Some(call) = rule.syscall.call().filter(exists) {
            calls.entry(call.name()).or_default().push(rule);
        }
    }
    calls
        .into_iter()
        .map(|(name, rules)| (name, reduced(filter, &rules)))
        .filter(|(_, rules)| !rules.is_empty())
        .collect()
}

fn has_shared(arch: Arch) -> bool {
    Syscall::from_name("socketcall").is_some_and(|call| call.number(arch).is_some())
}

/// More rules than this for one call are left as they are: each is tried without, and compared.
const MAX_TRIED: usize = 64;

fn reduced<'a>(filter: &Filter, rules: &[&'a FilterRule]) -> Vec<Rule<'a>> {
    if rules.iter().all(|rule| rule.action == filter.default_action) {
        return Vec::new();
    }
    let whole = only(filter, rules);
    let unconditional = rules.iter().find(|rule| rule.conditions.is_empty());
    let mut kept: Vec<&FilterRule> = match unconditional {
        // Behind a shared number even an unconditional rule has a condition, and may come too late.
        Some(rule) if same_rules(&whole, &only(filter, &[rule])) => vec![rule],
        _ => rules.to_vec(),
    };
    if (2..=MAX_TRIED).contains(&kept.len()) {
        let mut at = kept.len();
        while at > 0 {
            at -= 1;
            let mut fewer = kept.clone();
            fewer.remove(at);
            if same_rules(&whole, &only(filter, &fewer)) {
                kept = fewer;
            }
        }
    }
    kept.iter().map(|rule| (rule.action, rule.conditions.as_slice())).collect()
}

/// The filter with these rules alone.
fn only(filter: &Filter, rules: &[&FilterRule]) -> Filter {
    Filter {
        rules: rules.iter().map(|rule| (*rule).clone()).collect(),
        enosys_above: Vec::new(),
        flags: Vec::new(),
        architectures: filter.architectures.clone(),
        ..*filter
    }
}

/// Calls with the same rule stand in one entry: those without conditions first, the most of them in front.
fn grouped(filter: &Filter, calls: &BTreeMap<&str, Vec<Rule<'_>>>) -> Draft {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: BTreeMap<Rule<'_>, usize> = BTreeMap::new();
    for (name, rules) in calls {
        for rule in rules {
            let place = *places.entry(*rule).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(entry) => entry.names.push((*name).to_owned()),
                None => entries.push(entry(name, rule)),
            }
        }
    }
    sort::by_key(&mut entries, |entry| (!entry.conditions.is_empty(), std::cmp::Reverse(entry.names.len())));
    Draft { default_action: filter.default_action, architectures: ordered(filter), entries }
}

fn entry(name: &str, (action, conditions): &Rule<'_>) -> Entry {
    Entry { conditions: conditions.to_vec(), ..Entry::new([name], *action) }
}

/// The native ABI first, as a draft has it.
fn ordered(filter: &Filter) -> Vec<Arch> {
    let mut arches = vec![filter.native];
    arches.extend(filter.architectures.iter().filter(|arch| **arch != filter.native));
    arches
}

/// runc's ENOSYS begins behind the highest number that a profile names, even by a rule that says nothing new. If that
/// name was left out, it comes back with the action that the call has anyway.
fn keep_line(filter: &Filter, draft: &mut Draft) {
    let mut names: Vec<&'static str> = Vec::new();
    for &(arch, highest) in &filter.enosys_above {
        if draft.highest(arch) < Some(highest)
            && let Some(call) = Syscall::at(arch, highest)
        {
            names.push(call.name());
        }
    }
    if !names.is_empty() {
        let entry = Entry::new(names, filter.default_action);
        draft.entries.push(entry.because("nothing new: runc answers \"not implemented\" to calls younger than these"));
    }
}

#[cfg(test)]
mod tests;
