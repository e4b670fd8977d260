//! What the Pod Security admission answers for each pod: for the level that the user asks for, and for each mode of the
//! namespace that the pod falls into.

use std::collections::BTreeMap;

use watertight_diagnostic::report::{AdmissionReport, AskedBy, CheckReport};
use watertight_diagnostic::{Finding, Level, Route, Settings, Standard};
use watertight_pod::{Object, Pod};
use watertight_pss::namespace::{Judgement, Mode, Policy, Setting};
use watertight_pss::{Failure, Verdict, evaluate};

use crate::locate::Locator;
use crate::source::Source;

/// Where a pod goes that names no namespace, unless the one who applies it says otherwise.
const DEFAULT_NAMESPACE: &str = "default";

/// The policies of all namespaces in a set of files, by name.
#[derive(Debug, Default)]
pub(crate) struct Namespaces {
    by_name: BTreeMap<String, Policy>,
}

impl Namespaces {
    pub(crate) fn read(sources: &[Source<'_>]) -> Self {
        let mut by_name = BTreeMap::new();
        for source in sources {
            for namespace in &source.objects.namespaces {
                let Some(object) = source.objects.objects.get(namespace.object) else { continue };
                // Applied in order, the last of two with one name decides.
                by_name.insert(object.name.clone(), Policy::read(&object.labels));
            }
        }
        Self { by_name }
    }

    pub(crate) fn of(&self, object: &Object) -> Option<&Policy> {
        self.by_name.get(object.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The namespaces that enforce a standard, by name.
    pub(crate) fn guarded(&self) -> Vec<(&str, Level)> {
        let levels = self.by_name.iter().map(|(name, policy)| (name.as_str(), policy.enforce.level));
        levels.filter(|(_, level)| *level > Level::Privileged).collect()
    }
}

/// What admission says of one pod.
#[derive(Debug)]
pub(crate) struct Judged {
    /// What the level that the settings ask for says: the first answer.
    asked: Level,
    /// What the other level with checks says; both when privileged is asked for.
    baseline: Option<Verdict>,
    restricted: Option<Verdict>,
    /// Who asks, and what is answered. The settings ask first.
    pub(crate) answers: Vec<(AskedBy, Judgement)>,
}

static NOTHING: Verdict = Verdict { failures: Vec::new(), unknown: Vec::new() };

impl Judged {
    pub(crate) fn new(pod: &Pod, object: &Object, namespaces: &Namespaces, settings: &Settings) -> Self {
        let asked = settings.level.standard();
        if !pod.syntax.is_kubernetes() {
            return Self { asked, baseline: None, restricted: None, answers: Vec::new() };
        }
        let enforce = Setting { level: asked, version: settings.kube_version, ..Setting::default() };
        let policy = Policy { enforce, ..Policy::default() };
        let mut answers = Vec::with_capacity(1);
        answers.push((AskedBy::Settings, policy.enforced(pod, object)));
        if let Some(policy) = namespaces.of(object) {
            answers.extend(policy.judge(pod, object).into_iter().map(|answer| (asked_by(answer.mode), answer)));
        }
        let other = |level| (level != asked).then(|| evaluate(pod, level, settings.kube_version));
        Self { asked, baseline: other(Level::Baseline), restricted: other(Level::Restricted), answers }
    }

    /// What the checks of a level say, at the asked version.
    pub(crate) fn verdict(&self, level: Level) -> &Verdict {
        let level = level.standard();
        let asked = || self.answers.first().map(|(_, answer)| &answer.verdict);
        let known = match level {
            _ if level == self.asked => asked(),
            Level::Baseline => self.baseline.as_ref(),
            Level::Privileged => None,
            Level::Restricted | Level::Hardened => self.restricted.as_ref(),
        };
        known.unwrap_or(&NOTHING)
    }

    /// The strictest level that admits the pod for certain.
    pub(crate) fn admitted_by(&self) -> Level {
        // Nobody vouches for what admission never sees.
        if self.answers.is_empty() {
            return Level::Privileged;
        }
        if self.verdict(Level::Restricted).allowed() {
            return Level::Restricted;
        }
        if self.verdict(Level::Baseline).allowed() { Level::Baseline } else { Level::Privileged }
    }

    /// The least strict level that refuses what a finding describes.
    pub(crate) fn refused_by(&self, finding: &Finding) -> Option<Level> {
        // Most rules have nothing to do with the standards.
        finding.rule.ids_of(Standard::Pss).next()?;
        let refuses = |verdict: &Verdict| verdict.failures.iter().any(|failure| speaks_of(failure, finding));
        if refuses(self.verdict(Level::Baseline)) {
            return Some(Level::Baseline);
        }
        refuses(self.verdict(Level::Restricted)).then_some(Level::Restricted)
    }

    pub(crate) fn report(self, locator: &Locator<'_>) -> Vec<AdmissionReport> {
        self.answers.into_iter().map(|(asked_by, answer)| report(asked_by, answer, locator)).collect()
    }
}

/// Whether a rule that names a check of the standard and a failure of that check mean the same field.
fn speaks_of(failure: &Failure, finding: &Finding) -> bool {
    finding.rule.ids_of(Standard::Pss).any(|id| id == failure.check)
        && failure.places.iter().any(|place| routes(finding).any(|route| same_field(route, &place.route)))
}

fn routes(finding: &Finding) -> impl Iterator<Item = &Route> {
    std::iter::once(&finding.primary).chain(&finding.related).filter_map(|location| location.route.as_ref())
}

fn same_field(one: &Route, other: &Route) -> bool {
    one.contains(other) || other.contains(one)
}

fn asked_by(mode: Mode) -> AskedBy {
    match mode {
        Mode::Enforce => AskedBy::Enforce,
        Mode::Audit => AskedBy::Audit,
        Mode::Warn => AskedBy::Warn,
    }
}

fn report(asked_by: AskedBy, answer: Judgement, locator: &Locator<'_>) -> AdmissionReport {
    let allowed = answer.verdict.allowed();
    let failures = answer.verdict.failures.into_iter().map(|failure| CheckReport {
        id: failure.check.to_owned(),
        reason: failure.reason,
        detail: failure.detail,
        places: failure.places.iter().map(|place| locator.at(place.span, &place.route)).collect(),
    });
    AdmissionReport {
        asked_by,
        level: answer.level,
        version: answer.version.to_string(),
        allowed,
        failures: failures.collect(),
        message: answer.message,
        consequence: answer.consequence,
    }
}
