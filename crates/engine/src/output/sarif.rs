//! SARIF 2.1.0, for code scanning: the part of the format that we write, and nothing else.

use std::collections::BTreeMap;

use serde::Serialize;
use watertight_diagnostic::report::{FindingReport, FixReport, Place};
use watertight_diagnostic::{Rewrite, RuleMeta, Severity, Source, Standard};
use watertight_text::{Edit, Span};

use super::{Batch, Located, sentences};

/// The largest document for which fixes are given, in bytes. Each fix is proved by reading the changed document again, and
/// a long list of live objects is not what anybody repairs in place.
const FIXED: usize = 65_536;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A log that grows as batches come. Each method gives its text to `put`, a stretch at a time, so that nothing large has to
/// be held.
pub struct Sarif {
    /// Place of each rule in the list of the tool.
    rules: BTreeMap<&'static str, usize>,
    results: usize,
    notifications: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: &'static str,
    short_description: Message,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Properties {
    /// A number that code scanning sorts by: from 9 critical, from 7 high, from 4 medium.
    security_severity: &'static str,
    tags: Vec<String>,
    /// The same fault in other bodies of rules.
    elsewhere: Vec<String>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

#[derive(Clone, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: [ArtifactChange; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'n> {
    execution_successful: bool,
    tool_execution_notifications: &'n [Notification],
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

impl Sarif {
    /// Begins the log.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn begin<E>(put: &mut impl FnMut(&str) -> Result<(), E>) -> Result<Self, E> {
        let metas: Vec<&'static RuleMeta> = crate::rules().collect();
        let rules = metas.iter().enumerate().map(|(index, meta)| (meta.id, index)).collect();
        let driver = Driver {
            name: "watertight",
            version: env!("CARGO_PKG_VERSION"),
            rules: metas.into_iter().map(descriptor).collect(),
        };
        put(&format!("{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":"))?;
        put(&json(&driver))?;
        put("},\"columnKind\":\"unicodeCodePoints\",\"results\":[")?;
        Ok(Self { rules, results: 0, notifications: Vec::new() })
    }

    /// Writes the findings of a batch. What somebody asks to leave out is left out: code scanning of GitHub takes no notice of
    /// `suppressions`, and would show it as open.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn batch<E>(&mut self, batch: &Batch<'_>, put: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let plans = Plans::new(batch);
        for finding in &batch.report.findings {
            self.write(&self.result(&plans, finding), put)?;
        }
        Ok(())
    }

    /// Some input could not be used.
    pub fn unusable(&mut self, text: String) {
        self.notifications.push(Notification { level: "error", message: Message { text } });
    }

    /// Ends the log.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn end<E>(&self, put: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let invocation = Invocation {
            execution_successful: self.notifications.is_empty(),
            tool_execution_notifications: &self.notifications,
        };
        put("],\"invocations\":[")?;
        put(&json(&invocation))?;
        put("]}]}\n")
    }

    fn write<E>(&mut self, result: &ResultObject, put: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        put(if self.results > 0 { ",\n" } else { "\n" })?;
        self.results += 1;
        put(&json(result))
    }

    fn result(&self, plans: &Plans<'_>, finding: &FindingReport) -> ResultObject {
        let batch = plans.batch;
        let mut related: Vec<_> = finding.related.iter().filter_map(|place| location(batch, place)).collect();
        related.iter_mut().enumerate().for_each(|(index, location)| location.id = Some(index));
        ResultObject {
            rule_id: finding.rule.to_string(),
            rule_index: self.rules.get(&*finding.rule).copied(),
            level: level(finding.severity),
            message: Message { text: sentences(finding) },
            locations: location(batch, &finding.primary).into_iter().collect(),
            related_locations: related,
            partial_fingerprints: BTreeMap::from([("watertight/v1", fingerprint(batch, finding))]),
            fixes: finding.fixes.iter().filter_map(|fix| plans.fix(fix)).collect(),
        }
    }
}

/// What is written holds nothing that JSON cannot say.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The texts of a batch, read once for all fixes.
struct Plans<'b> {
    batch: &'b Batch<'b>,
    streams: Vec<watertight_yaml::Stream<'b>>,
}

impl<'b> Plans<'b> {
    fn new(batch: &'b Batch<'b>) -> Self {
        Self { batch, streams: batch.parts.iter().map(|located| watertight_yaml::parse(located.text())).collect() }
    }

    /// A fix as replacements; `None` when it does not fit the text.
    fn fix(&self, fix: &FixReport) -> Option<Fix> {
        let (located, stream) = (*self.batch.parts.get(fix.file as usize)?, self.streams.get(fix.file as usize)?);
        let mut edits = rewritten(&fix.rewrites);
        if let Some(operation) = fix.operations.first() {
            let document = stream.documents.get(operation.route().document)?;
            if document.span.len() > FIXED {
                return None;
            }
            let plan = watertight_yaml::edit::plan(stream, &fix.operations);
            if !plan.refused.is_empty() {
                return None;
            }
            edits.extend(plan.edits);
        }
        if edits.is_empty() {
            return None;
        }
        edits.sort_by_key(|edit| edit.span);
        let replacements = edits
            .into_iter()
            .map(|edit| Replacement {
                deleted_region: region(located, edit.span),
                inserted_content: Message { text: edit.text },
            })
            .collect();
        Some(Fix {
            description: Message { text: fix.title.clone() },
            artifact_changes: [ArtifactChange { artifact_location: artifact(located), replacements }],
        })
    }
}

/// Rewrites of a report in bytes are edits of its text: nobody has changed it meanwhile.
fn rewritten(rewrites: &[Rewrite]) -> Vec<Edit> {
    rewrites.iter().map(|rewrite| Edit { span: rewrite.span, text: rewrite.text.clone() }).collect()
}

fn descriptor(meta: &'static RuleMeta) -> ReportingDescriptor {
    // GitHub takes no log with more than 20 tags at a rule and shows 10 of them: the standards are worth a tag, and what other
    // tools call the rule stands beside them.
    let is_standard = |source: &&Source| {
        matches!(source.standard, Standard::Pss | Standard::Cis | Standard::Nsa | Standard::Attack | Standard::Cve)
    };
    let called = |source: &Source| format!("{}/{}", standard(source.standard), source.id);
    let mut tags = vec!["security".to_owned(), meta.category.word().to_owned()];
    tags.extend(meta.sources.iter().filter(is_standard).map(called).take(8));
    ReportingDescriptor {
        id: meta.id,
        short_description: Message { text: meta.title.to_owned() },
        help: Help { text: meta.markdown(), markdown: meta.markdown() },
        default_configuration: Configuration { level: level(meta.severity) },
        properties: Properties {
            security_severity: number(meta.severity),
            tags,
            elsewhere: meta.sources.iter().map(called).collect(),
        },
    }
}

fn standard(standard: Standard) -> String {
    match serde_json::to_value(standard) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn location(batch: &Batch<'_>, place: &Place) -> Option<Location> {
    let located = batch.part(place)?;
    let span = Span { start: place.range.start, end: place.range.end };
    let route = place.route.as_ref().map(|route| located.original_words(route)).filter(|route| !route.is_empty());
    Some(Location {
        id: None,
        physical_location: PhysicalLocation { artifact_location: artifact(located), region: region(located, span) },
        logical_locations: route.map(|name| LogicalLocation { fully_qualified_name: name }).into_iter().collect(),
        message: (!place.label.is_empty()).then(|| Message { text: place.label.clone() }),
    })
}

fn region(located: &dyn Located, span: Span) -> Region {
    let (start, end) = (located.position(span.start), located.position(span.end));
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

/// The file as a relative reference, or as an address when its path is absolute.
fn artifact(located: &dyn Located) -> ArtifactLocation {
    ArtifactLocation { uri: uri(located.name()) }
}

fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    // A colon in the first step of a relative path would read as a scheme, so it is always written in digits.
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Stays the same when lines move: of the rule, the file, the object and the field.
fn fingerprint(batch: &Batch<'_>, finding: &FindingReport) -> String {
    let file = batch.part(&finding.primary).map_or("", |located| located.name());
    let parts = [
        &*finding.rule,
        file,
        finding.object.as_deref().unwrap_or_default(),
        finding.container.as_deref().unwrap_or_default(),
        finding.primary.route.as_deref().unwrap_or_default(),
        told_alone(&finding.what),
    ];
    // FNV-1a, 64 bits.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = parts.iter().flat_map(|part| part.bytes().chain([0])).fold(0xcbf2_9ce4_8422_2325, step);
    format!("{hash:016x}")
}

/// What a finding says without how many more there are like it, which changes with the others.
fn told_alone(what: &str) -> &str {
    match what.rsplit_once(" There are ") {
        Some((alone, more)) if more.ends_with(" more like it.") => alone,
        _ => what,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn number(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_addresses() {
        for (path, address) in [
            ("deploy/web.yaml", "deploy/web.yaml"),
            ("./web.yaml", "web.yaml"),
            ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
            ("c:é%.yaml", "c%3A%C3%A9%25.yaml"),
        ] {
            assert_eq!(uri(path), address);
        }
    }
}
