//! What rules find, up to as much of one rule in one file as is told.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use watertight_diagnostic::{FileId, Finding, MOST_ALIKE, RuleMeta};

/// A rule and a file.
type Alike = (&'static str, FileId);

/// What is found. A text can be made to give millions of findings, and each takes a thousand bytes.
#[derive(Debug, Default)]
pub(super) struct Out {
    list: Vec<Finding>,
    /// How many findings of a rule there are in a file, and where the last one is that is kept.
    alike: HashMap<Alike, (usize, usize)>,
    /// Those that are kept, by what they say and where.
    known: HashMap<u64, Vec<usize>>,
}

impl Out {
    /// Adds a finding. One that is there already is left out: what stands in a list is found in all rules that use it.
    pub(super) fn push(&mut self, finding: Finding) {
        let key = key(&finding);
        let known = self.known.get(&key).into_iter().flatten();
        if known.filter_map(|at| self.list.get(*at)).any(|known| *known == finding) {
            return;
        }
        let (count, last) = self.alike.entry((finding.rule.id, finding.primary.file)).or_default();
        *count += 1;
        if *count > MOST_ALIKE {
            let last = self.list.get_mut(*last);
            last.into_iter().for_each(|last| last.more += 1);
            return;
        }
        *last = self.list.len();
        self.known.entry(key).or_default().push(self.list.len());
        self.list.push(finding);
    }

    /// Whether the next finding of a rule in a file is only counted. Then it is not worth looking how to mend it.
    pub(super) fn is_full(&self, rule: &RuleMeta, file: FileId) -> bool {
        self.alike.get(&(rule.id, file)).is_some_and(|(count, _)| *count >= MOST_ALIKE)
    }

    /// All that is told.
    pub(super) fn finish(self) -> Vec<Finding> {
        self.list
    }
}

fn key(finding: &Finding) -> u64 {
    let mut hasher = DefaultHasher::new();
    (finding.rule.id, finding.primary.file.0, finding.primary.span, &finding.what).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Location;
    use watertight_text::Span;

    use super::*;
    use crate::lint::rules;

    #[test]
    fn what_is_too_much_is_counted() {
        let rule = rules().next().unwrap();
        let mut out = Out::default();
        for at in 0..MOST_ALIKE + 5 {
            let primary = Location { file: FileId(0), span: Span::at(at), route: None, label: String::new() };
            assert_eq!(out.is_full(rule, FileId(0)), at >= MOST_ALIKE);
            for _ in 0..if at == 3 { 2 } else { 1 } {
                out.push(Finding::new(rule, primary.clone(), "a"));
            }
        }
        let found = out.finish();
        assert_eq!((found.len(), found.last().unwrap().more), (MOST_ALIKE, 5));
    }
}
