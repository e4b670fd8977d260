//! Reading the labels of a namespace.

use watertight_diagnostic::{KubeVersion, Level};
use watertight_pod::{Pair, Site};
use watertight_text::sort;

use super::{Mode, Origin, Policy};
use crate::words::go_quoted;

/// What all labels of the admission controller begin with.
pub const PREFIX: &str = "pod-security.kubernetes.io/";

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

impl Mode {
    /// The label that sets the level.
    pub fn level_label(self) -> String {
        format!("{PREFIX}{}", self.word())
    }

    /// The label that sets the version.
    pub fn version_label(self) -> String {
        format!("{PREFIX}{}-version", self.word())
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

    /// What the API server answers to the creation of a namespace with these labels; `None` when it accepts them. It goes
    /// through the modes, and in each looks at the level first, however the labels stand.
    ///
    /// Source: `api/helpers.go` of pod-security-admission, `PolicyToEvaluate`.
    pub fn refusal(&self, namespace: &str) -> Option<String> {
        let kinds = Mode::ALL
            .into_iter()
            .flat_map(|mode| [LabelProblemKind::BadLevel(mode), LabelProblemKind::BadVersion(mode)]);
        let errors: Vec<_> = kinds
            .filter_map(|kind| self.problems.iter().find(|problem| problem.kind == kind))
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
