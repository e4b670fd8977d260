//! Who would see a way being taken: the Falco rules among the files, else the published ones.

use std::collections::HashMap;

use watertight_diagnostic::ask::escape::Detection;
use watertight_diagnostic::report::InputKind;
use watertight_escape::Technique;
use watertight_falco::coverage::coverage;
use watertight_falco::rules::load;

use crate::source::Source;

/// What the rules among the files see.
pub(super) struct Watch {
    /// For each technique whose look is known: the rules that tell it from harmless work. `None` without rules.
    seen: Option<HashMap<&'static str, Vec<String>>>,
}

impl Watch {
    pub(super) fn new(sources: &[Source<'_>]) -> Self {
        let files: Vec<_> = sources.iter().filter(|source| source.kind == InputKind::FalcoRules).collect();
        if files.is_empty() {
            return Self { seen: None };
        }
        let set = load(files.iter().map(|source| &source.stream));
        let mut seen: HashMap<&'static str, Vec<String>> = HashMap::new();
        for attempt in coverage(&set) {
            for technique in &attempt.scenario.vectors {
                let names = seen.entry(technique).or_default();
                for rule in attempt.by.iter().filter(|rule| !attempt.noisy.contains(rule)) {
                    let Some(item) = set.items.rules.at(*rule) else { continue };
                    if !names.contains(&item.head.name) {
                        names.push(item.head.name.clone());
                    }
                }
            }
        }
        Self { seen: Some(seen) }
    }

    /// Who would see a technique. The data names published rules with their maturity: only the stable ones are loaded by
    /// a default installation.
    pub(super) fn of(&self, technique: &Technique) -> Detection {
        let published = |is_stable: bool| {
            let rules = technique.falco.iter().filter_map(|rule| rule.rsplit_once(" ("));
            let rules = rules.filter(|(_, maturity)| (*maturity == "stable)") == is_stable);
            rules.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        let seen = self.seen.as_ref().and_then(|seen| seen.get(technique.id));
        Detection {
            seen: seen.map(|rules| !rules.is_empty()),
            rules: seen.cloned().unwrap_or_else(|| published(true)),
            not_loaded: published(false),
        }
    }
}
