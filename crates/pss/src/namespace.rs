//! What the labels of a namespace ask for, and what then happens to a pod or a workload in it.
//!
//! Three modes: *enforce* refuses pods, and pods alone; *audit* writes to the audit log and *warn* answers with a warning,
//! both for pods and for the workloads that embed one. A workload that breaks the enforced policy is accepted all the
//! same, and then gets no pods. Source: `k8s.io/pod-security-admission`, `api/helpers.go` and `admission/admission.go`.

use std::collections::BTreeMap;
use watertight_text::sort;

use watertight_diagnostic::{KubeVersion, Level};
use watertight_pod::{Carrier, Object, Pair, Pod, Site};

use crate::words::go_quoted;
use crate::{Defaulting, Verdict, evaluate_with};

/// What all labels of the admission controller begin with.
pub const PREFIX: &str = "pod-security.kubernetes.io/";

/// What a policy does with a pod that breaks it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// Refuses the pod.
    Enforce,
    /// Notes it in the audit log.
    Audit,
    /// Accepts with a warning.
    Warn,
}

impl Mode {
    /// All modes, in the order in which the admission controller works.
    pub const ALL: [Self; 3] = [Self::Enforce, Self::Audit, Self::Warn];

    /// The word in the label.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Audit => "audit",
            Self::Warn => "warn",
        }
    }

    /// The label that sets the level.
    pub fn level_label(self) -> String {
        format!("{PREFIX}{}", self.word())
    }

    /// The label that sets the version.
    pub fn version_label(self) -> String {
        format!("{PREFIX}{}-version", self.word())
    }
}

/// Where the level of a mode comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Origin {
    /// The cluster: nobody says anything here.
    #[default]
    Default,
    /// A label of the namespace; a bad one too.
    Label(Site),
    /// Taken over from `enforce`, since nothing is said about warnings.
    FromEnforce(Site),
}

/// Level and version of one mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The level.
    pub level: Level,
    /// The version as asked; what is newer than the checks know counts as the newest.
    pub version: KubeVersion,
    /// Where the level comes from.
    pub origin: Origin,
}

impl Default for Setting {
    /// What a cluster without a configuration of its own does: nothing.
    fn default() -> Self {
        Self { level: Level::Privileged, version: KubeVersion::Latest, origin: Origin::Default }
    }
}

impl Setting {
    fn words(self) -> String {
        format!("{}:{}", self.level.standard(), self.version)
    }
}

/// What a namespace asks for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// For pods.
    pub enforce: Setting,
    /// For pods and workloads.
    pub audit: Setting,
    /// For pods and workloads.
    pub warn: Setting,
    /// Labels that do not say what their writer thought.
    pub problems: Vec<LabelProblem>,
}

/// A label that does not say what its writer thought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelProblem {
    /// What is wrong.
    pub kind: LabelProblemKind,
    /// The label's name.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Where.
    pub site: Site,
}

/// What is wrong with a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabelProblemKind {
    /// The value is no level.
    BadLevel(Mode),
    /// The value is no version.
    BadVersion(Mode),
    /// There is no such label: nothing reads it.
    UnknownLabel,
}

impl LabelProblem {
    /// The words of the API server, without the place; empty for a label that it does not read.
    pub fn error(&self) -> &'static str {
        match self.kind {
            LabelProblemKind::BadLevel(_) => "must be one of privileged, baseline, restricted",
            LabelProblemKind::BadVersion(_) => "must be \"latest\" or \"v1.x\"",
            LabelProblemKind::UnknownLabel => "",
        }
    }

    /// What happens because of it, as a sentence.
    pub fn effect(&self) -> &'static str {
        match self.kind {
            LabelProblemKind::BadLevel(Mode::Enforce) => {
                "The API server refuses to create this namespace; where it already exists, restricted is enforced."
            }
            LabelProblemKind::BadLevel(_) => {
                "The API server refuses to create this namespace; where it already exists, this mode does nothing."
            }
            LabelProblemKind::BadVersion(_) => {
                "The API server refuses to create this namespace; where it already exists, latest applies."
            }
            LabelProblemKind::UnknownLabel => "The admission controller does not read this label, so it does nothing.",
        }
    }
}

impl Policy {
    /// Reads the labels of a namespace, on a cluster without defaults of its own.
    pub fn read(labels: &[Pair]) -> Self {
        Self::read_with(labels, &Self::default())
    }

    /// Reads the labels of a namespace; what they leave open comes from the cluster's own configuration.
    pub fn read_with(labels: &[Pair], defaults: &Self) -> Self {
        let mut policy = Self { problems: Vec::new(), ..defaults.clone() };
        for mode in Mode::ALL {
            policy.read_mode(labels, mode);
        }
        policy.imply_warn(labels);
        policy.problems.extend(unknown_labels(labels));
        sort::by_key(&mut policy.problems, |problem| problem.site.whole());
        policy
    }

    /// Level and version of a mode.
    pub fn of(&self, mode: Mode) -> Setting {
        match mode {
            Mode::Enforce => self.enforce,
            Mode::Audit => self.audit,
            Mode::Warn => self.warn,
        }
    }

    /// What the API server answers to the creation of a namespace with these labels; `None` when it accepts them.
    pub fn refusal(&self, namespace: &str) -> Option<String> {
        let errors: Vec<_> = self
            .problems
            .iter()
            .filter(|problem| problem.kind != LabelProblemKind::UnknownLabel)
            .map(|problem| {
                let value = go_quoted(&problem.value);
                format!("metadata.labels[{}]: Invalid value: {value}: {}", problem.label, problem.error())
            })
            .collect();
        let list = match errors.as_slice() {
            [] => return None,
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        Some(format!("Namespace {} is invalid: {list}", go_quoted(namespace)))
    }

    /// What happens to a pod or workload in the namespace: one judgement for each mode, enforce first. `object` is what
    /// holds the pod.
    pub fn judge(&self, pod: &Pod, object: &Object) -> Vec<Judgement> {
        let mut known: Vec<(Level, KubeVersion, Defaulting, Verdict)> = Vec::new();
        let mut refused = false;
        Mode::ALL
            .into_iter()
            .map(|mode| {
                let setting = self.of(mode);
                let defaulting = match (mode, pod.carrier) {
                    (Mode::Audit | Mode::Warn, Carrier::Workload) => Defaulting::Template,
                    _ => Defaulting::Pod,
                };
                let asked = (setting.level, setting.version, defaulting);
                let same = known.iter().find(|(level, version, with, _)| (*level, *version, *with) == asked);
                let verdict = same.map_or_else(
                    || evaluate_with(pod, setting.level, setting.version, defaulting),
                    |(.., verdict)| verdict.clone(),
                );
                known.push((setting.level, setting.version, defaulting, verdict.clone()));
                if mode == Mode::Enforce {
                    refused = pod.carrier == Carrier::Pod && verdict.refused();
                }
                let case = Case { mode, setting, verdict: &verdict, carrier: pod.carrier, object, refused };
                let (message, consequence) = (case.message(), case.consequence());
                Judgement { mode, level: setting.level, version: setting.version, verdict, message, consequence }
            })
            .collect()
    }

    fn read_mode(&mut self, labels: &[Pair], mode: Mode) {
        let mut setting = self.of(mode);
        if let Some(pair) = find(labels, &mode.level_label()) {
            setting.origin = Origin::Label(pair.site);
            setting.level = level(&pair.value).unwrap_or_else(|| {
                self.problems.push(problem(pair, LabelProblemKind::BadLevel(mode)));
                // A bad wish for protection protects; a bad wish for a notice gives none.
                if mode == Mode::Enforce { Level::Restricted } else { Level::Privileged }
            });
        }
        if let Some(pair) = find(labels, &mode.version_label()) {
            setting.version = pair.value.parse().unwrap_or_else(|_| {
                self.problems.push(problem(pair, LabelProblemKind::BadVersion(mode)));
                KubeVersion::Latest
            });
        }
        match mode {
            Mode::Enforce => self.enforce = setting,
            Mode::Audit => self.audit = setting,
            Mode::Warn => self.warn = setting,
        }
    }

    /// A namespace that enforces more than it warns of, and says nothing about warnings, warns of what it enforces.
    fn imply_warn(&mut self, labels: &[Pair]) {
        let Some(enforce) = find(labels, &Mode::Enforce.level_label()) else { return };
        let silent = find(labels, &Mode::Warn.level_label()).is_none();
        if !silent || level(&enforce.value).is_none() || self.enforce.level <= self.warn.level {
            return;
        }
        self.warn.level = self.enforce.level;
        self.warn.origin = Origin::FromEnforce(enforce.site);
        if find(labels, &Mode::Warn.version_label()).is_none() {
            self.warn.version = self.enforce.version;
        }
    }
}

/// What one mode says of a pod or workload.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// The mode.
    pub mode: Mode,
    /// The level judged.
    pub level: Level,
    /// The version, as asked.
    pub version: KubeVersion,
    /// What the checks say.
    pub verdict: Verdict,
    /// What the cluster says, word for word; empty when it says nothing. For the pods of a workload: the part that does
    /// not depend on their names.
    pub message: String,
    /// What happens, as a sentence.
    pub consequence: String,
}

/// What the user is told when the labels of a namespace change from `old` to `new` and some of its pods break the newly
/// enforced policy. `verdicts` are those of the existing pods at `new`, with their names.
pub fn relabelled<'a>(
    namespace: &str,
    old: Setting,
    new: Setting,
    verdicts: impl IntoIterator<Item = (&'a str, &'a Verdict)>,
) -> Vec<String> {
    let same = old.version == new.version && new.level <= old.level;
    if new.level == Level::Privileged || same {
        return Vec::new();
    }
    let mut by_reasons: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for (name, verdict) in verdicts.into_iter().filter(|(_, verdict)| verdict.refused()) {
        let entry = by_reasons.entry(verdict.reasons()).or_insert((name, 0));
        entry.0 = entry.0.min(name);
        entry.1 += 1;
    }
    if by_reasons.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<_> = by_reasons
        .into_iter()
        .map(|(reasons, (first, count))| match count {
            1 => format!("{first}: {reasons}"),
            2 => format!("{first} (and 1 other pod): {reasons}"),
            _ => format!("{first} (and {} other pods): {reasons}", count - 1),
        })
        .collect();
    sort::by(&mut lines, Ord::cmp);
    let head = format!(
        "existing pods in namespace {} violate the new PodSecurity enforce level {}",
        go_quoted(namespace),
        go_quoted(&new.words())
    );
    lines.insert(0, head);
    lines
}

/// Everything the texts depend on.
struct Case<'a> {
    mode: Mode,
    setting: Setting,
    verdict: &'a Verdict,
    carrier: Carrier,
    object: &'a Object,
    /// Whether enforce has refused the pod already.
    refused: bool,
}

impl Case<'_> {
    fn message(&self) -> String {
        if !self.verdict.refused() {
            return String::new();
        }
        let violates = format!("violate PodSecurity \"{}\": {}", self.setting.words(), self.verdict.detail());
        match (self.mode, self.carrier) {
            (Mode::Enforce, Carrier::Pod) => {
                format!("pods {} is forbidden: {}", go_quoted(self.name()), violates.replacen("violate", "violates", 1))
            }
            (Mode::Enforce, _) => violates.replacen("violate", "violates", 1),
            (Mode::Warn, _) if self.refused => String::new(),
            (Mode::Warn, Carrier::Custom) => String::new(),
            (Mode::Audit | Mode::Warn, _) => format!("would {violates}"),
        }
    }

    fn consequence(&self) -> String {
        if self.setting.level == Level::Privileged {
            return match self.mode {
                Mode::Enforce => "Nothing is enforced.".to_owned(),
                Mode::Audit => "Nothing is written to the audit log.".to_owned(),
                Mode::Warn => "Nobody is warned.".to_owned(),
            };
        }
        let kind = self.kind();
        if !self.verdict.refused() {
            return match (self.verdict.allowed(), self.mode, self.carrier) {
                (false, ..) => "It depends on values that cannot be read here.".to_owned(),
                (true, Mode::Enforce, Carrier::Pod) => "The pod is admitted.".to_owned(),
                (true, Mode::Enforce, _) => format!("The pods of the {kind} are admitted."),
                (true, Mode::Audit, _) => "Nothing is written to the audit log.".to_owned(),
                (true, Mode::Warn, _) => "Nobody is warned.".to_owned(),
            };
        }
        match (self.mode, self.carrier) {
            (Mode::Enforce, Carrier::Pod) => "The API server refuses the pod.".to_owned(),
            (Mode::Enforce, Carrier::Workload) => self.refused_later(),
            (Mode::Enforce, Carrier::Custom) => {
                format!("Admission does not look at a {kind}: it is accepted, and the pods made from it are refused.")
            }
            (Mode::Audit, Carrier::Pod) => "The violation is written to the audit log.".to_owned(),
            (Mode::Audit, Carrier::Workload) => {
                format!("The {kind} is accepted, and the violation is written to the audit log.")
            }
            (Mode::Audit, Carrier::Custom) => {
                format!("Admission does not look at a {kind}; each of its pods is written to the audit log.")
            }
            (Mode::Warn, Carrier::Pod) if self.refused => "No warning comes with a pod that is refused.".to_owned(),
            (Mode::Warn, Carrier::Pod) => "The pod is accepted with this warning.".to_owned(),
            (Mode::Warn, Carrier::Workload) => format!("The {kind} is accepted with this warning."),
            (Mode::Warn, Carrier::Custom) => {
                format!("Admission does not look at a {kind}, so whoever applies it gets no warning.")
            }
        }
    }

    /// Who gets the refusal that the workload itself does not get.
    fn refused_later(&self) -> String {
        let kind = self.kind();
        let who = match kind {
            "Deployment" => "its ReplicaSet reports FailedCreate for each of them",
            "CronJob" => "its Jobs report FailedCreate for each of them",
            "PodTemplate" => "whoever makes pods from it is told",
            _ => "it reports FailedCreate for each of them",
        };
        format!("The {kind} is accepted, but its pods are refused: {who}.")
    }

    fn kind(&self) -> &str {
        match self.object.kind.as_str() {
            "" => "object",
            kind => kind,
        }
    }

    /// The API server's word for a pod that has no name yet.
    fn name(&self) -> &str {
        match self.object.name.as_str() {
            "" => "Unknown",
            name => name,
        }
    }
}

/// Only the three words, as they are: our own fourth level is no level of the admission controller.
fn level(text: &str) -> Option<Level> {
    text.parse().ok().filter(|level| *level <= Level::Restricted)
}

/// The label that counts: of two of one name the last.
fn find<'a>(labels: &'a [Pair], name: &str) -> Option<&'a Pair> {
    labels.iter().rev().find(|pair| pair.name == name)
}

fn problem(pair: &Pair, kind: LabelProblemKind) -> LabelProblem {
    LabelProblem { kind, label: pair.name.clone(), value: pair.value.clone(), site: pair.site }
}

fn unknown_labels(labels: &[Pair]) -> impl Iterator<Item = LabelProblem> {
    let known = |name: &str| Mode::ALL.into_iter().any(|m| name == m.level_label() || name == m.version_label());
    labels
        .iter()
        .filter(move |pair| pair.name.starts_with(PREFIX) && !known(&pair.name))
        .map(|pair| problem(pair, LabelProblemKind::UnknownLabel))
}

#[cfg(test)]
mod tests {
    use watertight_pod::{Container, Field};

    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Vec<Pair> {
        let pair = |(name, value): &(&str, &str)| Pair {
            name: format!("{PREFIX}{name}"),
            value: (*value).to_owned(),
            site: Site::default(),
        };
        pairs.iter().map(pair).collect()
    }

    /// `expected`: enforce, audit, warn, as the admission controller writes them.
    fn check(pairs: &[(&str, &str)], expected: [&str; 3], problems: usize) -> Policy {
        let policy = Policy::read(&labels(pairs));
        assert_eq!(Mode::ALL.map(|mode| policy.of(mode).words()), expected, "{pairs:?}");
        assert_eq!(policy.problems.len(), problems, "{pairs:?}");
        policy
    }

    const NONE: &str = "privileged:latest";

    #[test]
    fn labels_decide() {
        check(&[], [NONE; 3], 0);
        check(&[("audit", "baseline")], [NONE, "baseline:latest", NONE], 0);
        check(&[("enforce-version", "v1.20")], ["privileged:v1.20", NONE, NONE], 0);
        check(
            &[("enforce", "baseline"), ("audit", "restricted"), ("audit-version", "v1.25"), ("warn", "restricted")],
            ["baseline:latest", "restricted:v1.25", "restricted:latest"],
            0,
        );
    }

    #[test]
    fn enforce_implies_warn() {
        let policy = check(&[("enforce", "restricted")], ["restricted:latest", NONE, "restricted:latest"], 0);
        assert_eq!(policy.warn.origin, Origin::FromEnforce(Site::default()));
        check(&[("enforce", "baseline"), ("enforce-version", "v1.30")], ["baseline:v1.30", NONE, "baseline:v1.30"], 0);
        check(
            &[("enforce", "baseline"), ("enforce-version", "v1.30"), ("warn-version", "v1.31")],
            ["baseline:v1.30", NONE, "baseline:v1.31"],
            0,
        );
        check(&[("enforce", "baseline"), ("warn", "privileged")], ["baseline:latest", NONE, NONE], 0);
    }

    #[test]
    fn bad_labels() {
        check(&[("enforce", "strict")], ["restricted:latest", NONE, NONE], 1);
        check(&[("enforce", "Restricted")], ["restricted:latest", NONE, NONE], 1);
        check(&[("enforce", "hardened")], ["restricted:latest", NONE, NONE], 1);
        check(&[("audit", "")], [NONE; 3], 1);
        // A warn label that is no level is there all the same: nothing is implied.
        check(&[("enforce", "baseline"), ("warn", "x")], ["baseline:latest", NONE, NONE], 1);
        for bad in ["1.30", "v1.30.2", "v1.030", "V1.30", ""] {
            check(
                &[("enforce", "baseline"), ("enforce-version", bad)],
                ["baseline:latest", NONE, "baseline:latest"],
                1,
            );
        }
        let policy = check(&[("enforced", "restricted")], [NONE; 3], 1);
        assert_eq!(policy.problems[0].kind, LabelProblemKind::UnknownLabel);
        assert_eq!(policy.refusal("x"), None);
    }

    #[test]
    fn a_namespace_is_refused_with_all_its_errors() {
        assert_eq!(
            Policy::read(&labels(&[("enforce", "strict")])).refusal("web").unwrap(),
            "Namespace \"web\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \
             \"strict\": must be one of privileged, baseline, restricted"
        );
        let two = Policy::read(&labels(&[("enforce", "strict"), ("warn-version", "1.30")])).refusal("web").unwrap();
        assert!(two.contains(": [metadata.labels[") && two.ends_with("must be \"latest\" or \"v1.x\"]"), "{two}");
    }

    #[test]
    fn the_cluster_fills_what_labels_leave_open() {
        let strict = Setting { level: Level::Restricted, version: KubeVersion::Minor(30), origin: Origin::Default };
        let defaults = Policy { enforce: strict, warn: strict, ..Policy::default() };
        let policy = Policy::read_with(&labels(&[("enforce", "baseline")]), &defaults);
        assert_eq!(policy.enforce.words(), "baseline:v1.30");
        assert_eq!(policy.warn, strict, "a stricter warning stays");
    }

    fn judge(pairs: &[(&str, &str)], carrier: Carrier, kind: &str) -> Vec<Judgement> {
        let pod = Pod {
            carrier,
            host_pid: Field::Set(true, Site::default()),
            containers: vec![Container { name: "c".to_owned(), ..Container::default() }],
            ..Pod::default()
        };
        let object = Object { kind: kind.to_owned(), name: "web".to_owned(), ..Object::default() };
        Policy::read(&labels(pairs)).judge(&pod, &object)
    }

    #[test]
    fn a_pod_is_refused_without_a_warning() {
        let all = judge(&[("enforce", "baseline"), ("audit", "baseline")], Carrier::Pod, "Pod");
        let detail = "PodSecurity \"baseline:latest\": host namespaces (hostPID=true)";
        assert_eq!(all[0].message, format!("pods \"web\" is forbidden: violates {detail}"));
        assert_eq!(all[1].message, format!("would violate {detail}"));
        assert_eq!(all[2].message, "");
        assert_eq!(all[2].consequence, "No warning comes with a pod that is refused.");
    }

    #[test]
    fn a_deployment_is_accepted_and_gets_no_pods() {
        let all = judge(&[("enforce", "baseline")], Carrier::Workload, "Deployment");
        assert_eq!(
            all[0].consequence,
            "The Deployment is accepted, but its pods are refused: its ReplicaSet reports FailedCreate for each of them."
        );
        assert_eq!(all[1].consequence, "Nothing is written to the audit log.");
        assert_eq!(all[2].message, "would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)");
    }

    #[test]
    fn nobody_warns_about_a_custom_kind() {
        let all = judge(&[("enforce", "baseline")], Carrier::Custom, "Rollout");
        assert!(all[0].consequence.ends_with("the pods made from it are refused."));
        assert_eq!(all[2].message, "");
    }

    #[test]
    fn existing_pods_by_reasons() {
        let verdict = |reasons: &[&str]| Verdict {
            failures: reasons
                .iter()
                .map(|reason| crate::Failure {
                    check: "x",
                    reason: (*reason).to_owned(),
                    detail: "d".to_owned(),
                    places: Vec::new(),
                })
                .collect(),
            unknown: Vec::new(),
        };
        let (a, b, good) = (verdict(&["privileged", "hostPort"]), verdict(&["hostPort"]), verdict(&[]));
        let old = Setting::default();
        let new = Setting { level: Level::Baseline, ..old };
        let pods = [("z", &a), ("m", &b), ("good", &good), ("y", &a), ("n", &b), ("l", &b)];
        assert_eq!(
            relabelled("ns", old, new, pods),
            [
                "existing pods in namespace \"ns\" violate the new PodSecurity enforce level \"baseline:latest\"",
                "l (and 2 other pods): hostPort",
                "y (and 1 other pod): privileged, hostPort",
            ]
        );
        assert!(relabelled("ns", new, old, pods).is_empty(), "privileged is never checked");
        assert!(relabelled("ns", new, new, pods).is_empty(), "nothing stricter");
        assert_eq!(relabelled("ns", old, new, [("p", &b)]).get(1).unwrap(), "p: hostPort");
    }
}
