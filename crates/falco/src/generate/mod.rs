//! Rules of our own for escape attempts that the user's rules do not see.
//!
//! Each stands alone: it needs no macro and no list. `rules.txt` describes them in short: `=` name, `d` description, `c`
//! the lines of the condition, to which "in a container" is added, `p` priority, `m` tactic and technique of MITRE ATT&CK,
//! `o` what the output names besides the process and the container.

use crate::coverage::{Seen, find};

const TABLE: &str = include_str!("rules.txt");

/// What a file of such rules begins with: versions of Falco (0.42 is the first of that engine) and of the plugin that
/// brings the fields about containers.
const HEADER: &str = "\
- required_engine_version: 0.57.0

- required_plugin_versions:
    - name: container
      version: 0.4.0
";

/// What every output ends with.
const OUTPUT: &str = "evt_type=%evt.type user=%user.name process=%proc.name exe=%proc.exepath command=%proc.cmdline
    parent=%proc.pname container=%container.id image=%container.image.repository:%container.image.tag
    pod=%k8s.pod.name namespace=%k8s.ns.name)";

/// The names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter_map(|line| line.strip_prefix("= "))
}

/// A rule by its name, as an item of a rules file.
pub fn rule(name: &str) -> Option<String> {
    let part =
        TABLE.split("\n\n").find(|part| part.lines().next().and_then(|line| line.strip_prefix("= ")) == Some(name))?;
    let mut out = ["- rule: ", name, "\n"].concat();
    let with = |mark: &'static str| part.lines().filter_map(move |line| line.strip_prefix(mark));
    let (description, priority) = (with("d ").next()?, with("p ").next()?);
    let (tactic, technique) = with("m ").next()?.split_once(' ')?;
    out.push_str("  desc: >\n");
    wrap(&mut out, description);
    out.push_str("  condition: >\n");
    for line in with("c ") {
        // A line that is indented further would not be folded.
        out.push_str(&["    ", line.trim_start(), "\n"].concat());
    }
    out.push_str("    and container.id != host\n  output: >\n");
    out.push_str(&["    ", name, " (", with("o ").next().unwrap_or_default()].concat());
    if with("o ").next().is_some() {
        out.push_str("\n    ");
    }
    out.push_str(&[OUTPUT, "\n  priority: ", priority, "\n"].concat());
    out.push_str(&["  tags: [container, mitre_", tactic, ", ", technique, "]\n"].concat());
    Some(out)
}

/// A rules file with the rules of those names, in that order; unknown names are left out.
pub fn file(names: &[&str]) -> String {
    let mut out = HEADER.to_owned();
    for text in names.iter().filter_map(|name| rule(name)) {
        out.push('\n');
        out.push_str(&text);
    }
    out
}

/// The names of the rules for all gaps of a coverage, without repetition.
pub fn for_gaps(coverage: &[Seen]) -> Vec<&'static str> {
    once(coverage.iter().filter(|seen| seen.is_gap()).map(|seen| seen.scenario.rule))
}

/// The same where the published stable rules are loaded as well.
pub fn for_gaps_beside_stable(coverage: &[Seen]) -> Vec<&'static str> {
    once(coverage.iter().filter(|seen| seen.is_gap_beside_stable()).map(|seen| seen.scenario.rule))
}

/// The names of the rules for attempts, without repetition. `Err` holds an id that no attempt has.
pub fn for_attempts<'i>(ids: impl IntoIterator<Item = &'i str>) -> Result<Vec<&'static str>, &'i str> {
    let rules = ids.into_iter().map(|id| find(id).map(|scenario| scenario.rule).ok_or(id));
    rules.collect::<Result<Vec<_>, _>>().map(|rules| once(rules.into_iter()))
}

fn once(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Adds a text in lines of about a hundred letters.
fn wrap(out: &mut String, text: &str) {
    let mut length = 0;
    for word in text.split(' ') {
        if length > 0 && length + word.len() > 96 {
            out.push('\n');
            length = 0;
        }
        out.push_str(if length == 0 { "    " } else { " " });
        out.push_str(word);
        length += word.len() + 1;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use watertight_diagnostic::FileId;

    use super::*;
    use crate::coverage::{coverage, scenarios};
    use crate::lint::{File, Subject, findings};
    use crate::rules::{RuleSet, load};

    fn loaded(text: &str) -> RuleSet {
        let set = load(&[watertight_yaml::parse(text)]);
        for file in &set.files {
            let said: Vec<_> = file.errors.iter().chain(&file.warnings).map(|message| &message.message).collect();
            assert!(said.is_empty(), "{said:?}\n{text}");
            assert_eq!(file.schema_valid, Some(true));
        }
        set
    }

    #[test]
    fn every_scenario_has_its_rule_and_every_rule_its_scenario() {
        let names: BTreeSet<&str> = names().collect();
        let wanted: BTreeSet<&str> = scenarios().iter().map(|one| one.rule).collect();
        assert_eq!(names, wanted);
    }

    /// A rule loads by itself without a word from the engine, sees its scenarios, and does not see their twins.
    #[test]
    fn rules_load_and_see_their_scenarios_only() {
        for name in names() {
            let set = loaded(&file(&[name]));
            assert_eq!(set.rules().count(), 1, "{name}");
            for seen in coverage(&set).iter().filter(|seen| seen.scenario.rule == name) {
                assert!(!seen.by.is_empty(), "{name} does not see {}", seen.scenario.id);
                assert!(seen.noisy.is_empty(), "{name} sees the twin of {}", seen.scenario.id);
            }
        }
    }

    /// All rules together leave no gap, and none of them is woken by any twin.
    #[test]
    fn all_rules_together_leave_no_gap() {
        let names: Vec<&str> = names().collect();
        let set = loaded(&file(&names));
        for seen in coverage(&set) {
            assert!(!seen.is_gap(), "{}", seen.scenario.id);
            let noisy: Vec<_> = seen.noisy.iter().filter_map(|rule| set.items.rules.at(*rule)).collect();
            assert!(noisy.is_empty(), "{}: {}", seen.scenario.id, noisy[0].head.name);
        }
        assert_eq!(for_gaps(&coverage(&set)), Vec::<&str>::new());
    }

    /// What we hand out is what we would ask for: no rule of our own lint speaks, of one rule or of all.
    #[test]
    fn our_own_lint_is_silent() {
        let all: Vec<&str> = names().collect();
        for names in all.chunks(1).chain([all.as_slice()]) {
            let text = file(names);
            let stream = watertight_yaml::parse(&text);
            let set = load(std::slice::from_ref(&stream));
            let found = findings(&Subject::new(&set, &[File { id: FileId(0), text: &text, stream: &stream }]));
            let told: Vec<_> = found.iter().map(|finding| (finding.rule.id, &*finding.what)).collect();
            assert!(told.is_empty(), "{names:?}: {told:?}");
        }
    }

    #[test]
    fn gaps_get_their_rules_once() {
        let set = load(&[watertight_yaml::parse("[]")]);
        let coverage = coverage(&set);
        assert_eq!(for_gaps(&coverage).len(), names().count());
        let beside = for_gaps_beside_stable(&coverage);
        assert!(beside.len() < names().count() && beside.contains(&"Namespace of another process entered"));
        assert_eq!(for_attempts(["nsenter", "nsenter"]), Ok(vec!["Namespace of another process entered"]));
        assert_eq!(for_attempts(["nsenter", "no-such"]), Err("no-such"));
    }
}
