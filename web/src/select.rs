//! Which findings are listed, and under which heading.

use watertight_diagnostic::Category;
use watertight_diagnostic::report::{FindingReport, PodReport, Report};

use crate::state::Filter;

/// Findings about one object, or about a file where no object is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// `Kind/name`, or the name of the file.
    pub title: String,
    /// Index into the pods of the report, when it is about one.
    pub pod: Option<usize>,
    /// Index into the files of the report.
    pub file: u32,
    /// What matters, in the order of the report.
    pub findings: Vec<usize>,
    /// Housekeeping.
    pub hygiene: Vec<usize>,
}

/// What makes a finding the same finding after the next analysis.
pub fn identity(finding: &FindingReport) -> String {
    let object = finding.object.as_deref().unwrap_or_default();
    let container = finding.container.as_deref().unwrap_or_default();
    let route = finding.primary.route.as_deref().unwrap_or_default();
    format!("{}\u{1f}{}\u{1f}{object}\u{1f}{container}\u{1f}{route}", finding.rule, finding.primary.file)
}

/// The findings that pass the filter, by their place in the report.
pub fn matching<'r>(report: &'r Report, filter: &'r Filter) -> impl Iterator<Item = usize> + 'r {
    let words: Vec<String> = filter.query.split_whitespace().map(lower).collect();
    report
        .findings
        .iter()
        .enumerate()
        .filter(move |(_, finding)| passes(report, finding, filter, &words))
        .map(|(i, _)| i)
}

fn passes(report: &Report, finding: &FindingReport, filter: &Filter, words: &[String]) -> bool {
    if filter.hidden.contains(&finding.severity) || filter.category.is_some_and(|only| only != finding.category) {
        return false;
    }
    if words.is_empty() {
        return true;
    }
    let mut text = [&*finding.rule, &finding.title, &finding.what].join(" ");
    for part in [&finding.object, &finding.container, &finding.primary.route].into_iter().flatten() {
        text.push(' ');
        text.push_str(part);
    }
    for source in report.sources_of(&finding.rule) {
        text.push(' ');
        text.push_str(&source.id);
    }
    let text = lower(&text);
    words.iter().all(|word| text.contains(word))
}

/// A text in small letters. The browser knows them all, and is asked where there is one.
fn lower(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// The findings that pass the filter, grouped. Pods come in the order of their worst finding, and pods without any
/// finding last, so that what admission says of them is seen too.
pub fn groups(report: &Report, filter: &Filter) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // The groups of each pod, one for each file; the last are those of no pod.
    let mut of_pods: Vec<Vec<usize>> = vec![Vec::new(); report.pods.len() + 1];
    for index in matching(report, filter) {
        let Some(finding) = report.findings.get(index) else { continue };
        let (file, pod, title) = (finding.primary.file, pod_of(report, finding), title(report, finding));
        let Some(own) = of_pods.get_mut(pod.unwrap_or(report.pods.len())) else { continue };
        let is_it = |&at: &usize| groups.get(at).is_some_and(|group| group.file == file && group.title == title);
        let at = own.iter().copied().find(is_it).unwrap_or(groups.len());
        if at == groups.len() {
            own.push(at);
            groups.push(Group { title, pod, file, findings: Vec::new(), hygiene: Vec::new() });
        }
        let Some(group) = groups.get_mut(at) else { continue };
        let list = if finding.category == Category::Hygiene { &mut group.hygiene } else { &mut group.findings };
        list.push(index);
    }
    if *filter == Filter::default() {
        for (index, pod) in report.pods.iter().enumerate() {
            if of_pods.get(index).is_some_and(Vec::is_empty) {
                let (title, file) = (object(&pod.kind, &pod.name), pod.place.file);
                groups.push(Group { title, pod: Some(index), file, findings: Vec::new(), hygiene: Vec::new() });
            }
        }
    }
    groups
}

/// The name under which the housekeeping of a finding's group is folded; `None` when the finding is not folded.
pub fn fold_of(report: &Report, finding: usize) -> Option<String> {
    let found = report.findings.get(finding)?;
    (found.category == Category::Hygiene)
        .then(|| fold(found.primary.file, pod_of(report, found), &title(report, found)))
}

/// The name under which the housekeeping of a group is folded.
pub fn fold(file: u32, pod: Option<usize>, title: &str) -> String {
    format!("{file}/{}/{title}", pod.map(|pod| pod.to_string()).unwrap_or_default())
}

/// The pod that a finding is listed with: its own, or that of the object that it is about.
fn pod_of(report: &Report, finding: &FindingReport) -> Option<usize> {
    finding.pod.or_else(|| {
        let (kind, name) = finding.object.as_deref()?.split_once('/')?;
        let is_of = |pod: &PodReport| pod.place.file == finding.primary.file && pod.kind == kind && pod.name == name;
        report.pods.iter().position(is_of)
    })
}

fn title(report: &Report, finding: &FindingReport) -> String {
    if let Some(pod) = pod_of(report, finding).and_then(|pod| report.pods.get(pod)) {
        return object(&pod.kind, &pod.name);
    }
    let file = || report.files.get(finding.primary.file as usize).map(|file| file.name.clone());
    finding.object.clone().or_else(file).unwrap_or_default()
}

fn object(kind: &str, name: &str) -> String {
    if name.is_empty() { format!("{kind} without a name") } else { format!("{kind}/{name}") }
}
