//! The report as it leaves the core: plain, versioned data for the page, for JSON output and for other programs.
//!
//! Offsets are in the encoding that the report names, lines and columns are counted from 1 as editors show them.
//! Everything a reader needs stands in it; no reader has to know the rules.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use watertight_text::Encoding;

use crate::{Category, Confidence, Level, Operation, Rewrite, Safety, Settings, Severity, Standard};

/// Version of this shape. It grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// Everything that is known after one analysis of a set of files.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transform = with_unusable))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`VERSION`].
    pub v: u32,
    /// The unit of all offsets and columns below.
    pub encoding: Encoding,
    /// What was asked.
    pub settings: Settings,
    /// One entry for each input, in the order given.
    pub files: Vec<FileReport>,
    /// The rules that speak in this report, by id.
    pub rules: Vec<RuleReport>,
    /// Escapes first, then by severity, then by place.
    pub findings: Vec<FindingReport>,
    /// Findings that a comment or an annotation asks to leave out.
    pub suppressed: Vec<SuppressedReport>,
    /// One entry for each pod or pod template, and for each container that a command line, a service or an OCI configuration
    /// makes.
    pub pods: Vec<PodReport>,
    /// The mitigation checklist, computed.
    pub checklist: Vec<ChecklistItem>,
}

/// The schema of a report with what the program says in it besides. An analysis is given texts; only who opens files can say which
/// of them could not be used, so the report of an analysis has no such field.
#[cfg(feature = "schema")]
fn with_unusable(schema: &mut schemars::Schema) {
    let text = |description: &str| serde_json::json!({ "type": "string", "description": description });
    let item = serde_json::json!({
        "type": "object",
        "properties": {
            "name": text("The file, the folder or the standard input."),
            "reason": text("Why it could not be used."),
        },
        "required": ["name", "reason"],
    });
    let unusable = serde_json::json!({
        "type": "array",
        "items": item,
        "description": "What could not be used of the inputs, if `watertight check` wrote the report; it is no part of other reports.",
    });
    if let Some(properties) = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut) {
        properties.insert("unusable".to_owned(), unusable);
    }
}

/// One input.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// The name it was given.
    pub name: String,
    /// What it was taken for.
    pub kind: InputKind,
    /// Its documents, the broken ones too.
    pub documents: Vec<DocumentReport>,
    /// Whether the indentation seems lost and can be restored.
    pub restorable: bool,
}

/// What a text was taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// Nothing but blank space and comments.
    Empty,
    /// Kubernetes objects in YAML.
    KubernetesYaml,
    /// Kubernetes objects in JSON.
    KubernetesJson,
    /// Command lines that make containers: `docker run …`.
    CommandLines,
    /// A compose file.
    Compose,
    /// The `config.json` of an OCI bundle.
    OciConfig,
    /// Versions of a node's kernel and programs, as their own tools print them.
    Versions,
    /// A seccomp profile, as a file for a runtime.
    Seccomp,
    /// AppArmor profiles.
    AppArmor,
    /// Falco rules, macros and lists.
    FalcoRules,
    /// Events as Falco prints them, one JSON object a line, or a table of fields.
    FalcoEvents,
    /// A template that has to be rendered first.
    Template,
    /// Not text.
    Binary,
    /// Readable, but nothing we know.
    Unknown,
}

/// One document of a file, or one object of a list in it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DocumentReport {
    /// Which document of the file, from 0.
    pub index: usize,
    /// Where it stands.
    pub range: Range,
    /// `apiVersion`, if it has one.
    pub api_version: Option<String>,
    /// `kind`, if it has one.
    pub kind: Option<String>,
    /// `metadata.name`, if it has one.
    pub name: Option<String>,
    /// `metadata.namespace`, if it has one.
    pub namespace: Option<String>,
    /// Whether all of it could be read.
    pub readable: bool,
}

/// A stretch of text, by offsets and by lines and columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Range {
    /// Offset of the first unit.
    pub start: u32,
    /// Offset behind the last unit.
    pub end: u32,
    /// Line of the start, from 1.
    pub start_line: u32,
    /// Column of the start, from 1.
    pub start_column: u32,
    /// Line of the end, from 1.
    pub end_line: u32,
    /// Column of the end, from 1.
    pub end_column: u32,
}

/// A place in one of the files.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Index into [`Report::files`].
    pub file: u32,
    /// Where.
    pub range: Range,
    /// The field, such as `spec.containers[0].securityContext.privileged`.
    pub route: Option<String>,
    /// A few words for the place; may be empty.
    pub label: String,
}

/// One finding.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FindingReport {
    /// Rule id.
    pub rule: Cow<'static, str>,
    /// The rule's title.
    pub title: Cow<'static, str>,
    /// Kind of trouble.
    pub category: Category,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: Cow<'static, str>,
    /// What to do.
    pub how: Cow<'static, str>,
    /// Where.
    pub primary: Place,
    /// Where else to look.
    pub related: Vec<Place>,
    /// The object, as `Kind/name`.
    pub object: Option<String>,
    /// Index into [`Report::pods`].
    pub pod: Option<usize>,
    /// Name of the container.
    pub container: Option<String>,
    /// The least strict level of the Pod Security Standards that refuses it, if one does.
    pub refused_by: Option<Level>,
    /// Ways to mend it.
    pub fixes: Vec<FixReport>,
    /// How many like it are not listed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: usize,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl FindingReport {
    /// For how many it stands, itself among them.
    pub fn count(&self) -> usize {
        self.more + 1
    }
}

/// What a rule is called elsewhere; its findings are many and share it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RuleReport {
    /// Rule id.
    pub id: String,
    /// The same fault in other bodies of rules.
    pub sources: Vec<SourceReport>,
}

/// The same fault under another name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourceReport {
    /// Who.
    pub standard: Standard,
    /// Their id.
    pub id: String,
}

/// A way to mend a finding. Its operations are handed back to the engine, which makes text edits for the text of that
/// moment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FixReport {
    /// What it does, as a command.
    pub title: String,
    /// What may break.
    pub safety: Safety,
    /// The least strict target that needs it.
    pub level: Option<Level>,
    /// Index into [`Report::files`].
    pub file: u32,
    /// The changes.
    pub operations: Vec<Operation>,
    /// Changes of text that has no routes, in the report's encoding; made together with the operations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewrites: Vec<Rewrite>,
}

/// A finding that somebody asked to leave out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SuppressedReport {
    /// The finding.
    pub finding: FindingReport,
    /// The reason given; may be empty.
    pub reason: String,
    /// The comment or annotation.
    pub place: Place,
}

/// One pod or pod template, and what admission says of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PodReport {
    /// Where its spec stands.
    pub place: Place,
    /// Index into the documents of the file.
    pub document: usize,
    /// Kind of the object that holds it.
    pub kind: String,
    /// Name of that object; empty when it has none.
    pub name: String,
    /// Namespace of that object, if it says.
    pub namespace: Option<String>,
    /// Names of its containers, in the order they start.
    pub containers: Vec<String>,
    /// The strictest standard that admits it at the asked version; privileged for what is no Kubernetes object.
    pub admitted_by: Level,
    /// What the admission controller answers for the asked level and for each mode of its namespace; empty for what is no
    /// Kubernetes object.
    pub admission: Vec<AdmissionReport>,
}

/// One answer of the Pod Security admission.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdmissionReport {
    /// Why this level was judged.
    pub asked_by: AskedBy,
    /// Level judged.
    pub level: Level,
    /// Version as asked, such as `latest` or `v1.34`.
    pub version: String,
    /// Whether all checks pass.
    pub allowed: bool,
    /// The failing checks, in the order in which the admission controller names them.
    pub failures: Vec<CheckReport>,
    /// What the user sees on the cluster, word for word; empty when nothing is said.
    pub message: String,
    /// What happens on the cluster, in words: a Deployment is accepted and its pods are refused.
    pub consequence: String,
}

/// Who asks for a level.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AskedBy {
    /// The settings of this analysis.
    Settings,
    /// The `enforce` label of the namespace.
    Enforce,
    /// The `audit` label of the namespace.
    Audit,
    /// The `warn` label of the namespace.
    Warn,
}

/// One failing check of the Pod Security Standards.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// Check id of the admission library.
    pub id: String,
    /// Its short reason.
    pub reason: String,
    /// Its detail; may be empty.
    pub detail: String,
    /// Where the fault is, which the admission library does not say.
    pub places: Vec<Place>,
}

/// One line of the mitigation checklist.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    /// Stable kebab-case id.
    pub id: String,
    /// What should be so.
    pub title: String,
    /// Whether it is.
    pub state: ChecklistState,
    /// Why we say so, in a sentence.
    pub because: String,
    /// Indices into [`Report::findings`] that speak against it.
    pub findings: Vec<usize>,
}

/// The state of a line of the checklist.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChecklistState {
    /// It is so, for every pod.
    Done,
    /// It is not so for at least one pod.
    Open,
    /// The text does not say.
    Unknown,
    /// There is nothing it could be about.
    NotApplicable,
}

/// A set of files after hardening.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HardenReport {
    /// [`VERSION`].
    pub v: u32,
    /// The target.
    pub level: Level,
    /// One entry for each input, in the order given.
    pub files: Vec<HardenedFile>,
    /// Whether every pod now passes the target, and nothing that it needs was left over.
    pub reached: bool,
}

/// One file after hardening.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HardenedFile {
    /// The name it was given.
    pub name: String,
    /// What it was taken for.
    pub kind: InputKind,
    /// The whole new text; the old one when nothing was changed.
    pub text: String,
    /// The same as a unified diff; empty when nothing was changed.
    pub diff: String,
    /// The fixes that were applied.
    pub applied: Vec<AppliedFix>,
    /// What could not be reached, and why.
    pub left: Vec<LeftOver>,
    /// Whether all of it could be read; what could not be is as it was.
    pub readable: bool,
}

impl HardenedFile {
    /// How many fixes were applied, with those that are not listed.
    pub fn applied_count(&self) -> usize {
        self.applied.iter().map(|fix| 1 + fix.more).sum()
    }

    /// How many things are left, with those that are not listed.
    pub fn left_count(&self) -> usize {
        self.left.iter().map(|left| 1 + left.more).sum()
    }
}

/// A fix that was applied.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AppliedFix {
    /// The rule whose finding it mends.
    pub rule: String,
    /// What it did, as a command.
    pub title: String,
    /// What may break.
    pub safety: Safety,
    /// The field it changed.
    pub route: String,
    /// The object, as `Kind/name`.
    pub object: Option<String>,
    /// How many like it are not listed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: usize,
}

/// Something that hardening could not mend.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LeftOver {
    /// The rule that still speaks.
    pub rule: String,
    /// What it says.
    pub what: String,
    /// Why it was left.
    pub reason: String,
    /// Whether the target needs it; else it is only worth knowing.
    pub needed: bool,
    /// Whether a comment or an annotation asks to leave it as it is.
    pub ignored: bool,
    /// The object, as `Kind/name`.
    pub object: Option<String>,
    /// Line of the hardened text, from 1.
    pub line: u32,
    /// How many like it are not listed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: usize,
}

impl Report {
    /// The same fault in other bodies of rules.
    pub fn sources_of(&self, rule: &str) -> &[SourceReport] {
        self.rules.iter().find(|known| known.id == rule).map(|known| known.sources.as_slice()).unwrap_or_default()
    }

    /// How many findings there are of each severity, the worst first, with those that are not listed.
    pub fn counts(&self) -> [(Severity, usize); 5] {
        Severity::ALL.map(|severity| (severity, self.count(|finding| finding.severity == severity)))
    }

    /// How many findings there are of some sort, with those that are not listed.
    pub fn count(&self, wanted: impl Fn(&FindingReport) -> bool) -> usize {
        self.findings.iter().filter(|finding| wanted(finding)).map(FindingReport::count).sum()
    }
}
