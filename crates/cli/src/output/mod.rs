//! The ways to say what was found.

pub(crate) mod excerpt;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod markdown;
pub(crate) mod sarif;
pub(crate) mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use watertight::diagnostic::report::{AskedBy, ChecklistState, FindingReport, InputKind, PodReport};
use watertight::diagnostic::{Safety, Severity};

use crate::input::Unusable;
use crate::part::Batch;
use crate::visible::visible;

/// Takes what was found, a batch at a time, in the order of the input.
pub(crate) trait Sink {
    fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()>;

    /// Some input could not be used. It was told on standard error already.
    fn unusable(&mut self, unusable: &Unusable) -> io::Result<()>;

    /// There is no more.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;
}

/// What is counted over all batches.
#[derive(Default)]
pub(crate) struct Totals {
    /// What the files were taken for, by their names. Of a large file there are many parts.
    kinds: BTreeMap<String, InputKind>,
    /// Names of files whose indentation is lost and can be restored.
    pub(crate) flat: BTreeSet<String>,
    /// The versions of a node that files state.
    pub(crate) versions: BTreeSet<String>,
    /// Which bugs they have or may have, in words.
    pub(crate) doubts: BTreeSet<String>,
    /// Documents that could not be read whole.
    pub(crate) unreadable: usize,
    pub(crate) pods: usize,
    /// Pods that the asked level refuses.
    pub(crate) refused: usize,
    /// Pods of which nobody can say whether the asked level refuses them: it depends on what cannot be read.
    pub(crate) doubtful: usize,
    /// Pods that the labels of their namespace keep out.
    pub(crate) kept_out: usize,
    /// Pods that the asked level refuses and the labels of their namespace let in.
    pub(crate) let_in: usize,
    pub(crate) suppressed: usize,
    /// Findings with a fix that the asked level needs.
    pub(crate) fixable: usize,
    pub(crate) unusable: usize,
    severities: [usize; 5],
}

impl Totals {
    pub(crate) fn add(&mut self, batch: &Batch<'_>) {
        let report = &batch.report;
        for (located, file) in batch.parts.iter().zip(&report.files) {
            let kind = self.kinds.entry(located.part.name.clone()).or_insert(file.kind);
            if file.kind != InputKind::Unknown {
                *kind = file.kind;
            }
            if file.kind == InputKind::Versions {
                let stated = file.documents.iter().filter_map(|stated| stated.kind.as_ref().zip(stated.name.as_ref()));
                self.versions.extend(stated.map(|(component, version)| format!("{component} {version}")));
                let patched = report.checklist.iter().filter(|item| item.id == "patched-nodes");
                let doubts = patched.filter(|item| item.state != ChecklistState::Done);
                self.doubts.extend(doubts.map(|item| item.because.clone()));
            }
            if file.restorable {
                self.flat.insert(located.part.name.clone());
            }
            self.unreadable += file.documents.iter().filter(|document| !document.readable).count();
        }
        self.pods += report.pods.len();
        let asked = |pod: &PodReport| {
            let answer = pod.admission.iter().find(|answer| answer.asked_by == AskedBy::Settings && !answer.allowed)?;
            Some(answer.failures.is_empty())
        };
        // Without a failure it is not admitted for certain, and not refused for certain either.
        self.refused += report.pods.iter().filter(|pod| asked(pod) == Some(false)).count();
        self.doubtful += report.pods.iter().filter(|pod| asked(pod) == Some(true)).count();
        let is_kept_out = |pod: &&PodReport| {
            pod.admission
                .iter()
                .any(|answer| answer.asked_by == AskedBy::Enforce && !answer.allowed && !answer.failures.is_empty())
        };
        self.kept_out += report.pods.iter().filter(is_kept_out).count();
        let is_let_in = |pod: &&PodReport| {
            pod.admission.iter().any(|answer| answer.asked_by == AskedBy::Enforce && answer.allowed)
                && asked(pod) == Some(false)
        };
        self.let_in += report.pods.iter().filter(is_let_in).count();
        self.suppressed += report.suppressed.len();
        let level = report.settings.level;
        let asked =
            |finding: &&FindingReport| finding.fixes.iter().any(|fix| fix.level.is_some_and(|fix| fix <= level));
        self.fixable += report.findings.iter().filter(asked).count();
        for (sum, (_, count)) in self.severities.iter_mut().zip(report.counts()) {
            *sum += count;
        }
    }

    pub(crate) fn files(&self) -> usize {
        self.kinds.len()
    }

    /// That nothing was recognised in any of the files.
    pub(crate) fn nothing_known(&self) -> Option<Unusable> {
        nothing_known(self.kinds.iter().map(|(name, kind)| (&**name, *kind)))
    }

    /// The severities of which there are any, the worst first.
    pub(crate) fn severities(&self) -> impl Iterator<Item = (Severity, usize)> + '_ {
        Severity::ALL.into_iter().zip(self.severities).filter(|(_, count)| *count > 0)
    }
}

/// That nothing was recognised in any of the files: an empty answer must not be taken for a good one.
pub(crate) fn nothing_known<'f>(files: impl Iterator<Item = (&'f str, InputKind)>) -> Option<Unusable> {
    let mut names = Vec::new();
    for (name, kind) in files {
        if !matches!(kind, InputKind::Unknown | InputKind::Empty) {
            return None;
        }
        names.push(name);
    }
    let name = together(names.first()?, names.len());
    let reason = "nothing was recognised: no Kubernetes object, docker run line, profile or rules".to_owned();
    Some(Unusable { name, reason })
}

/// What to mind of a fix, behind its title.
pub(crate) fn safety_words(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "",
        Safety::ChangesBehaviour => " (may change how the program behaves)",
        Safety::NeedsReview => " (look before you apply it)",
    }
}

/// What a finding is about, where a file holds several objects.
pub(crate) fn about(batch: &Batch<'_>, finding: &FindingReport) -> Option<String> {
    let file = batch.report.files.get(finding.primary.file as usize)?;
    let object = finding.object.as_ref().filter(|_| file.documents.len() > 1)?;
    let namespace = finding.pod.and_then(|pod| batch.report.pods.get(pod)?.namespace.as_deref());
    let namespace = namespace.map_or_else(String::new, |namespace| format!(" of namespace {}", visible(namespace)));
    let container =
        finding.container.as_deref().map_or_else(String::new, |name| format!(", container {}", visible(name)));
    Some(format!("{}{namespace}{container}", visible(object)))
}

/// What so many files are called together, of which the first has this name.
pub(crate) fn together(first: &str, count: usize) -> String {
    if count == 1 { first.to_owned() } else { format!("{count} files") }
}

/// Says on standard error what could not be used. Nobody may be listening there.
pub(crate) fn complain(unusable: &Unusable) {
    let _ = writeln!(io::stderr(), "error: {}: {}", visible(&unusable.name), visible(&unusable.reason));
}

/// `1 pod`, `2 pods`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {one}{s}")
}
