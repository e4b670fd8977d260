//! Fixes, applied until there is nothing left that the target asks for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use watertight_text::sort;

use watertight_diagnostic::report::{AppliedFix, HardenReport, HardenedFile, LeftOver, VERSION};
use watertight_diagnostic::{
    Category, FileId, Finding, Fix, Level, Location, MOST_ALIKE, Operation, Rewrite, Route, Safety, Settings, Severity,
    Standard,
};
use watertight_text::{Edit, MAX_BYTES, apply, few, megabytes};
use watertight_yaml::{Limits, ProblemKind};

use crate::Input;
use crate::admission::{Judged, Namespaces};
use crate::analyse::{Collect, JudgedPod, Suppressed, judge, judged_pods, known_rules, look, object_name};
use crate::compose::Composition;
use crate::diff::diff;
use crate::digest::{Digest, digest};
use crate::findings::{Found, Rank, rank};
use crate::reading::WHOLE;
use crate::routes::Routes;
use crate::source::Source;

/// How often fixes are applied and the result is looked at again. One round does nearly everything; the others are for
/// fixes that stood in each other's way.
const ROUNDS: usize = 8;

/// Hardens a set of files to `settings.level`: applies every fix that the level needs until none is left, and says what
/// it left and why.
///
/// A finding that was suppressed is left alone with the reason that was given. Where the Pod Security Standard of the level
/// refuses the pod for it, the level is not reached.
///
/// ```
/// use watertight::diagnostic::{Level, Settings};
/// use watertight::{Input, harden};
///
/// let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {hostPID: true, containers: []} # mine\n";
/// let settings = Settings { level: Level::Baseline, ..Settings::default() };
/// let hardened = harden(&[Input { name: "web.yaml", text }], &settings);
/// assert!(hardened.files[0].text.ends_with("spec: {containers: []} # mine\n"));
/// ```
pub fn harden(files: &[Input<'_>], settings: &Settings) -> HardenReport {
    let mut work: Vec<Work<'_>> = files.iter().map(|input| Work::new(*input)).collect();
    for _ in 0..ROUNDS {
        if !round(&mut work, settings) {
            break;
        }
    }
    take_back_what_broke(&mut work);
    finish(&work, settings)
}

/// A file on its way.
struct Work<'t> {
    input: Input<'t>,
    text: String,
    /// How much of the text is read.
    limits: Limits,
    applied: Vec<AppliedFix>,
    /// The same and those that are not listed, for look-ups.
    told: HashSet<Digest>,
    /// Of one rule about one object: how many were applied, and the last that is listed.
    alike: HashMap<(&'static str, Option<usize>), (usize, usize)>,
    /// Fixes that were tried: they are not tried again, so that there is an end.
    tried: HashSet<Digest>,
    /// Why fixes could not be carried out, or those of a rule.
    refused: BTreeMap<Digest, String>,
}

impl<'t> Work<'t> {
    fn new(input: Input<'t>) -> Self {
        Self {
            input,
            text: input.text.to_owned(),
            limits: Limits::default(),
            applied: Vec::new(),
            told: HashSet::new(),
            alike: HashMap::new(),
            tried: HashSet::new(),
            refused: BTreeMap::new(),
        }
    }

    fn current(&self) -> Input<'_> {
        Input { name: self.input.name, text: &self.text }
    }

    /// Notes what was done. A thousand alike are listed, and the last of them knows of the others.
    fn note(&mut self, done: Done) {
        if !self.told.insert(done.told) {
            return;
        }
        let (count, last) = self.alike.entry((done.rule, done.object)).or_default();
        *count += 1;
        match done.applied.filter(|_| *count <= MOST_ALIKE) {
            Some(applied) => {
                *last = self.applied.len();
                few::push(&mut self.applied, applied);
            }
            None => self.applied.get_mut(*last).into_iter().for_each(|last| last.more += 1),
        }
    }
}

/// Reads every file as far as it has got.
fn read_work<'w>(work: &'w [Work<'_>]) -> Vec<Source<'w>> {
    let ids = (0..).map(FileId);
    ids.zip(work).map(|(id, work)| Source::read_within(id, work.current(), work.limits)).collect()
}

/// What was read whole is read whole when it has become longer.
fn room(limits: Limits) -> Limits {
    Limits { bytes: 2 * limits.bytes, nodes: 2 * limits.nodes, ..limits }
}

/// A fix that is to be applied.
struct Proposal {
    rank: Rank,
    key: Digest,
    title: String,
    safety: Safety,
    /// Among the objects of the file that the finding is in.
    object: Option<usize>,
    /// The field that is changed first.
    route: Option<Route>,
    operations: Vec<Operation>,
    rewrites: Vec<Rewrite>,
}

/// Gathers the fixes that the target needs, by file. The findings go as their fixes are taken: both at once are much.
struct Proposing<'a> {
    work: &'a [Work<'a>],
    target: Level,
    proposals: Vec<Vec<Proposal>>,
}

impl Collect for Proposing<'_> {
    fn alike(&self) -> usize {
        usize::MAX
    }

    fn take(&mut self, found: Vec<Found>) {
        for mut found in found {
            let fixes = std::mem::take(&mut found.finding.fixes);
            let mut wanted = fixes.into_iter().filter(|fix| is_wanted(fix, self.target));
            let next = wanted.find_map(|fix| {
                let key = key(&found, &fix);
                let is_new = self.work.get(fix.file.0 as usize).is_some_and(|file| !file.tried.contains(&key));
                is_new.then_some((key, fix))
            });
            let Some((key, fix)) = next else { continue };
            let Some(list) = self.proposals.get_mut(fix.file.0 as usize) else { continue };
            let Fix { title, safety, operations, rewrites, .. } = fix;
            let route = operations.first().map(|operation| operation.route().clone());
            let (rank, object) = (rank(&found.finding), found.object);
            few::push(list, Proposal { rank, key, title, safety, object, route, operations, rewrites });
        }
    }

    fn leave_out(&mut self, _: Suppressed) {}
}

/// What became of the fixes of a file in one round.
struct Outcome {
    /// Without what is hollow after it; `None` where nothing changes.
    text: Option<String>,
    done: Vec<Done>,
    refused: Vec<(Digest, String)>,
    is_whole: bool,
}

/// A fix that was carried out.
struct Done {
    key: Digest,
    rule: &'static str,
    object: Option<usize>,
    /// What stands for what is told of it.
    told: Digest,
    /// `None` where more of them are alike than are listed.
    applied: Option<AppliedFix>,
}

/// Applies what can be applied at once. Whether anything changed.
fn round(work: &mut [Work<'_>], settings: &Settings) -> bool {
    let outcomes: Vec<Outcome> = {
        let sources = read_work(work);
        let proposals = work.iter().map(|_| Vec::new()).collect();
        let mut proposing = Proposing { work, target: settings.level, proposals };
        let namespaces = Namespaces::read(&sources);
        look(&sources, settings, &namespaces, &WHOLE, &known_rules(), &mut proposing);
        let proposals = sources.iter().zip(proposing.proposals);
        proposals.map(|(source, proposals)| compose(source, proposals, &sources)).collect()
    };
    let mut changed = false;
    for (work, outcome) in work.iter_mut().zip(outcomes) {
        for done in outcome.done {
            work.tried.insert(done.key);
            work.note(done);
        }
        for (key, reason) in outcome.refused {
            work.tried.insert(key);
            work.refused.insert(key, reason);
        }
        if outcome.is_whole {
            work.limits = room(Limits::default());
        }
        if let Some(text) = outcome.text {
            work.text = text;
            changed = true;
        }
    }
    changed
}

/// The fixes of a finding that the target needs, the best first.
fn wanted(found: &Found, target: Level) -> impl Iterator<Item = &Fix> {
    found.finding.fixes.iter().filter(move |fix| is_wanted(fix, target))
}

fn is_wanted(fix: &Fix, target: Level) -> bool {
    fix.level.is_some_and(|level| level <= target)
}

/// What the Pod Security Standard of the target refuses pods for.
struct Refusals {
    /// The places that it names, by pod and check.
    places: HashMap<(FileId, usize, &'static str), Routes>,
}

impl Refusals {
    fn of(sources: &[Source<'_>], judged: &[Vec<Judged>], target: Level) -> Self {
        let mut places: HashMap<_, Routes> = HashMap::new();
        let levels = [Level::Baseline, Level::Restricted].into_iter().filter(|level| *level <= target.standard());
        let levels: Vec<_> = levels.collect();
        for JudgedPod { source, index, judged, .. } in judged_pods(sources, judged) {
            for failure in levels.iter().flat_map(|level| &judged.verdict(*level).failures) {
                let routes = places.entry((source.id, index, failure.check)).or_default();
                failure.places.iter().for_each(|place| routes.insert(&place.route));
            }
        }
        Self { places }
    }

    /// Whether it refuses the pod for what a finding describes: [`Judged::refused_by`] for thousands of them.
    fn is_for(&self, found: &Found) -> bool {
        let Finding { rule, primary, related, .. } = &found.finding;
        let Some(pod) = found.pod else { return false };
        rule.ids_of(Standard::Pss).filter_map(|check| self.places.get(&(primary.file, pod, check))).any(|places| {
            let mut routes = std::iter::once(primary).chain(related).filter_map(|place| place.route.as_ref());
            routes.any(|route| places.any_along(route))
        })
    }
}

fn key(found: &Found, fix: &Fix) -> Digest {
    let operations = serde_json::to_string(&fix.operations).unwrap_or_default();
    // Where an item was taken out, the next one has its index. What is said names the one that is meant.
    let mut key = format!("{} {} {operations}", found.finding.rule.id, found.finding.what);
    // What is rewritten stands elsewhere in the next round; the container it is about has kept its place.
    for rewrite in &fix.rewrites {
        let _ = write!(key, " {:?} {} {}", found.pod, rewrite.expect, rewrite.text);
    }
    digest(&key)
}

fn object_of(sources: &[Source<'_>], found: &Found) -> Option<String> {
    let source = sources.get(found.finding.primary.file.0 as usize)?;
    object_name(source.objects.objects.get(found.object?)?)
}

/// The line of a place, from 1.
fn line_of(sources: &[Source<'_>], place: &Location) -> u32 {
    sources.get(place.file.0 as usize).map_or(1, |source| source.line_of(place.span))
}

/// Carries out the fixes of a file, each whole or not at all. What stands in the way of another has to wait for the next round.
fn compose(source: &Source<'_>, mut proposals: Vec<Proposal>, sources: &[Source<'_>]) -> Outcome {
    sort::by_key(&mut proposals, |proposal| proposal.rank);
    let mut composition = Composition::default();
    let fits: Vec<bool> = proposals
        .iter()
        .map(|proposal| composition.add(&proposal.operations) && composition.add_rewrites(&proposal.rewrites))
        .collect();
    let rewritten: Vec<_> = composition.rewritten().collect();
    let mut fits = fits.into_iter();
    proposals.retain(|_| fits.next().unwrap_or_default());
    let count = proposals.iter().map(|proposal| proposal.operations.len()).sum();
    let (mut operations, mut owners) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for (at, proposal) in proposals.iter_mut().enumerate() {
        operations.append(&mut proposal.operations);
        owners.resize(operations.len(), at);
    }
    let mut refused = BTreeMap::new();
    let mut edits = loop {
        let plan = watertight_yaml::edit::plan(&source.stream, &operations);
        if plan.refused.is_empty() {
            break plan.edits;
        }
        for refusal in plan.refused {
            if let Some(owner) = owners.get(refusal.operation) {
                refused.insert(*owner, refusal.reason);
            }
        }
        let mut owner = owners.iter();
        operations.retain(|_| owner.next().is_some_and(|owner| !refused.contains_key(owner)));
        owners.retain(|owner| !refused.contains_key(owner));
    };
    edits.extend(rewritten);
    sort::by_key(&mut edits, |edit| edit.span);
    let (mut done, mut reasons) = (Vec::with_capacity(proposals.len()), Vec::new());
    let mut alike: HashMap<_, usize> = HashMap::new();
    for (at, proposal) in proposals.into_iter().enumerate() {
        if let Some(reason) = refused.remove(&at) {
            reasons.push((proposal.key, reason));
            continue;
        }
        let mut next = proposal.done(sources);
        let count = alike.entry((next.rule, next.object)).or_default();
        *count += 1;
        next.applied = next.applied.filter(|_| *count <= MOST_ALIKE);
        done.push(next);
    }
    let is_whole = !source.stream.problems.iter().any(|problem| problem.kind == ProblemKind::Limit)
        && source.stream.documents.iter().all(|document| document.complete);
    Outcome { text: changed(source.input.text, &edits), done, refused: reasons, is_whole }
}

impl Proposal {
    fn done(self, sources: &[Source<'_>]) -> Done {
        let (_, _, file, _, rule) = self.rank;
        let source = sources.get(file.0 as usize);
        let object = source.and_then(|source| source.objects.objects.get(self.object?));
        let route = self.route.map(|route| route.to_string()).unwrap_or_default();
        let applied = AppliedFix {
            rule: rule.to_owned(),
            title: self.title,
            safety: self.safety,
            route,
            object: object.and_then(object_name),
            more: 0,
        };
        Done { key: self.key, rule, object: self.object, told: digest(&applied), applied: Some(applied) }
    }
}

/// The text with the edits, where they change anything.
fn changed(before: &str, edits: &[Edit]) -> Option<String> {
    let text = apply(before, edits).ok().filter(|text| text != before)?;
    let is_line = watertight_pod::run::is_command(before);
    let tidy = is_line.then(|| watertight_pod::run::without_hollow_lines(before, &text));
    Some(tidy.unwrap_or(text))
}

/// Gives back the text of a file that reads worse than before. It does not happen; if it should, nothing is lost.
fn take_back_what_broke(work: &mut [Work<'_>]) {
    let has_tree = |work: &&mut Work<'_>| !watertight_pod::run::is_command(work.input.text);
    for work in work.iter_mut().filter(|work| work.text != work.input.text).filter(has_tree) {
        let before = watertight_yaml::parse(work.input.text);
        let after = watertight_yaml::parse_with(&work.text, work.limits);
        let broken = |stream: &watertight_yaml::Stream<'_>| {
            stream.problems.len() + stream.documents.iter().map(|document| document.problems.len()).sum::<usize>()
        };
        if broken(&after) <= broken(&before) && after.documents.len() == before.documents.len() {
            continue;
        }
        work.text = work.input.text.to_owned();
        for applied in work.applied.drain(..) {
            let reason = "The changed text could not be read, so the file was left as it was.";
            work.refused.insert(digest(&applied.rule), reason.to_owned());
        }
    }
}

/// Looks at the result, and says what is left.
fn finish(work: &[Work<'_>], settings: &Settings) -> HardenReport {
    let target = settings.level;
    let sources = read_work(work);
    let namespaces = Namespaces::read(&sources);
    let judged = judge(&sources, &namespaces, settings);
    let refusals = Refusals::of(&sources, &judged, target);
    let mut leaving = Leaving {
        sources: &sources,
        work,
        refusals,
        target,
        left: work.iter().map(|_| Left::default()).collect(),
        spoken: HashMap::new(),
    };
    look(&sources, settings, &namespaces, &WHOLE, &known_rules(), &mut leaving);
    let Leaving { mut left, spoken, .. } = leaving;
    for (file, object, over) in unspoken(&sources, &judged, &spoken, target, settings) {
        if let Some(left) = left.get_mut(file) {
            left.put((2, None), object, over);
        }
    }
    let reached = left.iter().all(|left| !left.needed);
    let files = work.iter().zip(&sources).zip(left);
    let files = files.map(|((work, source), left)| hardened(work, source, left.finish(&work.text))).collect();
    HardenReport { v: VERSION, level: target, files, reached }
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
struct Left {
    /// With where it stands in the list.
    list: Vec<(Order, LeftOver)>,
    /// What was said, but for the line, and where it is listed. The same in several places is said once, at the first.
    said: HashMap<Digest, Option<usize>>,
    /// Of one rule about one object: how many are left, and the last that is listed.
    alike: HashMap<(String, Option<usize>), (usize, usize)>,
    /// Whether the target needs any of it.
    needed: bool,
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
        let (count, last) = self.alike.entry((over.rule.clone(), object)).or_default();
        *count += 1;
        let is_listed = *count <= MOST_ALIKE;
        self.said.insert(said, is_listed.then_some(self.list.len()));
        if is_listed {
            *last = self.list.len();
            few::push(&mut self.list, (order, over));
        } else if let Some((_, last)) = self.list.get_mut(*last) {
            last.more += 1 + over.more;
        }
    }

    /// All of it in its order.
    fn finish(mut self, text: &str) -> Vec<LeftOver> {
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

fn hardened(work: &Work<'_>, source: &Source<'_>, left: Vec<LeftOver>) -> HardenedFile {
    HardenedFile {
        name: work.input.name.to_owned(),
        kind: source.kind,
        text: work.text.clone(),
        diff: diff(work.input.name, work.input.text, &work.text),
        applied: work.applied.clone(),
        left,
        readable: source.stream.documents.iter().all(|document| document.complete),
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
                detail => format!("{} ({detail}).", failure.reason),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::{Analysis, read};
    use crate::findings::Told;

    #[test]
    fn why_a_pod_for_windows_is_left() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  os: {name: windows}\n  containers: [{name: a, image: 'a:1'}]\n";
        let reasons = |text: &str, minor: u32| {
            let settings =
                Settings { kube_version: watertight_diagnostic::KubeVersion::Minor(minor), ..Settings::default() };
            let left = harden(&[Input { name: "a", text }], &settings).files.remove(0).left;
            left.into_iter().filter(|over| over.needed).map(|over| over.reason).collect::<Vec<_>>()
        };
        let asked = "A pod for Windows may not have this field, and standards before v1.25 ask for it all the same.";
        assert!(reasons(pod, 24).iter().any(|reason| reason == asked), "{:?}", reasons(pod, 24));
        assert!(reasons(pod, 30).iter().all(|reason| reason != asked), "{:?}", reasons(pod, 30));
        let broken = format!("%YAML 1.1\n---\n{pod}");
        assert!(
            reasons(&broken, 30).iter().any(|reason| reason.contains("cannot be read whole")),
            "{:?}",
            reasons(&broken, 30)
        );
    }

    #[test]
    fn what_is_to_be_ignored_stays() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true # watertight: ignore host-pid it lists \
                    processes\n  hostIPC: true\n  containers: [{name: a, image: a}]\n";
        let settings = Settings { level: Level::Baseline, ..Settings::default() };
        let report = harden(&[Input { name: "a", text }], &settings);
        assert_eq!(report.files[0].text, text.replace("  hostIPC: true\n", ""));
        let left: Vec<_> = report.files[0].left.iter().map(|left| (&*left.rule, left.ignored, &*left.reason)).collect();
        let reason = "The standard baseline refuses the pod for it. It is to be ignored: it lists processes";
        assert_eq!((left.as_slice(), report.reached), (&[("host-pid", true, reason)][..], false));
    }

    /// The quick answer is that of [`Analysis::refused_by`].
    #[test]
    fn what_the_standards_refuse() {
        let spec = "hostPID: true, volumes: [{name: a, hostPath: {path: /}}, {name: b, emptyDir: {}}], securityContext: {runAsUser: \
                    0, sysctls: [{name: kernel.x, value: '1'}]}, initContainers: [{name: i, image: i, securityContext: \
                    {allowPrivilegeEscalation: false}}], containers: [{name: a, image: a, securityContext: {privileged: true, \
                    capabilities: {add: [SYS_ADMIN]}}}, {name: b, image: b, ports: [{containerPort: 1, hostPort: 2}]}]";
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{{spec}}}\n");
        let sources = read(&[Input { name: "a", text: &text }]);
        let settings = Settings::default();
        let told = Told::of(text.len());
        let mut analysis = Analysis::found(&sources, &settings, told, &WHOLE, &known_rules());
        analysis.judge(&sources, &settings);
        for target in [Level::Privileged, Level::Baseline, Level::Restricted, Level::Hardened] {
            let refusals = Refusals::of(&sources, &analysis.judged, target);
            let mut count = 0;
            for found in &analysis.found {
                let expected = analysis.refused_by(found).is_some_and(|level| level <= target.standard());
                assert_eq!(refusals.is_for(found), expected, "{target} {:?}", found.finding);
                count += usize::from(expected);
            }
            assert_eq!(count > 4, target != Level::Privileged, "{target}: {count}");
        }
    }

    /// What was taken out gives its index to the next, which has to go as well.
    #[test]
    fn items_of_one_index_are_told_apart() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  volumes:\n  - {name: a, flexVolume: {driver: x}}\n  \
                    - {name: b, flexVolume: {driver: x}}\n  containers:\n  - name: web\n    securityContext: {privileged: true}\n    \
                    volumeMounts:\n    - {name: a, mountPath: /a}\n    - {name: b, mountPath: /b, mountPropagation: Bidirectional}\n";
        let once = harden(&[Input { name: "a", text }], &Settings::default());
        let text = &once.files[0].text;
        assert!(!text.contains("flexVolume"), "{text}\n{:?}", once.files[0].left);
        let twice = harden(&[Input { name: "a", text }], &Settings::default());
        assert_eq!(twice.files[0].text, *text);
    }
}
