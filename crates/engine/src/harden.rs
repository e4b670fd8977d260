//! Fixes, applied until there is nothing left that the target asks for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use std::hash::Hash;
use watertight_text::sort;

use watertight_diagnostic::report::{AppliedFix, HardenReport, HardenedFile, LeftOver, VERSION};
use watertight_diagnostic::{
    Category, FileId, Finding, Fix, Level, Location, Operation, Rewrite, Route, Settings, Severity, Standard,
};
use watertight_text::{Edit, apply};

use crate::Input;
use crate::analyse::{Analysis, JudgedPod, Suppressed, object_name, read};
use crate::compose::Composition;
use crate::diff::diff;
use crate::findings::{Found, hash};
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
    applied: Vec<AppliedFix>,
    /// The same, for look-ups.
    told: HashSet<Digest>,
    /// Fixes that were tried: they are not tried again, so that there is an end.
    tried: HashSet<Digest>,
    /// Why fixes could not be carried out, or those of a rule.
    refused: BTreeMap<Digest, String>,
}

/// What stands for a value among a million others, which would take much room.
type Digest = (u64, u64);

/// Two hashes, since one may be met by chance.
fn digest(value: &impl Hash) -> Digest {
    (hash(&(0, value)), hash(&(1, value)))
}

impl<'t> Work<'t> {
    fn new(input: Input<'t>) -> Self {
        let text = input.text.to_owned();
        let (applied, told) = (Vec::new(), HashSet::new());
        Self { input, text, applied, told, tried: HashSet::new(), refused: BTreeMap::new() }
    }

    fn current(&self) -> Input<'_> {
        Input { name: self.input.name, text: &self.text }
    }
}

/// A fix that is to be applied.
struct Proposal {
    key: Digest,
    applied: AppliedFix,
    operations: Vec<Operation>,
    rewrites: Vec<Rewrite>,
}

/// Applies what can be applied at once. Whether anything changed.
fn round(work: &mut [Work<'_>], settings: &Settings) -> bool {
    let (proposals, edits) = {
        let inputs: Vec<_> = work.iter().map(Work::current).collect();
        let sources = read(&inputs);
        let analysis = Analysis::whole(&sources, settings);
        let mut proposals = propose(&sources, analysis, work, settings.level);
        let edits = sources.iter().zip(&mut proposals);
        let edits: Vec<_> = edits.map(|(source, fixes)| compose(source, fixes)).collect();
        (proposals, edits)
    };
    let mut changed = false;
    for ((work, proposals), composed) in work.iter_mut().zip(proposals).zip(edits) {
        for (proposal, outcome) in proposals.into_iter().zip(composed.outcomes) {
            match outcome {
                Outcome::Done => {
                    work.tried.insert(proposal.key);
                    if work.told.insert(digest(&proposal.applied)) {
                        work.applied.push(proposal.applied);
                    }
                }
                Outcome::Refused(reason) => {
                    work.tried.insert(proposal.key);
                    work.refused.insert(proposal.key, reason);
                }
                Outcome::Later => {}
            }
        }
        match apply(&work.text, &composed.edits) {
            Ok(text) if text != work.text => {
                let is_line = watertight_pod::run::is_command(&work.text);
                let tidy = is_line.then(|| watertight_pod::run::without_hollow_lines(&work.text, &text));
                work.text = tidy.unwrap_or(text);
                changed = true;
            }
            _ => {}
        }
    }
    changed
}

/// The fixes of all findings that the target needs, by file.
fn propose(sources: &[Source<'_>], analysis: Analysis, work: &[Work<'_>], target: Level) -> Vec<Vec<Proposal>> {
    let mut proposals: Vec<Vec<Proposal>> = work.iter().map(|_| Vec::new()).collect();
    // What is found goes as its fixes are taken: both at once are much.
    for mut found in analysis.found {
        let fixes = std::mem::take(&mut found.finding.fixes);
        let mut wanted = fixes.into_iter().filter(|fix| is_wanted(fix, target));
        let next = wanted.find_map(|fix| {
            let key = key(&found, &fix);
            let is_new = work.get(fix.file.0 as usize).is_some_and(|file| !file.tried.contains(&key));
            is_new.then_some((key, fix))
        });
        let Some((key, fix)) = next else { continue };
        let Some(list) = proposals.get_mut(fix.file.0 as usize) else { continue };
        let applied = applied(sources, &found, &fix);
        list.push(Proposal { key, applied, operations: fix.operations, rewrites: fix.rewrites });
    }
    proposals
}

/// The fixes of a finding that the target needs, the best first.
fn wanted(found: &Found, target: Level) -> impl Iterator<Item = &Fix> {
    found.finding.fixes.iter().filter(move |fix| is_wanted(fix, target))
}

fn is_wanted(fix: &Fix, target: Level) -> bool {
    fix.level.is_some_and(|level| level <= target)
}

/// What the Pod Security Standard of the target refuses pods for.
struct Refusals<'a> {
    /// The places that it names, by pod and check.
    places: HashMap<(FileId, usize, &'static str), Routes<'a>>,
}

impl<'a> Refusals<'a> {
    fn of(sources: &'a [Source<'_>], analysis: &'a Analysis, target: Level) -> Self {
        let mut places: HashMap<_, Routes<'a>> = HashMap::new();
        let levels = [Level::Baseline, Level::Restricted].into_iter().filter(|level| *level <= target.standard());
        let levels: Vec<_> = levels.collect();
        for JudgedPod { source, index, judged, .. } in analysis.pods(sources) {
            for failure in levels.iter().flat_map(|level| &judged.verdict(*level).failures) {
                let routes = places.entry((source.id, index, failure.check)).or_default();
                failure.places.iter().for_each(|place| routes.insert(&place.route));
            }
        }
        Self { places }
    }

    /// Whether it refuses the pod for what a finding describes: [`Analysis::refused_by`] for thousands of them.
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

fn applied(sources: &[Source<'_>], found: &Found, fix: &Fix) -> AppliedFix {
    let route = fix.operations.first().map(|operation| operation.route().to_string()).unwrap_or_default();
    AppliedFix {
        rule: found.finding.rule.id.to_owned(),
        title: fix.title.clone(),
        safety: fix.safety,
        route,
        object: object_of(sources, found),
    }
}

fn object_of(sources: &[Source<'_>], found: &Found) -> Option<String> {
    let source = sources.get(found.finding.primary.file.0 as usize)?;
    object_name(source.objects.objects.get(found.object?)?)
}

/// The line of a place, from 1.
fn line_of(sources: &[Source<'_>], place: &Location) -> u32 {
    sources.get(place.file.0 as usize).map_or(1, |source| source.line_of(place.span))
}

/// What became of each fix of a file in one round.
struct Composed {
    edits: Vec<Edit>,
    outcomes: Vec<Outcome>,
}

enum Outcome {
    Done,
    Refused(String),
    /// It stood in the way of another; the next round asks again.
    Later,
}

/// Plans all fixes of a file at once. Each is carried out whole or not at all.
fn compose(source: &Source<'_>, proposals: &mut [Proposal]) -> Composed {
    let mut composition = Composition::default();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(proposals.len());
    for proposal in &*proposals {
        let fits = composition.add(&proposal.operations) && composition.add_rewrites(&proposal.rewrites);
        outcomes.push(if fits { Outcome::Done } else { Outcome::Later });
    }
    let rewritten: Vec<_> = composition.rewritten().collect();
    let mut operations = Vec::new();
    let mut owners = Vec::new();
    for (at, (proposal, outcome)) in proposals.iter_mut().zip(&outcomes).enumerate() {
        if matches!(outcome, Outcome::Done) {
            operations.append(&mut proposal.operations);
            owners.resize(operations.len(), at);
        }
    }
    loop {
        let plan = watertight_yaml::edit::plan(&source.stream, &operations);
        if plan.refused.is_empty() {
            let mut edits = plan.edits;
            edits.extend(rewritten);
            sort::by_key(&mut edits, |edit| edit.span);
            return Composed { edits, outcomes };
        }
        for refusal in plan.refused {
            let outcome = owners.get(refusal.operation).and_then(|owner| outcomes.get_mut(*owner));
            if let Some(outcome) = outcome {
                *outcome = Outcome::Refused(refusal.reason);
            }
        }
        // A fix is carried out whole or not at all.
        let is_planned = |owner: usize| matches!(outcomes.get(owner), Some(Outcome::Done));
        let mut owner = owners.iter();
        operations.retain(|_| owner.next().is_some_and(|owner| is_planned(*owner)));
        owners.retain(|owner| is_planned(*owner));
    }
}

/// Gives back the text of a file that reads worse than before. It does not happen; if it should, nothing is lost.
fn take_back_what_broke(work: &mut [Work<'_>]) {
    let has_tree = |work: &&mut Work<'_>| !watertight_pod::run::is_command(work.input.text);
    for work in work.iter_mut().filter(|work| work.text != work.input.text).filter(has_tree) {
        let before = watertight_yaml::parse(work.input.text);
        let after = watertight_yaml::parse(&work.text);
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
    let inputs: Vec<_> = work.iter().map(Work::current).collect();
    let sources = read(&inputs);
    let analysis = Analysis::whole(&sources, settings);
    let mut left: Vec<Vec<LeftOver>> = work.iter().map(|_| Vec::new()).collect();
    let mut told: HashSet<Digest> = HashSet::new();
    let mut put = |file: usize, over: LeftOver| {
        // The same in several places is said once, at the first.
        let said = digest(&(file, LeftOver { line: 0, ..over.clone() }));
        if let Some(list) = left.get_mut(file).filter(|_| told.insert(said)) {
            list.push(over);
        }
    };
    let refusals = Refusals::of(&sources, &analysis, target);
    for found in &analysis.found {
        let file = found.finding.primary.file.0 as usize;
        if let (Some(over), Some(_)) = (leave(&sources, &refusals, found, work, target), work.get(file)) {
            put(file, over);
        }
    }
    for suppressed in &analysis.suppressed {
        let file = suppressed.found.finding.primary.file.0 as usize;
        if let Some(over) = leave_suppressed(&sources, &refusals, suppressed, target) {
            put(file, over);
        }
    }
    for (file, over) in unspoken(&sources, &analysis, target, settings) {
        put(file, over);
    }
    let reached = left.iter().flatten().all(|over| !over.needed);
    let files = work.iter().zip(&sources).zip(left);
    let files = files.map(|((work, source), left)| hardened(work, source, left)).collect();
    HardenReport { v: VERSION, level: target, files, reached }
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
    refusals: &Refusals<'_>,
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
    Some(LeftOver { rule, what, reason, needed, ignored: false, object, line })
}

/// A finding that was suppressed and would have been mended.
fn leave_suppressed(
    sources: &[Source<'_>],
    refusals: &Refusals<'_>,
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
    })
}

/// What admission refuses or cannot judge and no finding speaks of.
fn unspoken(sources: &[Source<'_>], analysis: &Analysis, target: Level, settings: &Settings) -> Vec<(usize, LeftOver)> {
    let mut spoken_routes: HashMap<(FileId, usize), Routes<'_>> = HashMap::new();
    let suppressed = analysis.suppressed.iter().map(|suppressed| &suppressed.found);
    for found in analysis.found.iter().chain(suppressed) {
        let Location { file, route, .. } = &found.finding.primary;
        if let (Some(pod), Some(route)) = (found.pod, route) {
            spoken_routes.entry((*file, pod)).or_default().insert(route);
        }
    }
    let mut left = Vec::new();
    for JudgedPod { source, index, pod, object, judged } in analysis.pods(sources) {
        let verdict = judged.verdict(target);
        let mine = spoken_routes.get(&(source.id, index));
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
                LeftOver { rule, what, reason, needed: true, ignored: false, object, line },
            ));
        }
        for place in &verdict.unknown {
            let field = place.route.to_string();
            let what = format!("The value of {field} cannot be read.");
            let reason = "Write a plain value there, or render the template first.".to_owned();
            let (rule, object, line) = ("unreadable-value".to_owned(), object.clone(), source.line_of(place.span));
            left.push((
                source.id.0 as usize,
                LeftOver { rule, what, reason, needed: true, ignored: false, object, line },
            ));
        }
    }
    left
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

    /// The quick answer is that of [`Analysis::refused_by`].
    #[test]
    fn what_the_standards_refuse() {
        let spec = "hostPID: true, volumes: [{name: a, hostPath: {path: /}}, {name: b, emptyDir: {}}], securityContext: {runAsUser: \
                    0, sysctls: [{name: kernel.x, value: '1'}]}, initContainers: [{name: i, image: i, securityContext: \
                    {allowPrivilegeEscalation: false}}], containers: [{name: a, image: a, securityContext: {privileged: true, \
                    capabilities: {add: [SYS_ADMIN]}}}, {name: b, image: b, ports: [{containerPort: 1, hostPort: 2}]}]";
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{{spec}}}\n");
        let sources = read(&[Input { name: "a", text: &text }]);
        let analysis = Analysis::whole(&sources, &Settings::default());
        for target in [Level::Privileged, Level::Baseline, Level::Restricted, Level::Hardened] {
            let refusals = Refusals::of(&sources, &analysis, target);
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
