//! The rules that a log asks for, added to the profiles of the files.

use std::collections::HashSet;

use watertight_apparmor::generate::{audit, place};
use watertight_diagnostic::Rewrite;
use watertight_diagnostic::ask::apparmor::{Changed, Learnt, Wanted};
use watertight_text::{Edit, Encoding, LineIndex, apply};

use crate::apparmor::profiles;
use crate::locate::Locator;
use crate::source::Source;

pub(super) fn answer(sources: &[Source<'_>], log: &str, encoding: Encoding) -> Learnt {
    let (rules, broken) = audit::rules(log);
    let lines = LineIndex::new(log);
    let line = |span: watertight_text::Span| u32::try_from(lines.line_of(span.start) + 1).unwrap_or(u32::MAX);
    let mut learnt = Learnt { broken: broken.into_iter().map(line).collect(), ..Learnt::default() };
    let mut notes: Vec<Option<String>> = vec![None; rules.len()];
    let mut added = vec![false; rules.len()];
    // Whether a file holds the profile.
    let mut held = vec![false; rules.len()];
    for source in sources {
        for own in profiles(source, sources) {
            let names: HashSet<&str> =
                own.resolved.policy.walk().iter().map(|profile| profile.full_name.as_str()).collect();
            let is_mine = |rule: &audit::Proposed| names.contains(rule.profile.as_str());
            let mine: Vec<usize> =
                rules.iter().enumerate().filter(|(_, rule)| is_mine(rule)).map(|(at, _)| at).collect();
            held.iter_mut().zip(&rules).for_each(|(held, rule)| *held |= is_mine(rule));
            if mine.is_empty() {
                continue;
            }
            let wanted: Vec<_> = mine.iter().filter_map(|at| rules.get(*at).cloned()).collect();
            let text = own.text(source);
            let placed = place(text, &own.resolved, &wanted);
            let is_object = own.object.is_some();
            for (index, at) in mine.iter().enumerate() {
                let left = placed.left.iter().find(|left| left.index == index).map(|left| left.why.clone());
                let by_operator = "The operator writes this profile from the lists of its object: add it there.";
                let why = left.or_else(|| is_object.then(|| by_operator.to_owned()));
                if let Some(slot) = added.get_mut(*at) {
                    *slot = why.is_none();
                }
                if let Some(slot) = notes.get_mut(*at) {
                    *slot = why;
                }
            }
            if is_object || placed.rewrites.is_empty() {
                continue;
            }
            let edits: Vec<Edit> =
                placed.rewrites.iter().map(|rewrite| Edit::replace(rewrite.span, rewrite.text.clone())).collect();
            let Ok(after) = apply(text, &edits) else { continue };
            let locator = Locator::new(source, encoding);
            let rewrites =
                placed.rewrites.into_iter().map(|rewrite| Rewrite { span: locator.units(rewrite.span), ..rewrite });
            learnt.files.push(Changed { file: source.id.0, rewrites: rewrites.collect(), text: after });
        }
    }
    learnt.rules = rules
        .iter()
        .zip(added)
        .zip(notes)
        .zip(held)
        .map(|(((rule, added), note), held)| {
            let mut notes = rule.notes.clone();
            notes.extend(note);
            if !held {
                notes.push(["No file holds the profile `", &rule.profile, "`."].concat());
            }
            Wanted { profile: rule.profile.clone(), rule: rule.text.clone(), count: rule.count, added, notes }
        })
        .collect();
    learnt
}
