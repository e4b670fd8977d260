//! From sources to findings: the walk over all rules, then one finding per cause, in the order of the report.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use watertight_diagnostic::{Category, Finding, Location, Operation, Settings, Step};
use watertight_pod::Neighbours;
use watertight_text::Span;

use crate::source::{ObjectsByRoute, Source};

/// A finding with what it is about.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) finding: Finding,
    /// Index among the pods of its file.
    pub(crate) pod: Option<usize>,
    /// Index among the objects of its file.
    pub(crate) object: Option<usize>,
}

/// All findings of the rules about the objects of one file, in the words of Kubernetes.
pub(crate) fn of_rules(source: &Source<'_>, neighbours: &Neighbours<'_>, settings: &Settings) -> Vec<Found> {
    let objects = ObjectsByRoute::new(&source.objects.objects);
    let (found, ends) = watertight_rules::run_by_pod(&source.objects, neighbours, source.id, settings);
    let mut kept = Vec::with_capacity(found.len());
    let mut found = found.into_iter();
    for ((at, pod), end) in source.objects.pods.iter().enumerate().zip(ends) {
        let own = end.saturating_sub(kept.len());
        kept.extend(found.by_ref().take(own).map(|finding| Found { object: Some(pod.object), pod: Some(at), finding }));
    }
    kept.extend(found.map(|finding| {
        let object = finding.primary.route.as_ref().and_then(|route| objects.around(route));
        Found { object, pod: None, finding }
    }));
    kept
}

/// What makes two findings the same cause: an anchor that serves two containers is one place with one fault, although
/// it is read twice. The last steps of the route keep apart what merely points at the same bytes, such as two limits
/// that are missing in one container.
#[derive(PartialEq, Eq)]
struct Cause<'f> {
    rule: &'static str,
    file: u32,
    span: Span,
    field: &'f [Step],
}

/// By the place alone, where few causes meet: the rest is compared there.
impl Hash for Cause<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.file, self.span).hash(state);
    }
}

impl<'f> Cause<'f> {
    fn of(finding: &'f Finding) -> Self {
        let Location { file, span, ref route, .. } = finding.primary;
        let steps = route.as_ref().map(|route| route.steps.as_slice()).unwrap_or_default();
        let field = steps.get(steps.len().saturating_sub(2)..).unwrap_or_default();
        // Containers of two lists that share a fault through an anchor differ in their place only.
        let field = if let [Step::Index(_), field @ ..] = field { field } else { field };
        Self { rule: finding.rule.id, file: file.0, span, field }
    }
}

/// Keeps one finding per cause. What is dropped lends its fixes to the one that stays, so that mending the one mends
/// them all.
pub(crate) fn collapse(found: Vec<Found>) -> Vec<Found> {
    let mut first: HashMap<Cause<'_>, usize> = HashMap::with_capacity(found.len());
    // For each finding that is dropped, the one that stays.
    let mut same: Vec<Option<usize>> = Vec::with_capacity(found.len());
    for (at, next) in found.iter().enumerate() {
        let earlier = *first.entry(Cause::of(&next.finding)).or_insert(at);
        let kept = found.get(earlier).filter(|_| earlier != at);
        // The same rule may have two things to say of one place.
        let is_same = |kept: &Found| is_elsewhere(&kept.finding, &next.finding) || kept.finding == next.finding;
        same.push(kept.filter(|kept| is_same(kept)).map(|_| earlier));
    }
    drop(first);
    if same.iter().all(Option::is_none) {
        return found;
    }
    let mut kept: Vec<Option<Found>> = Vec::with_capacity(found.len());
    let mut said = Said::default();
    for (next, same) in found.into_iter().zip(same) {
        let Some(earlier) = same else {
            kept.push(Some(next));
            continue;
        };
        if let Some(Some(found)) = kept.get_mut(earlier) {
            said.merge(earlier, &mut found.finding, next.finding);
        }
        kept.push(None);
    }
    kept.into_iter().flatten().collect()
}

fn is_elsewhere(one: &Finding, other: &Finding) -> bool {
    one.primary.route != other.primary.route
}

/// What the findings that stay say already: through an anchor one may be given the fixes of thousands of others.
#[derive(Default)]
struct Said {
    /// The finding, which of its lists, and what an item of it is about, hashed.
    known: HashSet<(usize, usize, u64)>,
}

/// The list of related places; those of the fixes' operations are counted from 0.
const RELATED: usize = usize::MAX;

impl Said {
    fn merge(&mut self, at: usize, kept: &mut Finding, other: Finding) {
        let is_first = self.known.insert((at, RELATED, 0));
        for (list, (mine, theirs)) in kept.fixes.iter_mut().zip(other.fixes).enumerate() {
            let about = |operation: &Operation| (at, list, hash(operation.route()));
            if is_first {
                self.known.extend(mine.operations.iter().map(about));
            }
            self.add(&mut mine.operations, theirs.operations, about);
        }
        let about = |place: &Location| (at, RELATED, hash(&(place.span, &place.route)));
        if is_first {
            self.known.extend(kept.related.iter().map(about));
        }
        self.add(&mut kept.related, other.related, about);
    }

    /// Only an item about something that was spoken of before is compared with all others.
    fn add<T: PartialEq>(&mut self, mine: &mut Vec<T>, theirs: Vec<T>, about: impl Fn(&T) -> (usize, usize, u64)) {
        for item in theirs {
            if self.known.insert(about(&item)) || !mine.contains(&item) {
                mine.push(item);
            }
        }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Findings of one rule about one object that are told. Nobody reads more, and a text can be made to give millions.
const MOST_ALIKE: usize = 1_000;

/// Leaves out what comes beyond [`MOST_ALIKE`]; the last one says how many more there are.
pub(crate) fn cap(found: Vec<Found>) -> Vec<Found> {
    if !has_many_alike(&found) {
        return found;
    }
    let mut seen: HashMap<(&str, Option<usize>), (usize, usize)> = HashMap::new();
    let mut kept: Vec<Found> = Vec::with_capacity(found.len().min(100_000));
    for next in found {
        let (count, last) = seen.entry((next.finding.rule.id, next.object)).or_default();
        *count += 1;
        if *count <= MOST_ALIKE {
            *last = kept.len();
            kept.push(next);
        }
    }
    for (count, last) in seen.into_values().filter(|(count, _)| *count > MOST_ALIKE) {
        if let Some(last) = kept.get_mut(last) {
            last.finding.what.push_str(&format!(" There are {} more like it.", count - MOST_ALIKE));
        }
    }
    kept
}

/// Whether any object has more findings than are told of one rule. Counting them by object is much less work than by rule.
fn has_many_alike(found: &[Found]) -> bool {
    let objects = found.iter().filter_map(|found| found.object).max().map_or(0, |last| last + 1);
    let mut counts = vec![0; objects + 1];
    found.iter().any(|found| {
        // The last place counts what belongs to no object.
        let Some(count) = counts.get_mut(found.object.unwrap_or(objects)) else { return false };
        *count += 1;
        *count > MOST_ALIKE
    })
}

/// Escapes first and hygiene last, then by severity, then by place.
pub(crate) fn sort(found: &mut [Found]) {
    found.sort_by_cached_key(|found| key(&found.finding));
}

fn key(finding: &Finding) -> impl Ord + use<> {
    let group = match finding.rule.category {
        Category::Escape => 0,
        Category::Hardening | Category::Correctness => 1,
        Category::Hygiene => 2,
    };
    (group, Reverse(finding.severity), finding.primary.file, finding.primary.span, finding.rule.id)
}
