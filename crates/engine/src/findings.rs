//! From sources to findings: the walk over all rules, then one finding per cause, in the order of the report.

use std::cmp::Reverse;
use std::collections::HashMap;

use watertight_diagnostic::{Category, Finding, Location, Operation, Settings, Step};
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

/// All findings of the rules about the objects of one file.
pub(crate) fn of_rules(source: &Source<'_>, settings: &Settings) -> Vec<Found> {
    let objects = ObjectsByRoute::new(&source.objects.objects);
    let found = watertight_rules::run_by_pod(&source.objects, source.id, settings);
    let object = |finding: &Finding, pod: Option<usize>| match pod {
        Some(pod) => source.objects.pods.get(pod).map(|pod| pod.object),
        None => finding.primary.route.as_ref().and_then(|route| objects.around(route)),
    };
    found.into_iter().map(|(finding, pod)| Found { object: object(&finding, pod), pod, finding }).collect()
}

/// What makes two findings the same cause: an anchor that serves two containers is one place with one fault, although
/// it is read twice. The last steps of the route keep apart what merely points at the same bytes, such as two limits
/// that are missing in one container.
#[derive(PartialEq, Eq, Hash)]
struct Cause {
    rule: &'static str,
    file: u32,
    span: Span,
    field: Vec<Step>,
}

impl Cause {
    fn of(finding: &Finding) -> Self {
        let Location { file, span, ref route, .. } = finding.primary;
        let steps = route.as_ref().map(|route| route.steps.as_slice()).unwrap_or_default();
        let field = steps.get(steps.len().saturating_sub(2)..).unwrap_or_default();
        // Containers of two lists that share a fault through an anchor differ in their place only.
        let field = field.iter().skip_while(|step| matches!(step, Step::Index(_))).cloned().collect();
        Self { rule: finding.rule.id, file: file.0, span, field }
    }
}

/// Keeps one finding per cause. What is dropped lends its fixes and its container to the one that stays, so that
/// mending the one mends them all.
pub(crate) fn collapse(found: Vec<Found>) -> Vec<Found> {
    let mut first: HashMap<Cause, usize> = HashMap::with_capacity(found.len());
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        let same = first.entry(Cause::of(&next.finding)).or_insert(kept.len());
        match kept.get_mut(*same) {
            Some(earlier) if is_elsewhere(&earlier.finding, &next.finding) => merge(&mut earlier.finding, next.finding),
            Some(earlier) if earlier.finding == next.finding => {}
            // The same rule has two things to say of one place.
            Some(_) => kept.push(next),
            None => kept.push(next),
        }
    }
    kept
}

fn is_elsewhere(one: &Finding, other: &Finding) -> bool {
    one.primary.route != other.primary.route
}

fn merge(kept: &mut Finding, other: Finding) {
    for (mine, theirs) in kept.fixes.iter_mut().zip(other.fixes) {
        let fresh: Vec<Operation> =
            theirs.operations.into_iter().filter(|operation| !mine.operations.contains(operation)).collect();
        mine.operations.extend(fresh);
    }
    for location in other.related {
        if !kept.related.contains(&location) {
            kept.related.push(location);
        }
    }
}

/// Findings of one rule about one object that are told. Nobody reads more, and a text can be made to give millions.
const MOST_ALIKE: usize = 1_000;

/// Leaves out what comes beyond [`MOST_ALIKE`]; the last one says how many more there are.
pub(crate) fn cap(found: Vec<Found>) -> Vec<Found> {
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

/// Escapes first and hygiene last, then by severity, then by place.
pub(crate) fn sort(found: &mut [Found]) {
    found.sort_by(|a, b| key(&a.finding).cmp(&key(&b.finding)));
}

fn key(finding: &Finding) -> impl Ord {
    let group = match finding.rule.category {
        Category::Escape => 0,
        Category::Hardening | Category::Correctness => 1,
        Category::Hygiene => 2,
    };
    (group, Reverse(finding.severity), finding.primary.file, finding.primary.span, finding.rule.id)
}
