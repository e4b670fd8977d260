//! What then happens to a pod or workload, and in which words.

use std::borrow::Cow;

use watertight_diagnostic::{KubeVersion, Level};
use watertight_pod::{Carrier, Object, Pod};

use super::{Mode, Policy, Setting};
use crate::words::go_quoted;
use crate::{Defaulting, Verdict, evaluate_with};

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
    /// What the cluster says, word for word; empty when it says nothing. For the pods of a workload, and for a pod that
    /// nobody named: the part that does not depend on their names. An ellipsis stands for what the cluster puts behind a
    /// `generateName`.
    pub message: String,
    /// What happens, as a sentence.
    pub consequence: String,
}

impl Policy {
    /// What happens to a pod or workload in the namespace: one judgement for each mode, enforce first. `object` is what
    /// holds the pod.
    pub fn judge(&self, pod: &Pod, object: &Object) -> Vec<Judgement> {
        let mut all = Vec::with_capacity(Mode::ALL.len());
        Mode::ALL.into_iter().for_each(|mode| all.push(self.answer(mode, pod, object, &all)));
        all
    }

    /// What happens to a pod or workload where somebody enforces this and nobody else is asked.
    pub fn enforced(&self, pod: &Pod, object: &Object) -> Judgement {
        self.answer(Mode::Enforce, pod, object, &[])
    }

    /// What one mode says, after the modes before it.
    fn answer(&self, mode: Mode, pod: &Pod, object: &Object, before: &[Judgement]) -> Judgement {
        let Setting { level, version, .. } = self.of(mode);
        let defaulting = |mode| match (mode, pod.carrier) {
            (Mode::Audit | Mode::Warn, Carrier::Workload) => Defaulting::Template,
            _ => Defaulting::Pod,
        };
        let asked = (level, version, defaulting(mode));
        let same = before.iter().find(|said| (said.level, said.version, defaulting(said.mode)) == asked);
        let verdict = match same {
            Some(said) => said.verdict.clone(),
            None => evaluate_with(pod, level, version, defaulting(mode)),
        };
        let enforced = before.first().map_or(&verdict, |enforced| &enforced.verdict);
        let refused = pod.carrier == Carrier::Pod && enforced.refused();
        let case = Case { mode, setting: self.of(mode), verdict: &verdict, carrier: pod.carrier, object, refused };
        let (message, consequence) = (case.message(), case.consequence());
        Judgement { mode, level, version, verdict, message, consequence }
    }
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
            (Mode::Enforce, carrier) => {
                let violates = violates.replacen("violate", "violates", 1);
                match self.name().filter(|_| carrier == Carrier::Pod) {
                    Some(name) => format!("pods {} is forbidden: {violates}", go_quoted(&name)),
                    None => violates,
                }
            }
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
                (true, Mode::Enforce, Carrier::Pod) => "Pod Security lets the pod pass.".to_owned(),
                (true, Mode::Enforce, _) => format!("Pod Security lets the pods of the {kind} pass."),
                (true, Mode::Audit, _) => "Nothing is written to the audit log.".to_owned(),
                (true, Mode::Warn, _) => "Nobody is warned.".to_owned(),
            };
        }
        match (self.mode, self.carrier) {
            (Mode::Enforce, Carrier::Pod) if self.is_to_be_named() => {
                "The API server refuses the pod, for whose name it puts five random characters behind generateName."
                    .to_owned()
            }
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

    /// The name under which the pod is refused. It is made of a `generateName` before admission is asked, and a pod without
    /// either does not get that far: `None`.
    ///
    /// Source: `pkg/registry/generic/registry/store.go` and `pkg/storage/names/generate.go` of apiserver.
    fn name(&self) -> Option<Cow<'_, str>> {
        match (self.object.name.as_str(), self.object.generate_name.as_str()) {
            ("", "") => None,
            ("", begin) => Some([begin, "…"].concat().into()),
            (name, _) => Some(name.into()),
        }
    }

    fn is_to_be_named(&self) -> bool {
        self.object.name.is_empty() && !self.object.generate_name.is_empty()
    }
}
