use std::collections::{BTreeMap, BTreeSet, HashMap};

use watertight_diagnostic::report::{
    DocumentReport, FileReport, FindingReport, FixReport, Place, PodReport, Report, RuleReport, SourceReport,
    SuppressedReport, VERSION,
};
use watertight_diagnostic::{FileId, Fix, Level, Location, MOST_ALIKE, RuleMeta, Settings};
use watertight_pod::{Neighbours, Object, Pod};
use watertight_rules::FileSubject;
use watertight_text::{Encoding, Span, shortened};
use watertight_yaml::Stream;

use crate::admission::{Judged, Namespaces};
use crate::checklist::{self, Others};
use crate::findings::{self, Found, Told};
use crate::locate::Locator;
use crate::reading::{Around, Manner, Rules};
use crate::source::Source;
use crate::suppress::{Ignore, Ignores};
use crate::{falco, reading, restore, versions};

/// A text with the name to call it by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Input<'t> {
    /// File name, or what the page calls the tab.
    pub name: &'t str,
    /// The text. Bytes that are no UTF-8 have to be replaced by whoever read them.
    pub text: &'t str,
}

/// Analyses a set of files together: a Namespace in one of them decides for the pods in the others. Offsets in the report
/// count in `encoding`.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::text::Encoding;
/// use watertight::{Input, analyse};
///
/// let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostPID: yes\n  containers: []\n";
/// let report = analyse(&[Input { name: "web.yaml", text }], &Settings::default(), Encoding::Utf8);
/// let worst = &report.findings[0];
/// assert_eq!(worst.rule, "host-pid");
/// assert_eq!(&text[worst.primary.range.start as usize..worst.primary.range.end as usize], "hostPID: yes");
/// assert_eq!(worst.primary.range.start_line, 5);
/// ```
pub fn analyse(files: &[Input<'_>], settings: &Settings, encoding: Encoding) -> Report {
    let texts = restore::Texts::of(files);
    let sources = texts.read();
    let told = Told::of(files.iter().map(|input| input.text.len()).sum());
    let analysis = Analysis::found(&sources, settings, told, &reading::WHOLE, &known_rules());
    let restorable: Vec<_> = sources.iter().map(restore::is_restorable).collect();
    let others = Others { seen: falco::seen(&sources), patched: versions::patched(&sources) };
    report(sources, analysis, &restorable, &others, settings, encoding)
}

/// Puts into words what is known of the files.
pub(crate) fn report(
    mut sources: Vec<Source<'_>>,
    mut analysis: Analysis,
    restorable: &[bool],
    others: &Others,
    settings: &Settings,
    encoding: Encoding,
) -> Report {
    let locators: Vec<_> = sources.iter().map(|source| Locator::new(source, encoding)).collect();
    let files = sources.iter().zip(&locators).zip(restorable);
    let files = files.map(|((source, locator), restorable)| file(source, locator, *restorable)).collect();
    // A report is as large as all that it is made of, so what is written goes: first the trees, which nobody needs any more.
    sources.iter_mut().for_each(|source| source.stream = Stream::default());
    analysis.judge(&sources, settings);
    let checklist = checklist::compute(&sources, &analysis, others, settings.kube_version);
    let first_pods = first_pods(&sources);
    let refused: Vec<_> = analysis.found.iter().map(|found| analysis.refused_by(found)).collect();
    let refused_suppressed: Vec<_> =
        analysis.suppressed.iter().map(|suppressed| analysis.refused_by(&suppressed.found)).collect();
    let Analysis { found, suppressed, judged, .. } = analysis;
    let pods = write_pods(&mut sources, judged, &locators);
    let rules = rules(found.iter().chain(suppressed.iter().map(|suppressed| &suppressed.found)));
    let writer = Writer { sources: &sources, locators: &locators, first_pods: &first_pods };
    let findings = writer.findings(found, refused);
    let suppressed = suppressed.into_iter().zip(refused_suppressed);
    let suppressed = suppressed.filter_map(|(suppressed, refused)| writer.suppressed(suppressed, refused)).collect();
    Report { v: VERSION, encoding, settings: *settings, files, rules, findings, suppressed, pods, checklist }
}

/// The rules that speak.
fn rules<'f>(all: impl Iterator<Item = &'f Found>) -> Vec<RuleReport> {
    // One by one: there are many findings of few rules.
    let mut rules = BTreeMap::new();
    all.for_each(|found| {
        rules.entry(found.finding.rule.id).or_insert(found.finding.rule);
    });
    rules.into_values().map(rule).collect()
}

/// Reads every file.
pub(crate) fn read<'t>(files: &[Input<'t>]) -> Vec<Source<'t>> {
    let ids = (0..).map(FileId);
    ids.zip(files).map(|(id, input)| Source::read(id, *input)).collect()
}

/// Everything that is known of a set of files, before it is put into the words of a report.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// In the order of the report.
    pub(crate) found: Vec<Found>,
    pub(crate) suppressed: Vec<Suppressed>,
    pub(crate) namespaces: Namespaces,
    /// For each pod of each file, once they are judged.
    pub(crate) judged: Vec<Vec<Judged>>,
}

/// A pod with what stands around it and what admission says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JudgedPod<'a> {
    pub(crate) source: &'a Source<'a>,
    /// Among the pods of its file.
    pub(crate) index: usize,
    pub(crate) pod: &'a Pod,
    pub(crate) object: &'a Object,
    pub(crate) judged: &'a Judged,
}

/// A finding that somebody asks to leave out.
#[derive(Debug)]
pub(crate) struct Suppressed {
    pub(crate) found: Found,
    pub(crate) reason: String,
    /// The comment or annotation.
    pub(crate) span: Span,
}

/// How much is kept of the reason why something is left out, in bytes: all that is left out for it names it again.
const REASON: usize = 500;

impl Suppressed {
    fn of(found: Found, ignore: &Ignore<'_>) -> Self {
        Self { found, reason: shortened(ignore.reason, REASON).into_owned(), span: ignore.span }
    }
}

/// As much of what is left out as is told of what is not. The last one of a rule knows how many more there are.
struct LeftOut {
    most: usize,
    list: Vec<Suppressed>,
    /// The last one of each rule.
    last: HashMap<&'static str, usize>,
}

impl LeftOut {
    fn within(most: usize) -> Self {
        Self { most, list: Vec::new(), last: HashMap::new() }
    }

    fn add(&mut self, next: Suppressed) {
        let rule = next.found.finding.rule.id;
        let is_much = self.list.len() >= self.most;
        let last = self.last.get(rule).and_then(|at| self.list.get_mut(*at));
        if let Some(last) = last.filter(|_| is_much) {
            last.found.finding.more += 1 + next.found.finding.more;
        } else {
            self.last.insert(rule, self.list.len());
            self.list.push(next);
        }
    }
}

/// Takes what is found, part by part.
pub(crate) trait Collect {
    /// How many findings of one rule about one object it takes; the last of them says how many more there are.
    fn alike(&self) -> usize;

    fn take(&mut self, found: Vec<Found>);

    /// Somebody asks to leave it out.
    fn leave_out(&mut self, suppressed: Suppressed);
}

/// What a report tells.
struct Telling {
    told: Told,
    left_out: LeftOut,
}

impl Collect for Telling {
    fn alike(&self) -> usize {
        self.told.alike
    }

    fn take(&mut self, found: Vec<Found>) {
        self.told.add(found);
    }

    fn leave_out(&mut self, suppressed: Suppressed) {
        self.left_out.add(suppressed);
    }
}

/// Looks for all that there is to find, in the order of the files. What has a cause in common is in one part.
pub(crate) fn look(
    sources: &[Source<'_>],
    settings: &Settings,
    namespaces: &Namespaces,
    manner: &Manner,
    known: &[&'static str],
    collect: &mut dyn Collect,
) {
    let alike = collect.alike();
    let neighbours = Neighbours::of(sources.iter().map(|source| &source.objects));
    let around = Around { all: sources, namespaces, settings };
    for source in sources {
        let doubts = (manner.doubts)(source);
        let file = FileSubject { objects: &source.objects, neighbours: &neighbours, file: source.id, settings };
        let mut ignores = Ignores::read(source);
        let mut asked = ignores.asked();
        // Rules of which not all was looked at.
        let mut cut = BTreeSet::new();
        let mut tell = |found: Vec<Found>| {
            let mut found = findings::collapse(found);
            findings::cap(&mut found, alike);
            cut.extend(found.iter().filter(|found| found.finding.more > 0).map(|found| found.finding.rule.id));
            for (found, at) in asked.take_out(&mut found, source) {
                if let Some(ignore) = ignores.list.get(at) {
                    collect.leave_out(Suppressed::of(found, ignore));
                }
            }
            collect.take(found);
        };
        for batch in findings::batches(source) {
            let mut tell = |found| tell((manner.of_pods)(source, &doubts, found));
            findings::of_pods(source, &file, batch, alike, &mut tell);
        }
        let found = findings::of_objects(source, &file);
        (manner.of_file)(source, &doubts, &around, found, &mut tell);
        ignores.note(&asked);
        collect.take(reading::of_ignores(source, &ignores, &doubts, &Rules { known, cut: &cut }));
    }
}

impl Analysis {
    /// With how much is told, how files are read, and the names of the rules. What admission says is left to
    /// [`Analysis::judge`].
    pub(crate) fn found(
        sources: &[Source<'_>],
        settings: &Settings,
        told: Told,
        manner: &Manner,
        known: &[&'static str],
    ) -> Self {
        let namespaces = Namespaces::read(sources);
        let mut telling = Telling { left_out: LeftOut::within(told.most), told };
        look(sources, settings, &namespaces, manner, known, &mut telling);
        let Telling { told, left_out } = telling;
        Self { found: told.finish(), suppressed: left_out.list, namespaces, judged: Vec::new() }
    }

    /// Asks admission about every pod. It needs no trees, which are large; so it can be asked when they are gone.
    pub(crate) fn judge(&mut self, sources: &[Source<'_>], settings: &Settings) {
        self.judged = judge(sources, &self.namespaces, settings);
    }

    /// Every pod in the order of the report.
    pub(crate) fn pods<'a>(&'a self, sources: &'a [Source<'a>]) -> impl Iterator<Item = JudgedPod<'a>> {
        judged_pods(sources, &self.judged)
    }

    /// The least strict level of the Pod Security Standards that refuses what a finding describes.
    pub(crate) fn refused_by(&self, found: &Found) -> Option<Level> {
        let judged = self.judged.get(found.finding.primary.file.0 as usize)?.get(found.pod?)?;
        judged.refused_by(&found.finding)
    }
}

/// Every pod with what admission says of it, in the order of the report.
pub(crate) fn judged_pods<'a>(
    sources: &'a [Source<'a>],
    judged: &'a [Vec<Judged>],
) -> impl Iterator<Item = JudgedPod<'a>> {
    sources.iter().zip(judged).flat_map(|(source, judged)| {
        let pods = source.objects.pods.iter().zip(judged).enumerate();
        pods.filter_map(move |(index, (pod, judged))| {
            let object = source.objects.objects.get(pod.object)?;
            Some(JudgedPod { source, index, pod, object, judged })
        })
    })
}

pub(crate) fn known_rules() -> Vec<&'static str> {
    crate::rules().map(|rule| rule.id).collect()
}

/// What admission says of each pod of each file.
pub(crate) fn judge(sources: &[Source<'_>], namespaces: &Namespaces, settings: &Settings) -> Vec<Vec<Judged>> {
    let nobody = Object::default();
    let of_file = |source: &Source<'_>| {
        let object = |pod: &Pod| source.objects.objects.get(pod.object).unwrap_or(&nobody);
        source.objects.pods.iter().map(|pod| Judged::new(pod, object(pod), namespaces, settings)).collect()
    };
    sources.iter().map(of_file).collect()
}

/// For each file the index of its first pod in the report.
fn first_pods(sources: &[Source<'_>]) -> Vec<usize> {
    let counts = sources.iter().map(|source| source.objects.pods.len());
    counts.scan(0, |next, count| Some(std::mem::replace(next, *next + count))).collect()
}

/// `Kind/name`, as far as they are known.
pub(crate) fn object_name(object: &Object) -> Option<String> {
    match (object.kind.as_str(), object.name.as_str()) {
        ("", "") => None,
        (kind, "") => Some(kind.to_owned()),
        ("", name) => Some(name.to_owned()),
        (kind, name) => Some([kind, "/", name].concat()),
    }
}

fn file(source: &Source<'_>, locator: &Locator<'_>, restorable: bool) -> FileReport {
    let mut documents = Vec::with_capacity(source.stream.documents.len());
    let mut objects = source.objects.objects.iter().peekable();
    for document in &source.stream.documents {
        let before = documents.len();
        while let Some(object) = objects.next_if(|object| object.route.document <= document.index) {
            let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
            documents.push(DocumentReport {
                index: document.index,
                range: locator.range(object.span),
                api_version: filled(&object.api_version),
                kind: filled(&object.kind),
                name: filled(&object.name),
                namespace: object.namespace.clone(),
                readable: document.complete,
            });
        }
        if documents.len() == before && (document.root().is_some() || !document.complete) {
            documents.push(DocumentReport {
                index: document.index,
                range: locator.range(document.span),
                api_version: None,
                kind: None,
                name: None,
                namespace: None,
                readable: document.complete,
            });
        }
    }
    // Command lines have no documents; each of them counts as one.
    documents.extend(objects.map(|object| DocumentReport {
        index: object.route.document,
        range: locator.range(object.span),
        api_version: None,
        kind: Some(object.kind.clone()),
        name: Some(object.name.clone()).filter(|name| !name.is_empty()),
        namespace: None,
        readable: true,
    }));
    FileReport { name: source.input.name.to_owned(), kind: source.kind, documents, restorable }
}

/// Turns what was found into what is reported.
struct Writer<'a, 't> {
    sources: &'a [Source<'t>],
    locators: &'a [Locator<'t>],
    /// For each file the index of its first pod in the report.
    first_pods: &'a [usize],
}

impl Writer<'_, '_> {
    /// Writes one after the other; the memory of those that are written is given back on the way.
    fn findings(&self, mut found: Vec<Found>, refused: Vec<Option<Level>>) -> Vec<FindingReport> {
        /// How many are written between two times of giving back.
        const ONCE: usize = 1_024;
        let mut written = Vec::with_capacity(found.len());
        let mut refused = refused.into_iter();
        found.reverse();
        while let Some(next) = found.pop() {
            written.extend(self.finding(next, refused.next().flatten()));
            if found.len().is_multiple_of(ONCE) {
                found.shrink_to_fit();
            }
        }
        written
    }

    fn place(&self, location: Location) -> Option<Place> {
        Some(self.locators.get(location.file.0 as usize)?.place(location))
    }

    fn finding(&self, found: Found, refused_by: Option<Level>) -> Option<FindingReport> {
        let Found { mut finding, pod, object } = found;
        if finding.more > 0 {
            finding.what.push_str(&format!(" There are {} more like it.", finding.more));
        }
        let unlisted = finding.unlisted + finding.related.len().saturating_sub(MOST_ALIKE);
        let listed = finding.related.into_iter().take(MOST_ALIKE);
        let mut related: Vec<_> = listed.filter_map(|place| self.place(place)).collect();
        if let Some(last) = related.last_mut().filter(|_| unlisted > 0) {
            let joint = if last.label.is_empty() { "" } else { "; " };
            last.label.push_str(&format!("{joint}{unlisted} more are not listed"));
        }
        let file = finding.primary.file.0 as usize;
        let object = object.and_then(|object| self.sources.get(file)?.objects.objects.get(object));
        let rule = finding.rule;
        Some(FindingReport {
            rule: rule.id.into(),
            title: rule.title.into(),
            category: rule.category,
            severity: finding.severity,
            confidence: finding.confidence,
            what: finding.what,
            why: finding.why,
            how: finding.how,
            primary: self.place(finding.primary)?,
            related,
            object: object.and_then(object_name),
            pod: pod.and_then(|pod| Some(self.first_pods.get(file)? + pod)),
            container: finding.container,
            refused_by,
            fixes: finding.fixes.into_iter().filter_map(|fix| self.fix(fix)).collect(),
            more: finding.more,
        })
    }

    fn fix(&self, fix: Fix) -> Option<FixReport> {
        let Fix { title, safety, level, file, operations, mut rewrites } = fix;
        let locator = self.locators.get(file.0 as usize)?;
        rewrites.iter_mut().for_each(|rewrite| rewrite.span = locator.units(rewrite.span));
        Some(FixReport { title, safety, level, file: file.0, operations, rewrites })
    }

    fn suppressed(&self, suppressed: Suppressed, refused_by: Option<Level>) -> Option<SuppressedReport> {
        let file = suppressed.found.finding.primary.file.0 as usize;
        Some(SuppressedReport {
            finding: self.finding(suppressed.found, refused_by)?,
            reason: suppressed.reason,
            place: self.locators.get(file)?.bare(suppressed.span),
        })
    }
}

/// Every pod in the order of the report; they leave their files, which have nothing else to say of them.
fn write_pods(sources: &mut [Source<'_>], judged: Vec<Vec<Judged>>, locators: &[Locator<'_>]) -> Vec<PodReport> {
    let mut written = Vec::with_capacity(judged.iter().map(Vec::len).sum());
    for ((source, locator), judged) in sources.iter_mut().zip(locators).zip(judged) {
        let pods = std::mem::take(&mut source.objects.pods);
        written.extend(pods.into_iter().zip(judged).map(|(pod, judged)| write_pod(source, &pod, judged, locator)));
    }
    written
}

fn write_pod(source: &Source<'_>, pod: &Pod, judged: Judged, locator: &Locator<'_>) -> PodReport {
    let nobody = Object::default();
    let object = source.objects.objects.get(pod.object).unwrap_or(&nobody);
    let admitted_by = judged.admitted_by();
    let mut admission = judged.report(locator);
    if restore::is_of_restored(source, pod) {
        let meant = "This is the answer once the indentation is restored, as the text seems to be meant.";
        for answer in &mut admission {
            let consequence = std::mem::take(&mut answer.consequence);
            answer.consequence = [meant, &consequence].join(" ").trim_end().to_owned();
        }
    }
    PodReport {
        place: locator.at(pod.span, &pod.route),
        document: pod.route.document,
        kind: object.kind.clone(),
        name: object.name.clone(),
        namespace: object.namespace.clone(),
        containers: pod.containers.iter().map(|container| container.name.clone()).collect(),
        admitted_by,
        admission,
    }
}

fn rule(rule: &RuleMeta) -> RuleReport {
    let sources = rule.sources.iter();
    let sources = sources.map(|source| SourceReport { standard: source.standard, id: source.id.to_owned() }).collect();
    RuleReport { id: rule.id.to_owned(), sources }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in one file counts for the pods in another, and places in it are named.
    #[test]
    fn files_are_looked_at_together() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  runtimeClassName: box\n  serviceAccountName: a\n  \
                   containers: [{name: a, image: a, securityContext: {privileged: true}}]\n  volumes: [{name: v, \
                   persistentVolumeClaim: {claimName: c}}]\n";
        let others = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: box}\nhandler: runsc\n---\n\
                      apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nautomountServiceAccountToken: false\n---\n\
                      apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {hostPath: {path: /}, claimRef: \
                      {name: c}}\n";
        let files = [Input { name: "pod.yaml", text: pod }, Input { name: "others.yaml", text: others }];
        let report = analyse(&files, &Settings::default(), Encoding::Utf8);
        let found = |rule: &str| report.findings.iter().find(|found| found.rule == rule);
        let at = |place: &Place| {
            let file = files.get(place.file as usize).unwrap();
            (file.name, &file.text[place.range.start as usize..place.range.end as usize])
        };
        let privileged = found("privileged").unwrap();
        let related: Vec<_> = privileged.related.iter().map(at).collect();
        assert_eq!(related, [("pod.yaml", "runtimeClassName: box"), ("others.yaml", "runsc")]);
        let volume = found("persistent-volume-host-path").unwrap();
        assert_eq!(at(&volume.primary), ("others.yaml", "/"));
        assert_eq!(volume.related.iter().map(at).collect::<Vec<_>>(), [("pod.yaml", "c")]);
        assert!(found("service-account-token-mounted").is_none());
        let sandbox = report.checklist.iter().find(|item| item.id == "sandbox").unwrap();
        assert_eq!(sandbox.state, watertight_diagnostic::report::ChecklistState::Done);
    }
}
