//! Rules that are not about files and that a `deny` makes void.

use std::collections::HashMap;

use super::compile::Compiled;
use super::resolve::Voice;
use crate::glob::{Answer, Effort, Glob, Universe, uncovered};
use crate::names::network::{FAMILIES, TYPES};
use crate::tree::Action;
use watertight_text::sort;

/// How many rules of a class are looked at.
const MAX_RULES: usize = 500;

impl Compiled {
    /// Rules that permit nothing, with those that take it away.
    pub(crate) fn dead_rules(&self, effort: &mut Effort) -> Vec<(u32, Vec<u32>)> {
        let mut out = Vec::new();
        self.dead_capabilities(&mut out);
        self.dead_networks(effort, &mut out);
        self.dead_mounts(effort, &mut out);
        for entries in [&self.ptraces, &self.signals, &self.dbuses, &self.mqueues, &self.io_urings, &self.usernses] {
            let pairs = entries.iter().map(|entry| (entry.voice, entry.is_plain()));
            dead_by_plain(&pairs.collect::<Vec<_>>(), &mut out);
        }
        sort::by(&mut out, Ord::cmp);
        out
    }

    fn dead_capabilities(&self, out: &mut Vec<(u32, Vec<u32>)>) {
        let denies = || self.capabilities.iter().filter(|entry| entry.deny);
        let all = denies().find(|deny| deny.names.is_empty()).map(|deny| vec![deny.rule]);
        // The first `deny` of each name.
        let mut first: HashMap<&str, u32> = HashMap::new();
        for deny in denies() {
            for name in &deny.names {
                first.entry(name).or_insert(deny.rule);
            }
        }
        for entry in self.capabilities.iter().filter(|entry| !entry.deny).take(MAX_RULES) {
            let by = all.clone().or_else(|| {
                let of = |name: &String| first.get(name.as_str()).copied();
                entry.names.iter().map(of).collect::<Option<Vec<u32>>>().filter(|by| !by.is_empty())
            });
            out.extend(by.map(|by| (entry.rule, unique(by))));
        }
    }

    fn dead_networks(&self, effort: &mut Effort, out: &mut Vec<(u32, Vec<u32>)>) {
        let denies = self.networks.iter().filter(|entry| entry.voice.action == Action::Deny);
        let denies: Vec<_> = denies.take(MAX_RULES).collect();
        if denies.is_empty() {
            return;
        }
        for entry in self.networks.iter().filter(|entry| entry.voice.action != Action::Deny).take(MAX_RULES) {
            let mut by = Vec::new();
            let sockets = FAMILIES.iter().flat_map(|(family, _)| TYPES.iter().map(move |(kind, _)| (*family, *kind)));
            let dead = sockets.filter(|(family, kind)| entry.matches(family, kind)).all(|(family, kind)| {
                effort.take(denies.len());
                let mut denies = denies.iter().filter(|_| !effort.is_spent());
                let deny = denies.find(|deny| deny.matches(family, kind) && beats(&deny.voice, &entry.voice));
                by.extend(deny.map(|deny| deny.voice.rule));
                deny.is_some()
            });
            if dead && !by.is_empty() {
                out.push((entry.voice.rule, unique(by)));
            }
        }
    }

    fn dead_mounts(&self, effort: &mut Effort, out: &mut Vec<(u32, Vec<u32>)>) {
        let denies: Vec<_> =
            self.mounts.iter().filter(|entry| self.voice(entry.rule).action == Action::Deny).take(MAX_RULES).collect();
        if denies.is_empty() {
            return;
        }
        // A rule is void when each of the patterns that it was compiled into is.
        for group in self.mounts.chunk_by(|one, other| one.rule == other.rule).take(MAX_RULES) {
            let Some(first) = group.first() else { continue };
            let voice = self.voice(first.rule);
            if voice.action == Action::Deny {
                continue;
            }
            let mut by = Vec::new();
            let dead = group.iter().all(|entry| {
                let against: Vec<_> = denies
                    .iter()
                    .filter(|deny| deny.perms == entry.perms && beats(&self.voice(deny.rule), &voice))
                    .collect();
                let patterns: Vec<&Glob> = against.iter().map(|deny| &deny.pattern).collect();
                by.extend(against.iter().map(|deny| deny.rule));
                !patterns.is_empty() && uncovered(&entry.pattern, &patterns, Universe::Bytes, effort) == Answer::No
            });
            if dead {
                out.push((first.rule, unique(by)));
            }
        }
    }
}

/// Rules of a class in which a `deny` without conditions takes everything of the same accesses away.
fn dead_by_plain(entries: &[(Voice, bool)], out: &mut Vec<(u32, Vec<u32>)>) {
    let denies: Vec<&Voice> = entries
        .iter()
        .filter(|(voice, plain)| *plain && voice.action == Action::Deny)
        .map(|(voice, _)| voice)
        .collect();
    for (voice, _) in entries.iter().filter(|(voice, _)| voice.action != Action::Deny).take(MAX_RULES) {
        let deny = denies.iter().find(|deny| deny.perms & voice.perms == voice.perms && beats(deny, voice));
        out.extend(deny.map(|deny| (voice.rule, vec![deny.rule])));
    }
}

fn beats(deny: &Voice, allow: &Voice) -> bool {
    deny.priority >= allow.priority && deny.perms & allow.perms == allow.perms
}

fn unique(mut rules: Vec<u32>) -> Vec<u32> {
    sort::by(&mut rules, Ord::cmp);
    rules.dedup();
    rules
}
