//! Fixes, applied until there is nothing left that the target asks for.

mod left;
mod refusals;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use watertight_diagnostic::report::{AppliedFix, HardenReport, HardenedFile, LeftOver, VERSION};
use watertight_diagnostic::{FileId, Fix, Level, MOST_ALIKE, Operation, Rewrite, Route, Safety, Settings};
use watertight_text::{Edit, apply, few, sort};
use watertight_yaml::{Limits, ProblemKind};

use crate::Input;
use crate::admission::Namespaces;
use crate::analyse::{Collect, Suppressed, known_rules, look, object_name};
use crate::compose::Composition;
use crate::diff::diff;
use crate::digest::{Digest, digest};
use crate::findings::{Found, Rank, rank};
use crate::reading::WHOLE;
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
    alike: Alike,
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
            alike: Alike::default(),
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
        let last = self.alike.count(done.rule, done.object, self.applied.len());
        match (last, done.applied) {
            (None, Some(applied)) => few::push(&mut self.applied, applied),
            (Some(last), _) => self.applied.get_mut(last).into_iter().for_each(|last| last.more += 1),
            // Among those of its round it was one too many, and some of them had been told before.
            (None, None) => self.applied.last_mut().into_iter().for_each(|last| last.more += 1),
        }
    }
}

/// Reads every file as far as it has got.
fn read_work<'w>(work: &'w [Work<'_>]) -> Vec<Source<'w>> {
    let ids = (0..).map(FileId);
    ids.zip(work).map(|(id, work)| Source::read_within(id, work.current(), work.limits)).collect()
}

/// What was read whole is read whole when it has become longer: of the shortest containers eight times as much is made.
fn room() -> Limits {
    let limits = Limits::default();
    Limits { bytes: 8 * limits.bytes, nodes: 8 * limits.nodes, ..limits }
}

/// Of one rule about one object a thousand are listed, and the last of them knows of the others.
#[derive(Default)]
struct Alike {
    /// How many there are, and the place of the last that is listed.
    seen: HashMap<(String, Option<usize>), (usize, usize)>,
}

impl Alike {
    /// Counts one more. `None` where it is to be listed at `place`; else the place of the one that counts it.
    fn count(&mut self, rule: &str, object: Option<usize>, place: usize) -> Option<usize> {
        let (count, last) = self.seen.entry((rule.to_owned(), object)).or_default();
        *count += 1;
        if *count > MOST_ALIKE {
            return Some(*last);
        }
        *last = place;
        None
    }
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
            work.limits = room();
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
    let mut alike = Alike::default();
    for (at, proposal) in proposals.into_iter().enumerate() {
        if let Some(reason) = refused.remove(&at) {
            reasons.push((proposal.key, reason));
            continue;
        }
        let mut next = proposal.done(sources);
        next.applied = next.applied.filter(|_| alike.count(next.rule, next.object, at).is_none());
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
    let sources = read_work(work);
    let left = left::of(work, &sources, settings);
    let reached = left.iter().all(|left| !left.needed);
    let files = work.iter().zip(&sources).zip(left);
    let files = files.map(|((work, source), left)| hardened(work, source, left.finish(&work.text))).collect();
    HardenReport { v: VERSION, level: settings.level, files, reached }
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

#[cfg(test)]
mod tests {
    use super::*;

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
