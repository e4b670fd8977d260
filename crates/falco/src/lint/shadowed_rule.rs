use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use watertight_diagnostic::Finding;
use watertight_text::shortened;

use super::{Out, Subject};
use crate::condition::{Expr, ExprKind, print};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An enabled rule whose condition is the same as that of an earlier one, or asks for everything that an earlier
    /// one asks for and more.
    ///
    /// ## Why it matters
    /// By default Falco reports the first rule that matches an event and no other. Whenever this rule would fire, the
    /// earlier one fires instead.
    ///
    /// ## What to do
    /// Take one of them away, put the narrower rule first, or set `rule_matching: all` in Falco's configuration.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///
    /// - rule: Mount by the program mount
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount by the program mount
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.name = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    SHADOWED_RULE = {
        id: "falco-shadowed-rule",
        title: "Rule that an earlier one keeps from firing",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

/// Parts of conditions that are put beside each other. Beyond that many rules of one kind nobody asks.
const MOST: usize = 2_000_000;
/// How much of a rule's name is told, in bytes: thousands may name it.
const NAME: usize = 2_000;

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    // What each earlier rule asks for, found by one of the things asked.
    let mut earlier: Vec<(BTreeSet<Part>, (u32, watertight_text::Span), &str)> = Vec::new();
    let mut by_part: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut printed = Printed::default();
    let mut looked = 0;
    for (rule, item) in subject.set.rules().filter(|(_, item)| item.enabled) {
        let mut parts = BTreeSet::new();
        printed.conjuncts(&rule.condition, &mut parts);
        let place = (item.head.place.file, item.head.place.name);
        let candidates = parts.iter().filter_map(|part| by_part.get(&part.number)).flatten();
        let mut candidates = candidates.filter_map(|index| earlier.get(*index)).take_while(|(other, _, _)| {
            looked += 1 + other.len();
            looked < MOST
        });
        if let Some((other, other_place, name)) = candidates.find(|(other, _, _)| other.is_subset(&parts)) {
            let same = other.len() == parts.len();
            let what = if same { "The rule `" } else { "Whenever this rule would fire, the rule `" };
            let rest = if same { "` before it has the same condition." } else { "` before it fires instead." };
            let what = [what, &shortened(name, NAME), rest].concat();
            out.push(
                Finding::new(&SHADOWED_RULE, subject.location(place, ""), what)
                    .why("By default Falco reports the first rule that matches an event, and no other.")
                    .how("Put the narrower rule first, or set `rule_matching: all`.")
                    .related(subject.location(*other_place, "fires first")),
            );
        }
        // The rarest part would do best; the last in the order of letters is seldom the event type.
        if let Some(part) = parts.iter().max_by_key(|part| part.text.len()) {
            by_part.entry(part.number).or_default().push(earlier.len());
        }
        earlier.push((parts, place, &item.head.name));
    }
}

/// A part that has to be true, as it is printed. Equal parts have the same number; they are in the order of their texts.
#[derive(Clone, Debug)]
struct Part {
    number: u32,
    text: Rc<str>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Part {}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.number == other.number { Ordering::Equal } else { self.text.cmp(&other.text) }
    }
}

/// The parts of conditions that were printed. Those of a macro are printed once for all rules that use it.
#[derive(Default)]
struct Printed {
    by_text: HashMap<Rc<str>, u32>,
    /// By where they are in memory, which the set of rules does not change.
    by_address: HashMap<usize, Part>,
}

impl Printed {
    fn conjuncts(&mut self, expr: &Expr, out: &mut BTreeSet<Part>) {
        let expr = expr.resolved();
        match &expr.kind {
            ExprKind::And(parts) => parts.iter().for_each(|part| self.conjuncts(part, out)),
            _ => {
                out.insert(self.part(expr));
            }
        }
    }

    fn part(&mut self, expr: &Expr) -> Part {
        let address = std::ptr::from_ref(expr).addr();
        if let Some(part) = self.by_address.get(&address) {
            return part.clone();
        }
        let text: Rc<str> = print(expr).into();
        let next = u32::try_from(self.by_text.len()).unwrap_or(u32::MAX);
        let number = *self.by_text.entry(Rc::clone(&text)).or_insert(next);
        let part = Part { number, text };
        self.by_address.insert(address, part.clone());
        part
    }
}
