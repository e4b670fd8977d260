//! Words for what the report says, in one place.

use watertight_diagnostic::report::{AskedBy, ChecklistState, InputKind, Report};
use watertight_diagnostic::{Category, Confidence, Level, Safety, Severity, Standard};

use crate::state::{Tab, Trouble};

/// "1 finding", "2 findings".
pub fn count(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// What a screen reader says about a new report.
pub fn announcement(report: &Report) -> String {
    if report.findings.is_empty() {
        return "No findings".to_owned();
    }
    let parts: Vec<String> =
        report.counts().into_iter().filter(|(_, n)| *n > 0).map(|(severity, n)| format!("{n} {severity}")).collect();
    format!("{}: {}", count(report.findings.len(), "finding"), parts.join(", "))
}

/// Why there is no new report.
pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::TooSlow { seconds } => format!(
            "The analysis of this text took longer than {seconds} s and was stopped. Your text is still here, and the \
             engine has been restarted."
        ),
        Trouble::Stopped { reason } => format!(
            "The engine stopped while it read this text, and has been restarted. Your text is still here. It said: {reason}"
        ),
    }
}

/// The sentence on top of the findings, and whether it is bad (2), a warning (1) or good (0).
pub fn verdict(report: &Report) -> (u8, String) {
    if report.files.iter().all(|file| file.kind == InputKind::Empty) {
        return (1, "Nothing to look at yet".to_owned());
    }
    let escapes = report
        .findings
        .iter()
        .filter(|finding| finding.category == Category::Escape && finding.severity >= Severity::High)
        .count();
    let broken = report.files.iter().any(|file| file.documents.iter().any(|document| !document.readable));
    if is_beside_pods(report) {
        return match report.findings.len() {
            0 => (0, "Nothing wrong in this text".to_owned()),
            n => (1, format!("{} in this text", count(n, "finding"))),
        };
    }
    match (escapes, report.pods.len()) {
        (0, 0) if broken => (1, "This text cannot be read yet".to_owned()),
        (0, 0) => (1, "No container in this text".to_owned()),
        (0, _) if broken => (1, "No open way out in what can be read".to_owned()),
        (0, _) => (0, "No open way out in this text".to_owned()),
        (1, _) => (2, "1 way out is open".to_owned()),
        (n, _) => (2, format!("{n} ways out are open")),
    }
}

/// Whether the texts are profiles, rules or events, with no pod among them.
pub fn is_beside_pods(report: &Report) -> bool {
    let beside =
        [InputKind::Seccomp, InputKind::AppArmor, InputKind::FalcoRules, InputKind::FalcoEvents, InputKind::Empty];
    report.pods.is_empty() && report.files.iter().all(|file| beside.contains(&file.kind))
}

/// The label of a tab.
pub fn tab(tab: Tab) -> &'static str {
    match tab {
        Tab::Lesson => "Lesson",
        Tab::Findings => "Findings",
        Tab::Map => "Map",
        Tab::Hardened => "Hardened",
        Tab::Simulate => "Simulate",
        Tab::Generate => "Generate",
        Tab::Checklist => "Checklist",
    }
}

/// The heading of a category.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::Escape => "Ways out",
        Category::Hardening => "Missing layers",
        Category::Correctness => "Not what it seems",
        Category::Hygiene => "Housekeeping",
    }
}

/// What may break.
pub fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::ChangesBehaviour => "changes behaviour",
        Safety::NeedsReview => "needs review",
    }
}

/// The same, as an explanation.
pub fn safety_long(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "The program inside notices nothing, short of abusing what is taken away.",
        Safety::ChangesBehaviour => "A program that uses what is taken away behaves differently; most do not.",
        Safety::NeedsReview => "Something that was put there on purpose goes away: look first.",
    }
}

/// A word as it is used in names of classes.
pub fn safety_class(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::ChangesBehaviour => "changes-behaviour",
        Safety::NeedsReview => "needs-review",
    }
}

/// How sure a finding is; nothing when it is certain.
pub fn confidence(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Certain => None,
        Confidence::Likely => Some("likely"),
        Confidence::Unknown => Some("depends on what the text does not say"),
    }
}

/// A level with a capital letter.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Privileged => "Privileged",
        Level::Baseline => "Baseline",
        Level::Restricted => "Restricted",
        Level::Hardened => "Hardened",
    }
}

/// Who asks for a level.
pub fn asked_by(asked_by: AskedBy) -> &'static str {
    match asked_by {
        AskedBy::Settings => "your target",
        AskedBy::Enforce => "enforced by the namespace",
        AskedBy::Audit => "audited by the namespace",
        AskedBy::Warn => "warned of by the namespace",
    }
}

/// The name of a body of rules.
pub fn standard(standard: Standard) -> &'static str {
    match standard {
        Standard::Pss => "Pod Security Standards",
        Standard::Cis => "CIS",
        Standard::Nsa => "NSA/CISA",
        Standard::Attack => "ATT&CK",
        Standard::Kubescape => "Kubescape",
        Standard::Trivy => "Trivy",
        Standard::Checkov => "Checkov",
        Standard::Kubesec => "Kubesec",
        Standard::KubeLinter => "kube-linter",
        Standard::KubeScore => "kube-score",
        Standard::Polaris => "Polaris",
        Standard::Kubeaudit => "kubeaudit",
        Standard::Kics => "KICS",
        Standard::Kyverno => "Kyverno",
        Standard::Gatekeeper => "Gatekeeper",
        Standard::Datree => "Datree",
        Standard::Monokle => "Monokle",
        Standard::Cve => "CVE",
        Standard::Falco => "Falco",
    }
}

/// A state of the checklist: mark and word.
pub fn checklist(state: ChecklistState) -> (&'static str, &'static str) {
    match state {
        ChecklistState::Done => ("done", "Done"),
        ChecklistState::Open => ("open", "Open"),
        ChecklistState::Unknown => ("unknown", "Not said"),
        ChecklistState::NotApplicable => ("none", "Does not apply"),
    }
}
