//! Who would see a way being taken: the Falco rules among the files, and the published ones. Rules are tried on what Falco
//! sees of known attempts; a way of which no attempt is known has only what the catalogue says of published rules.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::OnceLock;

use watertight_diagnostic::ask::escape::Detection;
use watertight_diagnostic::report::InputKind;
use watertight_escape::Technique;
use watertight_falco::coverage::coverage;

use crate::falco::Loaded;
use crate::source::Source;

/// What rules see of each technique whose look is known.
pub(super) struct Watch {
    seen: Cow<'static, HashMap<&'static str, Seen>>,
    /// Whether there are rules among the files.
    given: bool,
}

/// What rules see of the attempts at a technique. Rules that harmless work wakes as well see nothing.
#[derive(Clone, Default)]
struct Seen {
    attempts: usize,
    by: By<String>,
    stable: By<Cow<'static, str>>,
}

#[derive(Clone, Default)]
struct By<N> {
    rules: Vec<N>,
    /// The same, for look-ups.
    known: HashSet<N>,
    attempts: usize,
}

impl<N: Clone + Eq + Hash> By<N> {
    fn add(&mut self, names: impl Iterator<Item = N>) {
        let mut some = false;
        for name in names {
            some = true;
            if self.known.insert(name.clone()) {
                self.rules.push(name);
            }
        }
        self.attempts += usize::from(some);
    }
}

impl Watch {
    pub(super) fn new(sources: &[Source<'_>]) -> Self {
        let given = sources.iter().any(|source| source.kind == InputKind::FalcoRules);
        if given {
            return Self { seen: Cow::Owned(seen(sources)), given };
        }
        // Without rules it is always the same.
        static NONE: OnceLock<HashMap<&'static str, Seen>> = OnceLock::new();
        Self { seen: Cow::Borrowed(NONE.get_or_init(|| seen(&[]))), given }
    }

    /// Who would see a technique. The catalogue names published rules with their maturity: only the stable ones are loaded
    /// by a default installation.
    pub(super) fn of(&self, technique: &Technique) -> Detection {
        let published = |is_stable: bool| {
            let rules = technique.falco.iter().filter_map(|rule| rule.rsplit_once(" ("));
            let rules = rules.filter(|(_, maturity)| (*maturity == "stable)") == is_stable);
            rules.map(|(name, _)| name.into()).collect::<Vec<_>>()
        };
        let not_loaded = published(false);
        let Some(seen) = self.seen.get(technique.id) else {
            return Detection {
                seen: None,
                rules: Vec::new(),
                attempts: 0,
                seen_attempts: 0,
                stable: published(true),
                stable_attempts: 0,
                not_loaded,
                unseen: technique.unseen.into(),
            };
        };
        Detection {
            seen: self.given.then_some(seen.by.attempts > 0),
            rules: seen.by.rules.clone(),
            attempts: seen.attempts,
            seen_attempts: seen.by.attempts,
            stable: seen.stable.rules.clone(),
            stable_attempts: seen.stable.attempts,
            not_loaded,
            unseen: Cow::Borrowed(""),
        }
    }
}

fn seen(sources: &[Source<'_>]) -> HashMap<&'static str, Seen> {
    let loaded = Loaded::new(sources);
    let mut all: HashMap<&'static str, Seen> = HashMap::new();
    for attempt in coverage(&loaded.set) {
        let noisy: HashSet<_> = attempt.noisy.iter().collect();
        let telling = || attempt.by.iter().filter(|rule| !noisy.contains(rule));
        for technique in &attempt.scenario.vectors {
            let seen = all.entry(technique).or_default();
            seen.attempts += 1;
            let items = telling().filter_map(|rule| loaded.set.items.rules.at(*rule));
            seen.by.add(items.map(|item| item.head.name.clone()));
            seen.stable.add(attempt.scenario.stable.iter().map(|&name| name.into()));
        }
    }
    all
}
