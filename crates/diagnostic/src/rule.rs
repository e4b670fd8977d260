use serde::{Deserialize, Serialize};

use crate::Severity;

/// What kind of trouble a rule speaks of. Reports list escapes first and hygiene last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A way out of the container, or a piece of one.
    Escape,
    /// A missing layer of defence.
    Hardening,
    /// The text does not mean what it seems to: unreadable, misspelt, doubled, ignored.
    Correctness,
    /// Good housekeeping; no way out by itself.
    Hygiene,
}

impl Category {
    /// The word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Escape => "escape",
            Self::Hardening => "hardening",
            Self::Correctness => "correctness",
            Self::Hygiene => "hygiene",
        }
    }
}

/// A body of rules that people already know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standard {
    /// A check of the Pod Security Standards, by the id the admission library uses.
    Pss,
    /// CIS Kubernetes Benchmark v1.12, by section.
    Cis,
    /// NSA/CISA Kubernetes Hardening Guide, by chapter.
    Nsa,
    /// MITRE ATT&CK technique.
    Attack,
    /// Kubescape control.
    Kubescape,
    /// Trivy check.
    Trivy,
    /// Checkov check.
    Checkov,
    /// Kubesec rule.
    Kubesec,
    /// kube-linter check.
    KubeLinter,
    /// kube-score check.
    KubeScore,
    /// Polaris check.
    Polaris,
    /// kubeaudit auditor.
    Kubeaudit,
    /// KICS query, the first eight digits of its id.
    Kics,
    /// Kyverno policy.
    Kyverno,
    /// Gatekeeper template.
    Gatekeeper,
    /// Datree rule number.
    Datree,
    /// Monokle rule.
    Monokle,
    /// CVE.
    Cve,
}

/// The same fault under the name that another body of rules gives it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Source {
    /// Who.
    pub standard: Standard,
    /// Their id.
    pub id: &'static str,
}

/// What is known of a rule before it has looked at anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleMeta {
    /// Stable kebab-case name of the danger. Never reused for another meaning.
    pub id: &'static str,
    /// The danger in a few words, without a full stop.
    pub title: &'static str,
    /// Kind of trouble.
    pub category: Category,
    /// The usual severity; a finding may be milder when another layer holds.
    pub severity: Severity,
    /// Whether some findings of this rule carry a fix.
    pub fixable: bool,
    /// The same fault elsewhere.
    pub sources: &'static [Source],
    /// Long documentation in Markdown, from the doc comment of the rule's file.
    pub docs: &'static str,
}

impl RuleMeta {
    /// The ids that `standard` gives to this fault.
    pub fn ids_of(&self, standard: Standard) -> impl Iterator<Item = &'static str> {
        self.sources.iter().filter(move |source| source.standard == standard).map(|source| source.id)
    }
}

/// The facts of a rule as a [`RuleMeta`]: documentation, id, title, category, severity, whether it has a fix, sources.
///
/// The documentation is left out of builds whose crate does not have its feature `docs`, for it is long.
#[macro_export]
macro_rules! rule_meta {
    (
        docs: [$($doc:literal),* $(,)?],
        id: $id:literal,
        title: $title:literal,
        category: $category:ident,
        severity: $severity:ident,
        fixable: $fixable:literal,
        sources: [$($standard:ident $source:literal),* $(,)?] $(,)?
    ) => {
        $crate::RuleMeta {
            id: $id,
            title: $title,
            category: $crate::Category::$category,
            severity: $crate::Severity::$severity,
            fixable: $fixable,
            sources: &[$($crate::Source { standard: $crate::Standard::$standard, id: $source }),*],
            #[cfg(feature = "docs")]
            docs: concat!($($doc, "\n"),*),
            #[cfg(not(feature = "docs"))]
            docs: "",
        }
    };
}

/// Makes the `static` of a rule's facts from its doc comment, for analysers that call their rules themselves.
///
/// ```
/// watertight_diagnostic::declare_meta! {
///     /// ## What it finds
///     /// A profile that allows everything.
///     ALLOW_ALL = {
///         id: "seccomp-allow-by-default",
///         title: "Everything is allowed by default",
///         category: Escape,
///         severity: High,
///         fixable: false,
///         sources: [Attack "T1611"],
///     }
/// }
/// assert_eq!(ALLOW_ALL.id, "seccomp-allow-by-default");
/// ```
#[macro_export]
macro_rules! declare_meta {
    ($(#[doc = $doc:literal])* $name:ident = { $($facts:tt)* }) => {
        $(#[doc = $doc])*
        pub(crate) static $name: $crate::RuleMeta = $crate::rule_meta!(docs: [$($doc),*], $($facts)*);
    };
}
