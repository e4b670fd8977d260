//! Findings about the text itself: what could not be read, what is misspelt, what an ignore comment asks in vain. One
//! cause gives one finding: where a text is no Kubernetes object, or has lost its indentation, nothing else is said of it.

use std::collections::{BTreeSet, HashMap};

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{Confidence, Finding, Location, Route, Settings};
use watertight_rules::reading;
use watertight_text::Span;
use watertight_yaml::{Node, Problem, ProblemKind};

use crate::admission::Namespaces;
use crate::apparmor;
use crate::detect;
use crate::domain;
use crate::findings::{Found, Tell, Told};
use crate::native;
use crate::restore;
use crate::source::{ObjectsByRoute, Source};
use crate::suppress::{Ignore, Ignores};
use crate::versions;

/// What a file is looked at together with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'a> {
    /// All files, this one too.
    pub(crate) all: &'a [Source<'a>],
    pub(crate) namespaces: &'a Namespaces,
    pub(crate) settings: &'a Settings,
}

/// How files are read: as the whole engine reads them, or as its first part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// What makes findings of a file doubtful.
    pub(crate) doubts: fn(&Source<'_>) -> Doubts,
    /// Puts what rules found in pods of a file into its words, and takes away what is a guess.
    pub(crate) of_pods: fn(&Source<'_>, &Doubts, Vec<Found>) -> Vec<Found>,
    /// The same for what rules found in a file's other objects, with what was met while reading it. It is handed on in
    /// parts: what stands in one document is in one part.
    pub(crate) of_file: fn(&Source<'_>, &Doubts, &Around<'_>, Vec<Found>, &mut Tell<'_>),
}

/// As the whole engine does.
pub(crate) const WHOLE: Manner = Manner { doubts: Doubts::of, of_pods, of_file };

/// A file of nothing but well-formed objects of Kubernetes: reading it met no problem.
pub(crate) const PLAIN: Manner =
    Manner { doubts: |_| Doubts::default(), of_pods: |_, _, found| found, of_file: of_plain_file };

/// What makes findings of a file doubtful.
#[derive(Debug, Default)]
pub(crate) struct Doubts {
    /// Templates, which may put there what is missing.
    templated: bool,
    /// Documents that have lost their indentation.
    lost: Vec<restore::Lost>,
}

impl Doubts {
    fn of(source: &Source<'_>) -> Self {
        let templated = source.problems().any(|problem| problem.kind == ProblemKind::Template);
        Self { templated, lost: restore::lost(source) }
    }

    /// Whether a place lies in a document that has lost its indentation.
    fn is_lost(&self, span: Span) -> bool {
        holding(&self.lost, |lost| lost.document, span).is_some()
    }

    /// What holds all the same; less sure where the indentation was brought back.
    fn weighed(&self, source: &Source<'_>, mut found: Vec<Found>) -> Vec<Found> {
        if self.templated {
            found.retain(|found| !is_guess(source, &found.finding));
        }
        if let Some(pasted) = &source.pasted {
            for found in &mut found {
                let place = &found.finding.primary;
                let document = holding(&pasted.documents, |document| document.span, place.span);
                if let Some(document) = document.filter(|_| place.file == source.id) {
                    of_restored(found, document);
                }
            }
        }
        if !self.lost.is_empty() {
            found.retain(|found| is_certain(&found.finding) || !self.is_lost(found.finding.primary.span));
        }
        found
    }
}

/// Which of several documents, in the order of the text, holds a place.
fn holding<T>(documents: &[T], span_of: fn(&T) -> Span, place: Span) -> Option<&T> {
    let behind = documents.partition_point(|document| span_of(document).start <= place.start);
    documents.get(behind.checked_sub(1)?).filter(|document| span_of(document).contains(place))
}

fn of_pods(source: &Source<'_>, doubts: &Doubts, found: Vec<Found>) -> Vec<Found> {
    doubts.weighed(source, native::translated(source, found))
}

fn of_file(source: &Source<'_>, doubts: &Doubts, around: &Around<'_>, found: Vec<Found>, tell: &mut Tell<'_>) {
    let placed = Placed::new(source);
    let mut found = native::translated(source, found);
    let fresh = match source.kind {
        // What a profile includes is read with it.
        InputKind::Unknown | InputKind::Empty if apparmor::is_included(source, around.all) => Vec::new(),
        InputKind::Empty => vec![nothing(source)],
        InputKind::Unknown => of_unknown(source),
        InputKind::Binary => {
            let all = reading::all(&source.stream, &source.objects, source.id, around.settings);
            all.into_iter().filter(|finding| finding.rule.id == "binary-input").take(1).collect()
        }
        InputKind::Template => reading::all(&source.stream, &source.objects, source.id, around.settings),
        InputKind::KubernetesYaml | InputKind::KubernetesJson => {
            let mut all = reading::all(&source.stream, &source.objects, source.id, around.settings);
            domain::of_objects(source, around.all, around.settings, &mut |of_document| {
                let of_document = of_document.into_iter().map(|finding| placed.found(finding));
                tell(doubts.weighed(source, of_document.collect()));
            });
            all.extend(versions::findings(source, around.all));
            found.extend(domain::of_pods(source, around.all, around.settings));
            all
        }
        InputKind::CommandLines => native::of_lines(source),
        InputKind::Compose => native::of_file(source),
        InputKind::OciConfig => {
            let mut all = native::of_file(source);
            all.extend(domain::of_config(source, around.settings));
            all
        }
        InputKind::Versions => versions::findings(source, around.all),
        InputKind::Seccomp | InputKind::AppArmor | InputKind::FalcoRules | InputKind::FalcoEvents => {
            domain::findings(source, around.all, around.settings)
        }
    };
    found.extend(fresh.into_iter().map(|finding| placed.found(finding)));
    found.extend(outside(source, around.namespaces));
    found.extend(bare_lists(source).map(|finding| placed.found(finding)));
    let mut found = doubts.weighed(source, found);
    let restored = source.pasted.iter().flat_map(|pasted| &pasted.documents);
    found.extend(restored.map(|document| placed.found(of_lost_place(source, document))));
    found.extend(doubts.lost.iter().map(|lost| placed.found(of_lost(source, lost))));
    tell(found);
}

fn of_plain_file(source: &Source<'_>, _: &Doubts, around: &Around<'_>, mut found: Vec<Found>, tell: &mut Tell<'_>) {
    let mut fresh = Vec::new();
    reading::yaml_1_1(&source.stream, &source.objects, source.id, &mut fresh);
    let placed = Placed::new(source);
    found.extend(fresh.into_iter().map(|finding| placed.found(finding)));
    found.extend(outside(source, around.namespaces));
    tell(found);
}

/// Whether a finding holds wherever its line belongs.
fn is_certain(finding: &Finding) -> bool {
    ["binary-input", "hidden-line-break", "template-not-rendered", "too-large"].contains(&finding.rule.id)
}

/// The rules that can be asked to be quiet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    /// Their names.
    pub(crate) known: &'a [&'static str],
    /// Those that have more to say of the file than was looked at.
    pub(crate) cut: &'a BTreeSet<&'static str>,
}

/// What is wrong with the requests to leave findings out. What is more than anybody is told is counted and not made.
pub(crate) fn of_ignores(source: &Source<'_>, ignores: &Ignores<'_>, doubts: &Doubts, rules: &Rules<'_>) -> Vec<Found> {
    let Ignores { list, unreadable } = ignores;
    if list.is_empty() && unreadable.is_empty() {
        return Vec::new();
    }
    let placed = Placed::new(source);
    let file = source.id;
    let malformed = |at: usize| Some(placed.found(reading::malformed_suppression(*unreadable.get(at)?, file)));
    let mut found = Told::first_of(unreadable.len(), &malformed);
    // What was to be left out is not looked for where the indentation is lost.
    let unused =
        |ignore: &&Ignore<'_>| !ignore.used && !doubts.is_lost(ignore.span) && !rules.cut.contains(ignore.rule);
    let unused: Vec<_> = list.iter().filter(unused).collect();
    let in_vain = |ignore: &Ignore<'_>| match ignore.falls_short {
        true => reading::partial_suppression(ignore.rule, ignore.span, file),
        false => reading::unused_suppression(ignore.rule, rules.known, ignore.span, file),
    };
    found.extend(Told::first_of(unused.len(), &|at| Some(placed.found(in_vain(unused.get(at)?)))));
    let silent: Vec<_> = list.iter().filter(|ignore| ignore.used && ignore.reason.is_empty()).collect();
    let unexplained = |ignore: &Ignore<'_>| reading::unexplained_suppression(ignore.rule, ignore.span, file);
    found.extend(Told::first_of(silent.len(), &|at| Some(placed.found(unexplained(silent.get(at)?)))));
    found
}

/// Whether a finding speaks of something that is missing where a template puts more: rendering may put it there.
fn is_guess(source: &Source<'_>, finding: &Finding) -> bool {
    let Some(route) = &finding.primary.route else { return false };
    let Some(document) = source.stream.documents.get(route.document) else { return false };
    if document.at(route).is_some() {
        return false;
    }
    let around = std::iter::successors(route.parent(), Route::parent).find_map(|route| document.at(&route));
    around.is_some_and(Node::is_templated)
}

/// Lists of objects without the object of kind List around them: read all the same, but kubectl refuses them.
fn bare_lists(source: &Source<'_>) -> impl Iterator<Item = Finding> {
    let documents = source.stream.documents.iter().filter(|_| source.kind != InputKind::Unknown);
    let lists = documents.filter_map(detect::bare_list);
    lists.map(|guess| {
        let mut finding = reading::not_kubernetes(guess.what, guess.instead, guess.span, source.id);
        finding.why = "kubectl refuses it. What is in it is looked at all the same.".into();
        finding
    })
}

/// Pods that name no namespace, while namespaces stand in the input to guard them.
fn outside(source: &Source<'_>, namespaces: &Namespaces) -> Vec<Found> {
    let guarded = namespaces.guarded();
    if guarded.is_empty() || !source.is_kubernetes() {
        return Vec::new();
    }
    let pods = source.objects.pods.iter().enumerate();
    pods.filter_map(|(at, pod)| {
        let object = source.objects.objects.get(pod.object)?;
        let is_outside = object.namespace.is_none() && namespaces.of(object).is_none();
        let finding = is_outside.then(|| reading::namespace_not_named(object, &guarded, source.id))?;
        Some(Found { finding, pod: Some(at), object: Some(pod.object) })
    })
    .collect()
}

fn nothing(source: &Source<'_>) -> Finding {
    let instead = "Give a pod here, or anything that holds one.";
    let mut finding = reading::not_kubernetes("empty", instead, Span::at(0), source.id);
    "The text is empty.".clone_into(&mut finding.what);
    finding
}

/// A text that is known for something else needs no word about its syntax; one that is not may be a broken manifest.
fn of_unknown(source: &Source<'_>) -> Vec<Finding> {
    let foreign = |what, instead, span| reading::not_kubernetes(what, instead, span, source.id);
    let mut fatal: Vec<&Problem> = source.problems().filter(|problem| problem.kind.is_fatal()).collect();
    if fatal.iter().any(|problem| problem.kind == ProblemKind::Limit) {
        fatal.retain(|problem| problem.kind == ProblemKind::Limit);
    } else if let Some(guess) = &source.guess {
        let mut found = vec![foreign(guess.what, guess.instead, guess.span)];
        if guess.what == detect::HELM_VALUES.0 {
            found.extend(fatal.into_iter().map(|problem| reading::from_yaml(problem, None, source.id)));
        }
        return found;
    }
    if fatal.is_empty() {
        return vec![foreign(detect::SOMETHING.0, detect::SOMETHING.1, detect::first_line(source.input.text))];
    }
    fatal.into_iter().map(|problem| reading::from_yaml(problem, None, source.id)).collect()
}

/// What is found in a restored document holds if it was meant so, and is mended when the structure is back.
fn of_restored(found: &mut Found, document: &restore::Document) {
    let sure = if document.doubts.is_empty() { Confidence::Likely } else { Confidence::Unknown };
    found.finding.confidence = found.finding.confidence.min(sure);
    found.finding.fixes.clear();
}

fn of_lost_place(source: &Source<'_>, document: &restore::Document) -> Finding {
    let doubt = |span: &Span| {
        let label = "may belong further out or in".to_owned();
        Location { file: source.id, span: *span, route: None, label }
    };
    let mut finding = reading::lost_indentation(document.first, source.id);
    let meant = " What else is found here takes the text as it seems to be meant.";
    finding.how = (finding.how.into_owned() + meant).into();
    finding.also(document.doubts.iter().map(doubt));
    finding
}

fn of_lost(source: &Source<'_>, lost: &restore::Lost) -> Finding {
    let mut finding = reading::lost_indentation(lost.first, source.id);
    if source.kind == InputKind::FalcoRules {
        finding.why = "As it stands the keys belong to no rule, and Falco refuses the file.".into();
    }
    if !lost.restorable {
        finding.how =
            "It cannot be told from here where each line belongs. Copy the text again, with its indentation.".into();
    }
    finding
}

/// Finds out which object and which pod a place belongs to.
struct Placed<'s, 't> {
    source: &'s Source<'t>,
    objects: ObjectsByRoute<'s>,
    pods: HashMap<usize, Vec<usize>>,
}

impl<'s, 't> Placed<'s, 't> {
    fn new(source: &'s Source<'t>) -> Self {
        let mut pods: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, pod) in source.objects.pods.iter().enumerate() {
            pods.entry(pod.object).or_default().push(at);
        }
        Self { source, objects: ObjectsByRoute::new(&source.objects.objects), pods }
    }

    fn found(&self, finding: Finding) -> Found {
        let object = self.object(&finding.primary);
        let pod = object.and_then(|object| self.pod(object, &finding.primary));
        Found { finding, pod, object }
    }

    fn object(&self, place: &Location) -> Option<usize> {
        match &place.route {
            Some(route) => self.objects.around(route),
            None => self.source.object_at(place.span),
        }
    }

    fn pod(&self, object: usize, place: &Location) -> Option<usize> {
        let route = place.route.as_ref()?;
        let pods = self.pods.get(&object)?.iter().copied();
        let around = |at: &usize| {
            let pod = self.source.objects.pods.get(*at);
            pod.is_some_and(|pod| pod.route.contains(route) || pod.metadata.route.contains(route))
        };
        pods.into_iter().find(around)
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Settings;
    use watertight_text::Encoding;

    use crate::{Input, analyse};

    /// What a template puts into one mapping may be what is missing there, and says nothing of what is missing elsewhere.
    #[test]
    fn a_template_hides_what_it_may_add_and_nothing_else() {
        let pod =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: a:1\n";
        let rules = ["resource-limits-missing", "writable-root-filesystem", "service-account-token-mounted"];
        for (more, found) in [
            ("", "yyy"),
            ("      stdin: {{ .Values.stdin }}\n", "yyy"),
            ("      securityContext: {{ toYaml .Values.security | nindent 8 }}\n", "yny"),
            ("      resources:\n        {{- toYaml .Values.resources | nindent 8 }}\n", "nyy"),
            ("      {{- include \"more\" . | nindent 6 }}\n", "nny"),
            // A pod may have limits of its own for all its containers.
            ("  {{- include \"more\" . | nindent 2 }}\n", "nyn"),
            ("      {{- if .Values.x }}\n      stdin: true\n      {{- end }}\n", "yyy"),
        ] {
            let text = [pod, more].concat();
            let report = analyse(&[Input { name: "a.yaml", text: &text }], &Settings::default(), Encoding::Utf8);
            let is_found = |rule: &&str| report.findings.iter().any(|finding| finding.rule == **rule);
            let seen: String = rules.iter().map(|rule| if is_found(rule) { 'y' } else { 'n' }).collect();
            assert_eq!(seen, found, "{text}");
        }
    }
}
