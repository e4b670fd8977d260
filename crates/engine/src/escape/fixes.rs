//! What each change closes, and the smallest set of changes that closes every way to an outcome.
//!
//! Nothing is guessed: a change is made in a copy of the document, and the copy is looked at as the original was.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::HashMap;

use watertight_text::{Span, sort};

use watertight_diagnostic::ask::escape::{ContainerMap, Effect, MapFix, Outcome, Plan, Truth};
use watertight_diagnostic::report::FixReport;
use watertight_diagnostic::{FileId, Fix, MOST_ALIKE, Operation, Severity};
use watertight_escape::technique;
use watertight_escape::{Map, Way};
use watertight_pod::{Container, Pod, Syntax};
use watertight_rules::FileSubject;
use watertight_yaml::Stream;

use super::place_of;
use super::surroundings::Surroundings;
use crate::Input;
use crate::compose::Composition;
use crate::findings;
use crate::locate::Locator;
use crate::native;
use crate::source::Source;

/// Bytes of a document in which changes are tried; each costs a reading of it.
pub(super) const LARGEST: usize = 100_000;
/// Changes that are tried.
const MOST: usize = 64;

/// Bytes that are read to try changes, for the shortest text and for each byte of a text. A document is read two or three times
/// for each change, and for each of its containers anew.
const TRIES: (usize, usize) = (5_000_000, 50);

/// How many bytes may still be read to try changes.
pub(super) struct Tries {
    left: usize,
}

impl Tries {
    /// What there is for texts of so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        let (least, each) = TRIES;
        Self { left: least + each * bytes }
    }
}

/// Whose ways are to be closed.
pub(super) struct Subject<'a> {
    pub(super) surroundings: &'a Surroundings<'a>,
    pub(super) source: &'a Source<'a>,
    pub(super) locator: &'a Locator<'a>,
    pub(super) pod: &'a Pod,
    /// The container's place in the pod.
    pub(super) at: usize,
}

/// A change that is tried, with routes into the document by itself and spans in it.
struct Candidate {
    rule: &'static str,
    /// How grave what it mends is.
    severity: Severity,
    fix: Fix,
    /// What it closes, alone.
    closes: Vec<usize>,
}

/// Tries the fixes of every rule and adds what they close to a map.
pub(super) fn add(report: &mut ContainerMap, subject: &Subject<'_>, map: &Map, tries: &mut Tries) {
    let all_targets: Vec<Target> = map.ways.iter().filter_map(Target::of).collect();
    if all_targets.is_empty() {
        return;
    }
    let Some(bench) = Bench::new(subject, &all_targets, tries.left) else {
        report.untried = true;
        return;
    };
    let mut candidates = bench.candidates();
    // Each by itself, and all together.
    if (candidates.len() + 1) * bench.text.len() > tries.left {
        report.untried = true;
        // To find that out took readings as well.
        tries.left = tries.left.saturating_sub(4 * bench.text.len());
        return;
    }
    for candidate in &mut candidates {
        candidate.closes = bench.closed(std::iter::once(&*candidate));
    }
    sort::by_key(&mut candidates, |candidate| (Reverse(candidate.closes.len()), candidate.fix.safety));
    let together = bench.closed(candidates.iter());
    // A change that closes nothing alone stays if it is needed beside others.
    let has_more = together.iter().any(|way| !candidates.iter().any(|candidate| candidate.closes.contains(way)));
    if !has_more {
        candidates.retain(|candidate| !candidate.closes.is_empty());
    }
    let plans = Plans { bench: &bench, candidates: &candidates, known: RefCell::default() };
    for outcome in Outcome::ALL {
        let targets: Vec<&Target> = all_targets.iter().filter(|target| target.leads_to(outcome)).collect();
        if !targets.is_empty() && (outcome.is_escape() || outcome == Outcome::DenialOfService) {
            report.plans.push(plans.of(outcome, &targets));
        }
    }
    candidates_into(report, candidates, &all_targets, &bench);
    tries.left = tries.left.saturating_sub(bench.read.get());
}

fn candidates_into(report: &mut ContainerMap, candidates: Vec<Candidate>, targets: &[Target], bench: &Bench<'_>) {
    for (at, candidate) in candidates.into_iter().enumerate() {
        for strand in report.strands.iter_mut().filter(|strand| candidate.closes.contains(&strand.technique)) {
            strand.fixes.push(at);
        }
        let Candidate { rule, mut fix, closes, .. } = candidate;
        fix.operations.iter_mut().for_each(|operation| move_to(operation, bench.document));
        for rewrite in &mut fix.rewrites {
            let Span { start, end } = rewrite.span;
            let in_file = Span { start: bench.start + start, end: bench.start + end };
            rewrite.span = bench.subject.locator.units(in_file);
        }
        let effects = Outcome::ALL.into_iter().filter_map(|outcome| {
            let leading = targets.iter().filter(|target| target.leads_to(outcome));
            let (mut of, mut closed) = (0, 0);
            for target in leading {
                of += 1;
                closed += usize::from(closes.contains(&target.technique));
            }
            (closed > 0).then_some(Effect { outcome, closes: closed, of })
        });
        let effects = effects.collect();
        let Fix { title, safety, level, file, operations, rewrites } = fix;
        let fix = FixReport { title, safety, level, file: file.0, operations, rewrites };
        report.fixes.push(MapFix { rule: rule.to_owned(), fix, closes, effects });
    }
}

fn move_to(operation: &mut Operation, document: usize) {
    match operation {
        Operation::Set { route, .. }
        | Operation::Append { route, .. }
        | Operation::Remove { route, .. }
        | Operation::KeepLast { route } => route.document = document,
    }
}

/// A way that is to be closed: open or not to be told, and by what is configured.
struct Target {
    technique: usize,
    outcome: Outcome,
    /// Whether it is open for certain.
    is_open: bool,
}

impl Target {
    fn of(way: &Way) -> Option<Self> {
        let technique = way.judged.technique;
        let is_target = way.open() != Truth::No && technique.is_fault();
        let is_open = way.open() == Truth::Yes;
        is_target.then(|| Self { technique: place_of(technique), outcome: technique.outcome, is_open })
    }

    fn leads_to(&self, outcome: Outcome) -> bool {
        self.outcome.onward().contains(&outcome)
    }
}

/// Where changes are tried: the document of the pod, by itself.
struct Bench<'a> {
    subject: &'a Subject<'a>,
    text: &'a str,
    stream: Stream<'a>,
    /// The document's place in its file.
    document: usize,
    /// The byte of the file that it begins at.
    start: u32,
    /// The pod's place among those of the document.
    pod: usize,
    /// Techniques that are to be closed.
    targets: Vec<usize>,
    /// Bytes that were read until now.
    read: Cell<usize>,
}

impl<'a> Bench<'a> {
    /// `None` where the document is longer than that, or where nothing in it can be changed because aliases multiply it. Lines
    /// of commands are no document: they are read as a whole.
    fn new(subject: &'a Subject<'a>, targets: &[Target], longest: usize) -> Option<Self> {
        let source = subject.source;
        let document = subject.pod.route.document;
        let span = match subject.pod.syntax {
            Syntax::Run(_) => Span::new(0, source.input.text.len()),
            _ => source.stream.documents.get(document).filter(|whole| !whole.multiplies())?.span,
        };
        let text = source.input.text.get(span.range()).filter(|text| text.len() <= LARGEST.min(longest))?;
        let siblings = source.objects.pods.iter().filter(|pod| pod.route.document == document);
        let pod = siblings.clone().position(|pod| pod.route == subject.pod.route)?;
        let targets = targets.iter().map(|target| target.technique).collect();
        let (stream, read) = (watertight_yaml::parse(text), Cell::new(0));
        Some(Self { subject, text, stream, document, start: span.start, pod, targets, read })
    }

    /// The fixes of all rules that speak of the pod.
    fn candidates(&self) -> Vec<Candidate> {
        let source = self.read(self.text);
        let surroundings = self.subject.surroundings;
        let file = FileSubject {
            objects: &source.objects,
            neighbours: &surroundings.neighbours,
            file: source.id,
            settings: surroundings.settings,
        };
        let mut found = Vec::new();
        findings::of_pods(&source, &file, self.pod..self.pod + 1, MOST_ALIKE, &mut |part| found.extend(part));
        let mut all: Vec<Candidate> = Vec::new();
        for found in native::translated(&source, found) {
            let (rule, severity) = (found.finding.rule.id, found.finding.severity);
            for fix in found.finding.fixes {
                let is_here = fix.file == self.subject.source.id;
                let is_same = |other: &Fix| other.operations == fix.operations && other.rewrites == fix.rewrites;
                let is_new = || !all.iter().any(|other| is_same(&other.fix));
                if is_here && is_new() && all.len() < MOST {
                    all.push(Candidate { rule, severity, fix, closes: Vec::new() });
                }
            }
        }
        all
    }

    fn read<'t>(&self, text: &'t str) -> Source<'t> {
        let name = "";
        Source::read(FileId(self.subject.source.id.0), Input { name, text })
    }

    /// The text after changes; one that stands in the way of an earlier one is left out, and so is what is refused.
    fn changed<'c>(&self, changes: impl Iterator<Item = &'c Candidate>) -> Option<String> {
        let mut composition = Composition::default();
        let changes = changes.map(|candidate| &candidate.fix);
        let changes = changes.filter(|fix| composition.add(&fix.operations) && composition.add_rewrites(&fix.rewrites));
        let mut changes: Vec<&[Operation]> = changes.map(|fix| fix.operations.as_slice()).collect();
        loop {
            let plan = watertight_yaml::edit::plan(&self.stream, &changes.concat());
            if plan.refused.is_empty() {
                let mut edits = plan.edits;
                edits.extend(composition.rewritten());
                sort::by_key(&mut edits, |edit| edit.span);
                return watertight_text::apply(self.text, &edits).ok();
            }
            let mut end = 0;
            changes.retain(|operations| {
                let start = end;
                end += operations.len();
                !plan.refused.iter().any(|refusal| (start..end).contains(&refusal.operation))
            });
        }
    }

    /// The targets that changes close, made together. None where the pod cannot be found after them.
    fn closed<'c>(&self, changes: impl Iterator<Item = &'c Candidate>) -> Vec<usize> {
        self.read.set(self.read.get() + self.text.len());
        self.changed(changes).and_then(|text| self.closed_in(&text)).unwrap_or_default()
    }

    fn closed_in(&self, text: &str) -> Option<Vec<usize>> {
        let source = self.read(text);
        let (pod, container) = self.container(&source)?;
        let object = source.objects.objects.get(pod.object)?;
        let looked_at = self.subject.surroundings.look(object, pod, container);
        let is_closed = |technique: &&usize| {
            let known = technique::all().get(**technique);
            known.and_then(|known| looked_at.map.way(known.id)).is_some_and(|way| way.open() == Truth::No)
        };
        Some(self.targets.iter().filter(is_closed).copied().collect())
    }

    fn container<'s>(&self, source: &'s Source<'_>) -> Option<(&'s Pod, &'s Container)> {
        let pod = source.objects.pods.get(self.pod)?;
        Some((pod, pod.containers.get(self.subject.at)?))
    }
}

/// The smallest sets of changes.
struct Plans<'b, 'a> {
    bench: &'b Bench<'a>,
    candidates: &'b [Candidate],
    /// What sets of candidates close, which several outcomes ask for; a bit for each.
    known: RefCell<HashMap<u64, Vec<usize>>>,
}

impl Plans<'_, '_> {
    /// The targets that candidates close together.
    fn closed(&self, set: &[usize]) -> Vec<usize> {
        let bits = set.iter().fold(0u64, |bits, at| bits | 1 << at);
        let mut known = self.known.borrow_mut();
        let closed = known.entry(bits).or_insert_with(|| {
            let in_order = self.candidates.iter().zip(0..).filter(|(_, at)| bits >> at & 1 == 1);
            self.bench.closed(in_order.map(|(candidate, _): (_, u32)| candidate))
        });
        closed.clone()
    }

    /// Takes the change that closes most of what is left, what is open for certain before what may be, until nothing is left
    /// that one change closes; then what is needed together; then leaves out what the others make superfluous. Of changes
    /// that close as much it is the one that mends the graver fault.
    fn of(&self, outcome: Outcome, targets: &[&Target]) -> Plan {
        let candidates = self.candidates;
        let open: Vec<usize> = targets.iter().filter(|target| target.is_open).map(|target| target.technique).collect();
        let targets: Vec<usize> = targets.iter().map(|target| target.technique).collect();
        let targets = targets.as_slice();
        let mut left: Vec<usize> = targets.to_vec();
        let mut chosen: Vec<usize> = Vec::new();
        loop {
            let gain = |candidate: &Candidate| {
                let closed = || left.iter().filter(|way| candidate.closes.contains(way));
                (closed().filter(|way| open.contains(way)).count(), closed().count())
            };
            let best = candidates.iter().enumerate().max_by_key(|(at, candidate)| {
                (gain(candidate), candidate.severity, Reverse(candidate.fix.safety as u8), Reverse(*at))
            });
            let Some((at, candidate)) = best.filter(|(_, candidate)| gain(candidate).1 > 0) else { break };
            left.retain(|way| !candidate.closes.contains(way));
            chosen.push(at);
        }
        if !left.is_empty() {
            self.join(&mut chosen, &mut left, targets);
        }
        // What came early may be covered by what came later.
        for at in chosen.clone() {
            let others: Vec<usize> = chosen.iter().copied().filter(|other| *other != at).collect();
            let covers = |way: &usize| {
                others.iter().filter_map(|other| candidates.get(*other)).any(|other| other.closes.contains(way))
            };
            let is_needed = candidates.get(at).is_none_or(|candidate| {
                candidate.closes.is_empty() || candidate.closes.iter().any(|way| targets.contains(way) && !covers(way))
            });
            if !is_needed {
                chosen = others;
            }
        }
        Plan { outcome, closes: targets.len() - left.len(), fixes: chosen, left }
    }

    /// Adds all other changes if together they close what no single one does, and takes them away again one by one as far
    /// as they are not needed.
    fn join(&self, chosen: &mut Vec<usize>, left: &mut Vec<usize>, targets: &[usize]) {
        let closed = |set: &[usize]| {
            let closed = self.closed(set);
            targets.iter().copied().filter(|way| closed.contains(way)).collect::<Vec<_>>()
        };
        let mut all = chosen.clone();
        all.extend((0..self.candidates.len()).filter(|at| !chosen.contains(at)));
        let best = closed(&all);
        if best.len() <= targets.len() - left.len() {
            return;
        }
        for at in all.clone().into_iter().rev() {
            let without: Vec<usize> = all.iter().copied().filter(|other| *other != at).collect();
            if closed(&without).len() == best.len() {
                all = without;
            }
        }
        left.retain(|way| !best.contains(way));
        *chosen = all;
    }
}
