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
    /// Code of the Falco engine's loader.
    Falco,
}

impl Standard {
    /// How it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pss => "Pod Security Standards",
            Self::Cis => "CIS",
            Self::Nsa => "NSA/CISA",
            Self::Attack => "ATT&CK",
            Self::Kubescape => "Kubescape",
            Self::Trivy => "Trivy",
            Self::Checkov => "Checkov",
            Self::Kubesec => "Kubesec",
            Self::KubeLinter => "kube-linter",
            Self::KubeScore => "kube-score",
            Self::Polaris => "Polaris",
            Self::Kubeaudit => "kubeaudit",
            Self::Kics => "KICS",
            Self::Kyverno => "Kyverno",
            Self::Gatekeeper => "Gatekeeper",
            Self::Datree => "Datree",
            Self::Monokle => "Monokle",
            Self::Cve => "CVE",
            Self::Falco => "Falco",
        }
    }
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

    /// The documentation line for line: a doc comment keeps the space behind its slashes, and this has not.
    pub fn markdown(&self) -> String {
        let mut text = String::with_capacity(self.docs.len());
        for line in self.docs.trim_end().lines() {
            text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            text.push('\n');
        }
        text
    }

    /// The text of an example in the documentation: `## Bad` or `## Good`. Characters that nobody sees are written as
    /// `‹U+2028›` there and long runs of one character as `‹[ × 1001›`; here they are what they stand for.
    pub fn example(&self, heading: &str) -> Option<String> {
        let (_, behind) = self.docs.split_once(heading)?;
        let section = behind.split_once("\n ## ").map_or(behind, |(section, _)| section);
        let (_, fenced) = section.split_once("```")?;
        let (_, code) = fenced.split_once('\n')?;
        let (code, _) = code.split_once("```")?;
        let mut text = String::with_capacity(code.len());
        // A doc comment keeps the space behind its slashes.
        for line in code.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
            write_out(line, &mut text);
            text.push('\n');
        }
        // The line of the closing fence has nothing but that space.
        text.truncate(text.trim_end_matches(['\n', ' ']).len());
        text.push('\n');
        Some(text)
    }
}

/// Appends a line of an example with its marks written out.
fn write_out(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('‹') {
        out.push_str(before);
        let meant = behind.split_once('›').and_then(|(mark, behind)| Some((meaning(mark)?, behind)));
        rest = match meant {
            Some(((c, times), behind)) => {
                out.extend(std::iter::repeat_n(c, times));
                behind
            }
            None => {
                out.push('‹');
                behind
            }
        };
    }
    out.push_str(rest);
}

fn meaning(mark: &str) -> Option<(char, usize)> {
    if let Some(number) = mark.strip_prefix("U+") {
        return Some((char::from_u32(u32::from_str_radix(number, 16).ok()?)?, 1));
    }
    let (c, times) = mark.split_once(" × ")?;
    Some((c.chars().next()?, times.parse().ok()?))
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

#[cfg(test)]
mod tests {
    use super::{Category, RuleMeta, Severity};

    #[test]
    fn examples_are_cut_out_and_written_out() {
        let docs = " ## Bad\n ```yaml\n a: 1‹U+2028›b\n   c: ‹[ × 3›‹no mark›\n\n ```\n\n ## Good\n ```\n d: ‹\n ```\n";
        let (id, title) = ("x", "");
        let (category, severity) = (Category::Escape, Severity::Low);
        let rule = RuleMeta { id, title, category, severity, fixable: false, sources: &[], docs };
        assert_eq!(rule.example("## Bad").unwrap(), "a: 1\u{2028}b\n  c: [[[‹no mark›\n");
        assert_eq!(rule.example("## Good").unwrap(), "d: ‹\n");
        assert_eq!(rule.example("## Ugly"), None);
    }
}
