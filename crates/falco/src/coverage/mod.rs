//! Which escape attempts would raise which rules, and which none.

mod event;
mod scenario;

pub use scenario::{Scenario, find, scenarios};

use std::collections::HashSet;

use crate::evaluate::{Absent, Evaluator};
use crate::events::read;
use crate::rules::RuleSet;
use watertight_text::sort;

/// What the rules see of an escape attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The attempt.
    pub scenario: Scenario,
    /// The rules that hold for one of its events, by their place among the items.
    pub by: Vec<usize>,
    /// The rules that hold for its benign twin too, and so say little when they fire.
    pub noisy: Vec<usize>,
}

impl Seen {
    /// Whether no rule tells the attempt from its benign twin.
    pub fn is_gap(&self) -> bool {
        let noisy: HashSet<_> = self.noisy.iter().collect();
        self.by.iter().all(|rule| noisy.contains(rule))
    }

    /// The same where the published stable rules are loaded as well.
    pub fn is_gap_beside_stable(&self) -> bool {
        self.is_gap() && self.scenario.stable.is_empty()
    }
}

/// What the rules of a set that are switched on see of every escape attempt.
pub fn coverage(set: &RuleSet) -> Vec<Seen> {
    let evaluator = Evaluator::new(set, Absent::ByForm);
    let holding = |events: &[String]| {
        let mut rules = Vec::new();
        let mut verdicts = evaluator.verdicts();
        for event in events.iter().flat_map(|text| read(text)).flatten() {
            rules.extend(evaluator.evaluate(&event, &mut verdicts).holding().map(|rule| rule.index));
        }
        sort::by(&mut rules, Ord::cmp);
        rules.dedup();
        rules
    };
    let seen = |scenario: Scenario| Seen { by: holding(&scenario.events), noisy: holding(&scenario.twin), scenario };
    scenarios().into_iter().map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load;

    fn names(set: &RuleSet, rules: &[usize]) -> Vec<String> {
        rules.iter().filter_map(|rule| Some(set.items.rules.at(*rule)?.head.name.clone())).collect()
    }

    /// What we say of the published stable rules is what they see.
    #[test]
    fn the_summary_of_the_stable_rules_is_right() {
        let Some(text) = crate::testing::corpus("falco/falco_rules.yaml") else { return };
        let set = load(&[watertight_yaml::parse(&text)]);
        let mut gaps = 0;
        for seen in coverage(&set) {
            let mut ours: Vec<String> = seen.scenario.stable.iter().map(|name| (*name).to_owned()).collect();
            let mut theirs = names(&set, &seen.by);
            sort::by(&mut ours, Ord::cmp);
            sort::by(&mut theirs, Ord::cmp);
            assert_eq!(ours, theirs, "{}", seen.scenario.id);
            assert_eq!(names(&set, &seen.noisy), Vec::<String>::new(), "{}", seen.scenario.id);
            gaps += usize::from(seen.is_gap());
        }
        assert!(gaps > 20, "{gaps}");
    }

    const ARTICLE: &str = r#"
- macro: spawned_process
  condition: (evt.type in (execve, execveat))
- macro: container
  condition: (container.id != host)
- rule: Container Escape via Mount
  desc: Detect attempts to mount host filesystem
  condition: spawned_process and container and proc.name = "mount" and proc.args contains "/host"
  output: Mount (user=%user.name container=%container.name command=%proc.cmdline)
  priority: CRITICAL
"#;

    /// The article's rule sees one way of many: the mount program with a path that has `/host` in it.
    #[test]
    fn the_articles_rule_sees_one_attempt() {
        let set = load(&[watertight_yaml::parse(ARTICLE)]);
        let seen = coverage(&set);
        let found: Vec<&str> = seen.iter().filter(|seen| !seen.is_gap()).map(|seen| seen.scenario.id).collect();
        assert_eq!(found, ["mount-bind"]);
    }

    /// Four rules of ours see what the article is about, whatever program does it.
    #[test]
    fn better_rules_see_more_than_the_articles() {
        let rules = [
            "Mount made in a container",
            "Namespace of another process entered",
            "Root changed to the host's files",
            "Host's files read from a container",
        ];
        let text = crate::generate::file(&rules);
        let set = load(&[watertight_yaml::parse(&text)]);
        let seen = coverage(&set);
        let found: Vec<&str> = seen.iter().filter(|seen| !seen.is_gap()).map(|seen| seen.scenario.id).collect();
        let expected = [
            "mount-bind",
            "mount-disk",
            "mount-any-program",
            "mount-new-calls",
            "remount-proc",
            "nsenter",
            "chroot-host",
            "host-file-read",
            "proc-root-read",
        ];
        assert_eq!(found, expected);
    }
}
