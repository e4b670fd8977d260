//! From what rules find to what is told: one finding per cause, no more of them than anybody reads, in the order of the report.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Range;

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Category, FileId, Finding, Location, MOST_ALIKE, Operation, Severity, Step};
use watertight_pod::Pod;
use watertight_rules::FileSubject;
use watertight_text::Span;
use watertight_yaml::Document;

use crate::digest::hash;
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

/// Takes what is found, part by part.
pub(crate) type Tell<'t> = dyn FnMut(Vec<Found>) + 't;

/// Pods that are looked at together. Only what is told of a batch is kept, so what is found in a file of thousands of pods is
/// never there at once.
const BATCH: usize = 16;

/// The pods of a file in batches. Two pods that may have text in common, and with it a fault, are in the same one.
pub(crate) fn batches<'s>(source: &'s Source<'_>) -> impl Iterator<Item = Range<usize>> + 's {
    let pods = &source.objects.pods;
    let mut parts = Parts { source, known: None };
    let mut begin = 0;
    std::iter::from_fn(move || {
        let from = begin;
        if from >= pods.len() {
            return None;
        }
        let ends = (from + BATCH..pods.len()).find(|at| parts.between(*at));
        begin = ends.unwrap_or(pods.len());
        Some(from..begin)
    })
}

/// Knows where the pods of a file can be parted.
struct Parts<'s, 't> {
    source: &'s Source<'t>,
    /// A document, and whether a part of its text is used in several places.
    known: Option<(usize, bool)>,
}

impl Parts<'_, '_> {
    /// Whether the pod there has no text in common with those before it.
    fn between(&mut self, at: usize) -> bool {
        let pods = &self.source.objects.pods;
        let (Some(before), Some(pod)) = (at.checked_sub(1).and_then(|at| pods.get(at)), pods.get(at)) else {
            return true;
        };
        let document = pod.route.document;
        if before.route.document != document {
            return true;
        }
        let is_apart = match self.source.kind {
            InputKind::CommandLines => true,
            // A service may extend another.
            InputKind::Compose => !self.source.input.text.contains("extends") && !self.has_aliases(document),
            _ => !self.has_aliases(document),
        };
        is_apart && before.object != pod.object
    }

    fn has_aliases(&mut self, document: usize) -> bool {
        match self.known {
            Some((known, answer)) if known == document => answer,
            _ => {
                let answer = self.source.stream.documents.get(document).is_some_and(Document::has_aliases);
                self.known = Some((document, answer));
                answer
            }
        }
    }
}

/// So many findings of one pod are handed on before other rules look at it.
const TOGETHER: usize = 4_096;

/// Hands on what rules find in a batch of pods, up to `most` of a rule about one of them. All that one rule finds is in one part.
pub(crate) fn of_pods(
    source: &Source<'_>,
    file: &FileSubject<'_>,
    batch: Range<usize>,
    most: usize,
    tell: &mut Tell<'_>,
) {
    let is_single = batch.len() == 1;
    let (mut all, mut found) = (Vec::new(), Vec::new());
    for at in batch {
        let Some(pod) = source.objects.pods.get(at) else { continue };
        watertight_rules::of_pod(file, pod, most, &mut found, &mut |found| {
            if is_single && found.len() > TOGETHER {
                tell(about_pod(found, at, pod));
            }
        });
        all.append(&mut about_pod(&mut found, at, pod));
    }
    tell(all);
}

fn about_pod(found: &mut Vec<Finding>, at: usize, pod: &Pod) -> Vec<Found> {
    found.drain(..).map(|finding| Found { finding, pod: Some(at), object: Some(pod.object) }).collect()
}

/// What rules find in the other objects of a file.
pub(crate) fn of_objects(source: &Source<'_>, file: &FileSubject<'_>) -> Vec<Found> {
    let found = watertight_rules::of_objects(file);
    if found.is_empty() {
        return Vec::new();
    }
    let objects = ObjectsByRoute::new(&source.objects.objects);
    let about = |finding: &Finding| objects.around(finding.primary.route.as_ref()?);
    found.into_iter().map(|finding| Found { object: about(&finding), pod: None, finding }).collect()
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
        let steps = route.as_ref().map(|route| &*route.steps).unwrap_or_default();
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
        kept.more += other.more;
        kept.unlisted += other.unlisted;
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

/// Findings that are told of the shortest text, and one more for so many bytes of it: what is told takes memory, and a text may
/// take 64 times its own.
const TOLD: (usize, usize) = (3_000, 80);

/// Findings that belong together: a rule, a file, an object of it.
type Alike = (&'static str, FileId, Option<usize>);

/// What is told of all that is found. Where that is less, the last finding of a rule says how many more there are.
#[derive(Debug)]
pub(crate) struct Told {
    /// Of one rule about one object.
    pub(crate) alike: usize,
    /// In all.
    pub(crate) most: usize,
    found: Vec<Found>,
    /// Once there were too many.
    left_out: Option<Box<NotTold>>,
}

/// What is left out.
#[derive(Debug, Default)]
struct NotTold {
    /// Where the last one stands that stays.
    end: Option<Rank>,
    /// The first one of each rule: it stays.
    first: HashMap<&'static str, Rank>,
    /// How many do not stay, by rule and file.
    counts: BTreeMap<(&'static str, FileId), usize>,
}

/// Where a finding stands in the report.
pub(crate) type Rank = (u8, Reverse<Severity>, FileId, Span, &'static str);

impl Told {
    /// As much as readers of texts of so many bytes are told.
    pub(crate) fn of(bytes: usize) -> Self {
        let (least, each) = TOLD;
        Self::within(MOST_ALIKE, least + bytes / each)
    }

    fn within(alike: usize, most: usize) -> Self {
        Self { alike, most, found: Vec::new(), left_out: None }
    }

    /// Makes the first of so many findings of one rule that nothing mends; the last of them knows of the others.
    pub(crate) fn first_of(all: usize, make: &dyn Fn(usize) -> Option<Found>) -> Vec<Found> {
        let mut made: Vec<_> = (0..all.min(MOST_ALIKE)).filter_map(make).collect();
        if let Some(last) = made.last_mut() {
            last.finding.more += all.saturating_sub(MOST_ALIKE);
        }
        made
    }

    pub(crate) fn add(&mut self, mut found: Vec<Found>) {
        if let Some(left_out) = &mut self.left_out {
            left_out.behind(&mut found);
        }
        if self.found.is_empty() {
            self.found = found;
        } else {
            self.found.extend(found);
        }
        // Now and then, for each time costs the sorting of all.
        if self.found.len() / 5 > self.most / 4 {
            self.prune();
        }
    }

    /// Everything that is told, in the order of the report.
    pub(crate) fn finish(mut self) -> Vec<Found> {
        self.prune();
        if let Some(left_out) = self.left_out.take() {
            left_out.tell(&mut self.found);
        }
        self.found
    }

    /// Sorts, and leaves out the last ones. No rule falls silent.
    fn prune(&mut self) {
        sort(&mut self.found);
        if self.found.len() > self.most {
            self.left_out.get_or_insert_default().last(&mut self.found, self.most);
        }
    }
}

// Few texts need this, so it stands apart, and a first visit need not fetch it.
impl NotTold {
    /// Takes out the last ones of a sorted list.
    #[inline(never)]
    fn last(&mut self, all: &mut Vec<Found>, most: usize) {
        self.first.clear();
        self.end = most.checked_sub(1).and_then(|last| all.get(last)).map(|found| rank(&found.finding));
        let mut place = 0;
        all.retain(|found| {
            place += 1;
            let is_first = !self.first.contains_key(found.finding.rule.id);
            if is_first {
                self.first.insert(found.finding.rule.id, rank(&found.finding));
            }
            let stays = is_first || place <= most;
            if !stays {
                self.count(found);
            }
            stays
        });
    }

    /// Takes out at once what cannot be among those that stay, for sorting it in would take longer.
    #[inline(never)]
    fn behind(&mut self, found: &mut Vec<Found>) {
        found.retain(|found| {
            let rank = rank(&found.finding);
            let is_behind = self.end.is_some_and(|end| rank > end);
            let stays = !is_behind || self.first.get(found.finding.rule.id).is_none_or(|first| rank < *first);
            if !stays {
                self.count(found);
            }
            stays
        });
    }

    fn count(&mut self, found: &Found) {
        *self.counts.entry(about(found)).or_default() += 1 + found.finding.more;
    }

    /// The last one of the rule in the file knows of them, or where there is none the last one of the rule.
    #[inline(never)]
    fn tell(self, told: &mut [Found]) {
        let mut last = HashMap::new();
        let mut last_in_file = HashMap::new();
        for (at, found) in told.iter().enumerate() {
            let (rule, file) = about(found);
            last.insert(rule, at);
            last_in_file.insert((rule, file), at);
        }
        for (key, more) in self.counts {
            let at = last_in_file.get(&key).or_else(|| last.get(key.0));
            if let Some(found) = at.and_then(|at| told.get_mut(*at)) {
                found.finding.more += more;
            }
        }
    }
}

fn about(found: &Found) -> (&'static str, FileId) {
    (found.finding.rule.id, found.finding.primary.file)
}

fn alike(found: &Found) -> Alike {
    (found.finding.rule.id, found.finding.primary.file, found.object)
}

/// Leaves out what is more than `most` of findings that belong together: all of an object are among them.
pub(crate) fn cap(found: &mut Vec<Found>, most: usize) {
    if !has_many_alike(found, most) {
        return;
    }
    // How many there were, and where the last one is that stays.
    let mut seen: HashMap<Alike, (usize, usize)> = HashMap::new();
    let mut kept: Vec<Found> = Vec::with_capacity(found.len().min(100_000));
    for next in found.drain(..) {
        let (count, last) = seen.entry(alike(&next)).or_default();
        *count += 1;
        if *count <= most {
            *last = kept.len();
            kept.push(next);
        } else if let Some(last) = kept.get_mut(*last) {
            last.finding.more += 1 + next.finding.more;
        }
    }
    *found = kept;
}

/// Whether any object has more findings than are told of one rule. Counting them by object is much less work than by rule.
fn has_many_alike(found: &[Found], most: usize) -> bool {
    if found.len() <= most {
        return false;
    }
    let objects = || found.iter().filter_map(|found| found.object);
    let (first, end) = (objects().min().unwrap_or(0), objects().max().map_or(0, |last| last + 1));
    let mut counts = vec![0; end - first + 1];
    found.iter().any(|found| {
        // The last place counts what belongs to no object.
        let Some(count) = counts.get_mut(found.object.unwrap_or(end) - first) else { return false };
        *count += 1;
        *count > most
    })
}

/// Escapes first and hygiene last, then by severity, then by place.
fn sort(found: &mut [Found]) {
    found.sort_by_cached_key(|found| rank(&found.finding));
}

pub(crate) fn rank(finding: &Finding) -> Rank {
    let group = match finding.rule.category {
        Category::Escape => 0,
        Category::Hardening | Category::Correctness => 1,
        Category::Hygiene => 2,
    };
    (group, Reverse(finding.severity), finding.primary.file, finding.primary.span, finding.rule.id)
}
