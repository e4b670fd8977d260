//! What becomes of an event under a set of rules, and whether that is what the event says should become of it.

use std::collections::HashSet;

use super::program::Verdicts;
use super::rules::Evaluator;
use super::verdict::Verdict;
use crate::events::Event;
use crate::rules::RuleSet;

/// What became of an event. Rules are named by their place among the items of the set.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tried<'e> {
    /// The rules that hold, in order. Falco fires the first, unless it is set to `rule_matching: all`.
    pub fires: Vec<usize>,
    /// The rules that cannot be decided, each with the fields that are needed for it.
    pub open: Vec<(usize, Vec<String>)>,
    /// Rules that should have fired and did not, by the names that the event gives.
    pub lacking: Vec<&'e str>,
    /// Rules that fired and should not have.
    pub unexpected: Vec<usize>,
    /// Whether the event says which rules have to fire.
    pub is_test: bool,
}

impl Tried<'_> {
    /// Whether it became what it should; an event that does not say should raise nothing.
    pub fn is_good(&self) -> bool {
        if self.is_test { self.lacking.is_empty() && self.unexpected.is_empty() } else { self.fires.is_empty() }
    }
}

/// Tries an event on the rules of a set.
pub fn try_event<'e>(set: &RuleSet, evaluator: &Evaluator, event: &'e Event<'_>, verdicts: &mut Verdicts) -> Tried<'e> {
    let outcome = evaluator.evaluate(event, verdicts);
    let name = |index: usize| set.items.rules.at(index).map_or("", |rule| rule.head.name.as_str());
    let fires: Vec<usize> = outcome.holding().map(|rule| rule.index).collect();
    let open = outcome.rules.iter().filter(|rule| rule.verdict == Verdict::Unknown).map(|rule| rule.index);
    let open = evaluator.missing(open, event, verdicts);
    let Some(expect) = &event.expect else { return Tried { fires, open, ..Tried::default() } };
    let wanted: Vec<&str> = expect.iter().map(AsRef::as_ref).collect();
    let (fired, expected): (HashSet<&str>, HashSet<&str>) =
        (fires.iter().map(|rule| name(*rule)).collect(), wanted.iter().copied().collect());
    let lacking = wanted.into_iter().filter(|wanted| !fired.contains(wanted)).collect();
    let unexpected = fires.iter().copied().filter(|rule| !expected.contains(name(*rule))).collect();
    Tried { fires, open, lacking, unexpected, is_test: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Absent;
    use crate::rules::load;

    const RULES: &str = "- rule: a\n  desc: d\n  condition: evt.type = open and proc.name = x\n  output: o\n  priority: INFO\n\
                         - rule: b\n  desc: d\n  condition: evt.type = open and fd.num = 3\n  output: o\n  priority: INFO\n";

    /// What fires, what is open with what it needs, what lacks, what should not be; `!` behind it all when it is no good.
    #[track_caller]
    fn check(event: &str, expected: &str) {
        let set = load(&[watertight_yaml::parse(RULES)]);
        let evaluator = Evaluator::new(&set, Absent::ByForm);
        let event = crate::events::read(event).next().unwrap().unwrap();
        let tried = try_event(&set, &evaluator, &event, &mut evaluator.verdicts());
        let open: Vec<String> = tried.open.iter().map(|(rule, needs)| format!("{rule}:{}", needs.join(","))).collect();
        let mark = if tried.is_good() { "" } else { "!" };
        let found = format!("{:?} {open:?} {:?} {:?}{mark}", tried.fires, tried.lacking, tried.unexpected);
        assert_eq!(found, expected, "{event:?}");
    }

    #[test]
    fn what_becomes_of_events() {
        check(r#"{"evt.type":"open","proc.name":"x","fd.num":3}"#, r#"[0, 1] [] [] []!"#);
        check(r#"{"evt.type":"close","proc.name":"x"}"#, r#"[] [] [] []"#);
        check(
            r#"{"rule":"r","priority":"Error","output_fields":{"evt.type":"open","proc.name":"x"}}"#,
            r#"[0] ["1:fd.num"] [] []!"#,
        );
        check(r#"{"expect":["a"],"fields":{"evt.type":"open","proc.name":"x"}}"#, r#"[0] [] [] []"#);
        check(r#"{"expect":["b"],"fields":{"evt.type":"open","proc.name":"x"}}"#, r#"[0] [] ["b"] [0]!"#);
        check(r#"{"expect":[],"fields":{"evt.type":"close"}}"#, r#"[] [] [] []"#);
    }
}
