//! What hardening leaves, and why.

use std::collections::HashMap;
use std::fmt::Write;

use watertight_diagnostic::report::LeftOver;
use watertight_diagnostic::{Category, FileId, Level, Location, Route, Settings, Severity};
use watertight_text::{MAX_BYTES, few, megabytes, shortened, sort};

use super::refusals::Refusals;
use super::{Alike, Work, key, wanted};
use crate::admission::{Judged, Namespaces};
use crate::analyse::{Collect, JudgedPod, Suppressed, judge, judged_pods, known_rules, look, object_name};
use crate::digest::{Digest, digest};
use crate::findings::{Found, Rank, rank};
use crate::reading::WHOLE;
use crate::routes::Routes;
use crate::source::Source;

/// What is left in each file.
pub(super) fn of(work: &[Work<'_>], sources: &[Source<'_>], settings: &Settings) -> Vec<Left> {
    let target = settings.level;
    let namespaces = Namespaces::read(sources);
    let judged = judge(sources, &namespaces, settings);
    let refusals = Refusals::of(sources, &judged, target);
    let left = work.iter().map(|_| Left::default()).collect();
    let mut leaving = Leaving { sources, work, refusals, target, left, spoken: HashMap::new() };
    look(sources, settings, &namespaces, &WHOLE, &known_rules(), &mut leaving);
    let Leaving { mut left, spoken, .. } = leaving;
    for (file, object, over) in unspoken(sources, &judged, &spoken, target, settings) {
        if let Some(left) = left.get_mut(file) {
            left.put((2, None), object, over);
        }
    }
    left
}

/// Gathers what is left of what is found.
struct Leaving<'a> {
    sources: &'a [Source<'a>],
    work: &'a [Work<'a>],
    refusals: Refusals,
    target: Level,
    left: Vec<Left>,
    /// The places that findings speak of, by pod.
    spoken: HashMap<(FileId, usize), Routes>,
}

impl Leaving<'_> {
    fn speak(&mut self, found: &Found) {
        let Location { file, route, .. } = &found.finding.primary;
        if let (Some(pod), Some(route)) = (found.pod, route) {
            self.spoken.entry((*file, pod)).or_default().insert(route);
        }
    }

    fn put(&mut self, order: Order, found: &Found, over: LeftOver) {
        if let Some(left) = self.left.get_mut(found.finding.primary.file.0 as usize) {
            left.put(order, found.object, over);
        }
    }
}

impl Collect for Leaving<'_> {
    fn alike(&self) -> usize {
        usize::MAX
    }

    fn take(&mut self, found: Vec<Found>) {
        for found in &found {
            self.speak(found);
            if let Some(over) = leave(self.sources, &self.refusals, found, self.work, self.target) {
                self.put((0, Some(rank(&found.finding))), found, over);
            }
        }
    }

    fn leave_out(&mut self, suppressed: Suppressed) {
        self.speak(&suppressed.found);
        if let Some(over) = leave_suppressed(self.sources, &self.refusals, &suppressed, self.target) {
            self.put((1, None), &suppressed.found, over);
        }
    }
}

/// What is left in a file.
#[derive(Default)]
pub(super) struct Left {
    /// With where it stands in the list.
    list: Vec<(Order, LeftOver)>,
    /// What was said, but for the line, and where it is listed. The same in several places is said once, at the first.
    said: HashMap<Digest, Option<usize>>,
    alike: Alike,
    /// Whether the target needs any of it.
    pub(super) needed: bool,
}

/// First what is found, as in a report; then what is to be ignored; then what no finding speaks of.
type Order = (u8, Option<Rank>);

impl Left {
    /// Takes what is left of something in an object of the file. A thousand alike are listed, and the last of them knows of the
    /// others.
    fn put(&mut self, order: Order, object: Option<usize>, over: LeftOver) {
        self.needed |= over.needed;
        let said = digest(&LeftOver { line: 0, ..over.clone() });
        if let Some(at) = self.said.get(&said) {
            let earlier = at.and_then(|at| self.list.get_mut(at));
            if let Some(earlier) = earlier.filter(|(earlier, _)| order < *earlier) {
                *earlier = (order, over);
            }
            return;
        }
        let place = self.list.len();
        let last = self.alike.count(&over.rule, object, place);
        self.said.insert(said, last.is_none().then_some(place));
        match last {
            None => few::push(&mut self.list, (order, over)),
            Some(last) => self.list.get_mut(last).into_iter().for_each(|(_, last)| last.more += 1 + over.more),
        }
    }

    /// All of it in its order.
    pub(super) fn finish(mut self, text: &str) -> Vec<LeftOver> {
        sort::by_key(&mut self.list, |(order, _)| *order);
        let mut left: Vec<_> = self.list.into_iter().map(|(_, over)| over).collect();
        for over in left.iter_mut().filter(|over| over.more > 0) {
            let _ = write!(over.what, " There are {} more like it.", over.more);
        }
        if text.len() > MAX_BYTES {
            left.push(too_long(text));
        }
        left
    }
}

/// Whoever takes the text to be looked at again has to know.
fn too_long(text: &str) -> LeftOver {
    LeftOver {
        rule: "too-large".to_owned(),
        what: format!(
            "With its changes the text has {} bytes, and we read {} at once.",
            text.len(),
            megabytes(MAX_BYTES)
        ),
        reason: "Divide it before you look at it again.".to_owned(),
        needed: false,
        ignored: false,
        object: None,
        line: 1,
        more: 0,
    }
}

/// What is left of a finding; `None` when the target does not ask for anything here.
fn leave(
    sources: &[Source<'_>],
    refusals: &Refusals,
    found: &Found,
    work: &[Work<'_>],
    target: Level,
) -> Option<LeftOver> {
    let finding = &found.finding;
    let reason = wanted(found, target).find_map(|fix| {
        let work = work.get(fix.file.0 as usize)?;
        let refused = work.refused.get(&key(found, fix)).or_else(|| work.refused.get(&digest(&finding.rule.id)));
        let tried = || "The change is in place, and there is more to do than it does.".to_owned();
        Some(refused.cloned().unwrap_or_else(tried))
    });
    // A finding about the text and not about a field of it: what stands there could not be looked at.
    let of_text = finding.rule.category == Category::Correctness && finding.primary.route.is_none();
    let unreadable = of_text && finding.severity >= Severity::High;
    let needed = reason.is_some() || unreadable || refusals.is_for(found);
    let is_worth_knowing = match finding.rule.category {
        Category::Escape | Category::Hardening => finding.severity >= Severity::Medium,
        Category::Correctness => finding.severity >= Severity::Medium,
        Category::Hygiene => target == Level::Hardened && finding.severity > Severity::Info,
    };
    let asks_more = finding.fixes.first().is_some_and(|fix| fix.level.is_some_and(|level| level > target));
    if !needed && (!is_worth_knowing || asks_more) {
        return None;
    }
    let reason = reason.unwrap_or_else(|| match (finding.fixes.first(), &*finding.how) {
        (Some(fix), _) => format!("Only you know whether this is meant. If it is not: {}.", fix.title),
        (None, "") => "Only a person can decide what to do here.".to_owned(),
        (None, how) => format!("No change is made without you here. {how}"),
    });
    let (object, line) = (object_of(sources, found), line_of(sources, &finding.primary));
    let (rule, what) = (finding.rule.id.to_owned(), finding.what.clone());
    Some(LeftOver { rule, what, reason, needed, ignored: false, object, line, more: finding.more })
}

/// A finding that was suppressed and would have been mended.
fn leave_suppressed(
    sources: &[Source<'_>],
    refusals: &Refusals,
    suppressed: &Suppressed,
    target: Level,
) -> Option<LeftOver> {
    let found = &suppressed.found;
    let needed = refusals.is_for(found);
    if !needed {
        wanted(found, target).next()?;
    }
    let but = match needed {
        true => format!("The standard {} refuses the pod for it. ", target.standard()),
        false => String::new(),
    };
    let reason = match suppressed.reason.as_str() {
        "" => format!("{but}It is to be ignored."),
        reason => format!("{but}It is to be ignored: {reason}"),
    };
    Some(LeftOver {
        rule: found.finding.rule.id.to_owned(),
        what: found.finding.what.clone(),
        reason,
        needed,
        ignored: true,
        object: object_of(sources, found),
        line: line_of(sources, &found.finding.primary),
        more: found.finding.more,
    })
}

/// How much is told of what admission says, in bytes: it names each of thousands of containers.
const DETAIL: usize = 1_000;

/// What admission refuses or cannot judge and no finding speaks of, with its file and object.
fn unspoken(
    sources: &[Source<'_>],
    judged: &[Vec<Judged>],
    spoken: &HashMap<(FileId, usize), Routes>,
    target: Level,
    settings: &Settings,
) -> Vec<(usize, Option<usize>, LeftOver)> {
    let mut left = Vec::new();
    for JudgedPod { source, index, pod, object, judged } in judged_pods(sources, judged) {
        let verdict = judged.verdict(target);
        let mine = spoken.get(&(source.id, index));
        let spoken = |route: &Route| mine.is_some_and(|mine| mine.any_around(route));
        let object = object_name(object);
        for failure in &verdict.failures {
            if failure.places.iter().all(|place| spoken(&place.route)) {
                continue;
            }
            let what = match failure.detail.as_str() {
                "" => format!("{}.", failure.reason),
                detail => format!("{} ({}).", failure.reason, shortened(detail, DETAIL)),
            };
            let line = source.line_of(failure.places.first().map_or(pod.head, |place| place.span));
            let is_document_broken = source.stream.documents.get(pod.route.document).is_some_and(|document| {
                !document.complete || document.problems.iter().any(|problem| problem.kind.is_fatal())
            });
            let reason = match pod.is_windows() {
                _ if is_document_broken => "This document cannot be read whole. Repair it first.",
                // Before 1.25 the standard asks Windows for fields that the API server refuses there.
                true if !settings.kube_version.at_least(25) => {
                    "A pod for Windows may not have this field, and standards before v1.25 ask for it all the same."
                }
                _ => "No change is known that would mend it.",
            };
            let reason = reason.to_owned();
            let (rule, object) = (failure.check.to_owned(), object.clone());
            left.push((
                source.id.0 as usize,
                Some(pod.object),
                LeftOver { rule, what, reason, needed: true, ignored: false, object, line, more: 0 },
            ));
        }
        for place in &verdict.unknown {
            let field = place.route.to_string();
            let what = format!("The value of {field} cannot be read.");
            let reason = "Write a plain value there, or render the template first.".to_owned();
            let (rule, object, line) = ("unreadable-value".to_owned(), object.clone(), source.line_of(place.span));
            left.push((
                source.id.0 as usize,
                Some(pod.object),
                LeftOver { rule, what, reason, needed: true, ignored: false, object, line, more: 0 },
            ));
        }
    }
    left
}

fn object_of(sources: &[Source<'_>], found: &Found) -> Option<String> {
    let source = sources.get(found.finding.primary.file.0 as usize)?;
    object_name(source.objects.objects.get(found.object?)?)
}

/// The line of a place, from 1.
fn line_of(sources: &[Source<'_>], place: &Location) -> u32 {
    sources.get(place.file.0 as usize).map_or(1, |source| source.line_of(place.span))
}
