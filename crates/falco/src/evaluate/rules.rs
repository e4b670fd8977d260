//! Evaluating a set of rules on events, as the engine does: the rules of the event's type, in order, and the first one
//! that holds fires.

use std::sync::Arc;

use super::bind::{Absent, Binding, ByName};
use super::program::{Condition, Program, Verdicts};
use super::verdict::Verdict;
use crate::compile::EventSet;
use crate::condition::Expr;
use crate::events::Event;
use crate::rules::{RuleSet, SYSCALL};

/// A rule that is ready for events.
#[derive(Clone, Debug)]
struct Ready {
    /// Its place among the items of the set.
    index: usize,
    condition: Condition,
    expr: Arc<Expr>,
    events: Arc<EventSet>,
    source: Box<str>,
}

/// The rules of a set that are switched on, ready for many events.
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    program: Program,
    rules: Vec<Ready>,
    /// For each type of event that a rule names: the rules that are looked at, by their place in `rules`.
    by_type: ByName<Vec<u32>>,
    /// The rules that are looked at for all other types.
    others: Vec<u32>,
    absent: Absent,
}

/// What became of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleOutcome {
    /// The rule's place among the items of the set.
    pub index: usize,
    /// Whether its condition holds.
    pub verdict: Verdict,
    /// Whether Falco fires it: it is the first whose condition holds, or every such rule fires when Falco is set to
    /// `rule_matching: all`.
    pub first: bool,
}

/// What became of the rules for one event: those that hold and those that are open, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// The rules.
    pub rules: Vec<RuleOutcome>,
    /// The rules that were looked at.
    pub looked_at: usize,
}

impl Outcome {
    /// The rules whose condition holds.
    pub fn holding(&self) -> impl Iterator<Item = RuleOutcome> {
        self.rules.iter().copied().filter(|rule| rule.verdict == Verdict::True)
    }
}

impl Evaluator {
    /// Compiles the rules of a set that are switched on.
    pub fn new(set: &RuleSet, absent: Absent) -> Self {
        let mut evaluator = Self { absent, ..Self::default() };
        for (rule, item) in set.rules().filter(|(_, item)| item.enabled) {
            let condition = evaluator.program.add(&rule.condition);
            evaluator.rules.push(Ready {
                index: rule.index,
                condition,
                expr: Arc::clone(&rule.condition),
                events: Arc::clone(&rule.event_types),
                source: item.source.as_str().into(),
            });
        }
        evaluator.index();
        evaluator
    }

    fn index(&mut self) {
        for rule in &self.rules {
            for name in &rule.events.names {
                self.by_type.entry(name.clone()).or_default();
            }
        }
        let numbered = || (0..).zip(&self.rules);
        for (name, rules) in &mut self.by_type {
            rules.extend(numbered().filter(|(_, rule)| rule.events.contains(name)).map(|(number, _)| number));
        }
        self.others = numbered().filter(|(_, rule)| rule.events.except).map(|(number, _)| number).collect();
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Room for the verdicts of an event, to be used for one after the other.
    pub fn verdicts(&self) -> Verdicts {
        self.program.verdicts()
    }

    /// Looks at all rules that the engine would look at for an event.
    pub fn evaluate(&self, event: &Event<'_>, verdicts: &mut Verdicts) -> Outcome {
        let binding = self.program.bind(event, self.absent);
        // As [`Event::origin`] has it, and found on the way.
        let source = event.source.as_deref().or_else(|| binding.source()).unwrap_or(SYSCALL);
        self.program.reset(verdicts);
        let mut outcome = Outcome::default();
        let mut first = true;
        for rule in self.candidates(&binding) {
            if *rule.source != *source {
                continue;
            }
            outcome.looked_at += 1;
            let verdict = self.program.verdict(rule.condition, &binding, verdicts);
            if verdict == Verdict::False {
                continue;
            }
            outcome.rules.push(RuleOutcome { index: rule.index, verdict, first: first && verdict == Verdict::True });
            // An open rule in front may be the one that fires, but the first that surely holds is named all the same.
            first &= verdict != Verdict::True;
        }
        outcome
    }

    /// Whether the condition of one rule holds, whatever the event's type and source.
    pub fn verdict(&self, index: usize, event: &Event<'_>) -> Option<Verdict> {
        let rule = self.ready(index)?;
        let binding = self.bind(event);
        Some(self.program.verdict(rule.condition, &binding, &mut self.verdicts()))
    }

    /// What an event says of the fields of the rules.
    pub fn bind<'e>(&'e self, event: &'e Event<'_>) -> Binding<'e> {
        self.program.bind(event, self.absent)
    }

    /// Why the condition of a rule holds or not.
    pub fn explain(&self, index: usize, event: &Event<'_>) -> Option<super::Explained> {
        let rule = self.ready(index)?;
        Some(super::explain::explained(&self.program, rule.condition, &rule.expr, &self.bind(event)))
    }

    /// For each of some rules the fields that an event would have to say to decide it. The verdicts are those on this event.
    pub(super) fn missing(
        &self,
        rules: impl Iterator<Item = usize>,
        event: &Event<'_>,
        verdicts: &mut Verdicts,
    ) -> Vec<(usize, Vec<String>)> {
        let binding = self.bind(event);
        let missing = |index| {
            let condition = self.ready(index)?.condition;
            Some((index, super::explain::missing(&self.program, condition, &binding, verdicts)))
        };
        rules.filter_map(missing).collect()
    }

    /// The rules are in the order of the items.
    fn ready(&self, index: usize) -> Option<&Ready> {
        let at = self.rules.binary_search_by_key(&index, |rule| rule.index).ok()?;
        self.rules.get(at)
    }

    fn candidates(&self, binding: &Binding<'_>) -> impl Iterator<Item = &Ready> {
        // Without a type all rules are looked at; those that ask for one stay open or fail.
        let listed = binding.event_type().map(|name| self.by_type.get(name).unwrap_or(&self.others));
        let all = listed.is_none().then_some(&self.rules).into_iter().flatten();
        let some = listed.into_iter().flatten().filter_map(|number| self.rules.get(*number as usize));
        all.chain(some)
    }
}
