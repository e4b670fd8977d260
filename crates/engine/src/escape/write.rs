//! From a map to the plain data that leaves the core.

use watertight_diagnostic::ask::escape::{
    BugReport, Cell, ContainerMap, NodePart, Outcome, OutcomeCount, Reason, Strand, Truth, Unsettled,
};
use watertight_diagnostic::report::Place;
use watertight_diagnostic::{FileId, Location};
use watertight_escape::{Answer, Bug, Evidence, Known, Node, Way};
use watertight_text::sort;

use super::detection::Watch;
use super::grade::grade;
use super::surroundings::LookedAt;
use super::{node, place_of};
use crate::analyse::object_name;
use crate::locate::Locator;
use crate::source::Source;

/// Knows the places of all files.
pub(super) struct Writer<'a, 't> {
    pub(super) locators: &'a [Locator<'t>],
    pub(super) watch: &'a Watch,
}

impl Writer<'_, '_> {
    /// The map of one container, without its fixes.
    pub(super) fn container(&self, source: &Source<'_>, pod: usize, looked_at: &LookedAt<'_>) -> ContainerMap {
        let LookedAt { object, container, map, .. } = looked_at;
        let mut reasons = Reasons::default();
        let strands: Vec<_> = map.ways.iter().map(|way| self.strand(way, &mut reasons)).collect();
        let place = Evidence { file: None, span: container.head, route: Some(container.route.clone()) };
        ContainerMap {
            pod,
            place: self.place(source, &place).unwrap_or_else(|| Place {
                file: source.id.0,
                range: Default::default(),
                route: None,
                label: String::new(),
            }),
            object: object_name(object),
            container: container.name.clone(),
            worst: map.worst(),
            outcomes: Outcome::ALL.into_iter().filter_map(|outcome| count(&map.ways, outcome)).collect(),
            unsettled: unsettled(&map.ways),
            reasons: reasons.all.into_iter().map(|known| self.reason(source, known)).collect(),
            strands,
            fixes: Vec::new(),
            plans: Vec::new(),
            untried: false,
            grade: grade(map),
            stillborn: looked_at.stillborn.clone(),
        }
    }

    /// What is known of the node.
    pub(super) fn node(&self, node: &Node<'_>) -> Vec<NodePart> {
        let parts = node.components.iter().map(|component| NodePart {
            name: component.name.to_owned(),
            version: component.written.to_string(),
            place: component.evidence.as_ref().and_then(|evidence| self.evidence(evidence.file?, evidence)),
        });
        let facts = node::facts(node).map(|(fact, evidence)| NodePart {
            name: fact.name().to_owned(),
            version: fact.value().to_owned(),
            place: evidence.and_then(|evidence| self.evidence(evidence.file?, evidence)),
        });
        parts.chain(facts).collect()
    }

    fn strand<'m>(&self, way: &'m Way, reasons: &mut Reasons<'m>) -> Strand {
        let judged = &way.judged;
        let cells = judged.cells().map(|cell| Cell {
            layer: cell.layer,
            state: cell.state,
            reasons: cell.because.iter().map(|answer| reasons.place_of(answer)).collect(),
        });
        Strand {
            technique: place_of(judged.technique),
            open: way.open(),
            cost: way.cost,
            after_escalation: way.after_escalation,
            layers: cells.collect(),
            stopped_by: way.first_stop(),
            stops: way.stops(),
            bugs: judged.bugs().map(bug).collect(),
            detection: self.watch.of(judged.technique),
            fixes: Vec::new(),
        }
    }

    fn reason(&self, source: &Source<'_>, known: &Known) -> Reason {
        let mut places: Vec<Place> = Vec::new();
        for place in known.evidence.iter().filter_map(|evidence| self.place(source, evidence)) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let settles = if known.truth == Truth::Unknown { known.settles } else { "" };
        Reason { truth: known.truth, text: known.because.clone(), places, settles: settles.into() }
    }

    fn place(&self, source: &Source<'_>, evidence: &Evidence) -> Option<Place> {
        self.evidence(evidence.file.unwrap_or(source.id.0), evidence)
    }

    fn evidence(&self, file: u32, evidence: &Evidence) -> Option<Place> {
        let location =
            Location { file: FileId(file), span: evidence.span, route: evidence.route.clone(), label: String::new() };
        Some(self.locators.get(file as usize)?.place(location))
    }
}

/// What was said, once each.
#[derive(Default)]
struct Reasons<'m> {
    all: Vec<&'m Known>,
    /// By [`Answer::number`]: what many ways are told is kept once.
    known: Vec<Option<usize>>,
}

impl<'m> Reasons<'m> {
    fn place_of(&mut self, answer: &'m Answer) -> usize {
        if let Some(place) = self.known.get(answer.number).copied().flatten() {
            return place;
        }
        // The same may be said in answer to two questions.
        let place = self.all.iter().position(|other| **other == answer.known).unwrap_or_else(|| {
            self.all.push(&answer.known);
            self.all.len() - 1
        });
        if self.known.len() <= answer.number {
            self.known.resize(answer.number + 1, None);
        }
        if let Some(known) = self.known.get_mut(answer.number) {
            *known = Some(place);
        }
        place
    }
}

fn bug(bug: &Bug) -> BugReport {
    BugReport {
        id: bug.cve.id.into(),
        name: bug.cve.name.into(),
        component: bug.cve.component.into(),
        version: bug.version.clone(),
        open: bug.open,
        because: bug.because.clone(),
        outcome: bug.cve.outcome.into(),
        exploited: bug.cve.exploited.into(),
        summary: bug.cve.summary.into(),
        address: bug.cve.address(),
    }
}

/// How many ways lead to an outcome; `None` for none.
fn count(ways: &[Way], outcome: Outcome) -> Option<OutcomeCount> {
    let mut count = OutcomeCount { outcome, open: 0, unknown: 0, closed: 0, closed_once: 0, by_bug: 0 };
    let leading = ways.iter().filter(|way| way.judged.technique.outcome.onward().contains(&outcome));
    for way in leading {
        match way.open() {
            Truth::No => {
                count.closed += 1;
                count.closed_once += usize::from(way.stops() == 1);
            }
            _ if !way.judged.technique.is_fault() => count.by_bug += 1,
            Truth::Yes => count.open += 1,
            Truth::Unknown => count.unknown += 1,
        }
    }
    (count.open + count.unknown + count.closed + count.by_bug > 0).then_some(count)
}

/// What would settle the ways that nobody can tell, by how many it would.
fn unsettled(ways: &[Way]) -> Vec<Unsettled> {
    let mut all: Vec<(&str, usize)> = Vec::new();
    for way in ways.iter().filter(|way| way.open() == Truth::Unknown) {
        for settles in way.judged.settled_by() {
            match all.iter_mut().find(|(known, _)| *known == settles) {
                Some((_, ways)) => *ways += 1,
                None => all.push((settles, 1)),
            }
        }
    }
    sort::by_key(&mut all, |(_, ways)| std::cmp::Reverse(*ways));
    all.into_iter().map(|(settles, ways)| Unsettled { settles: settles.to_owned(), ways }).collect()
}
