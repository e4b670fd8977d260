//! From documents to objects.

use watertight_diagnostic::{Route, Step};
use watertight_text::{Span, few, sort};
use watertight_yaml::{Document, Kind, Node, Stream};

use crate::budget::{self, Budget};
use crate::check::{Findings, Writing};
use crate::frame::{self, Levels, Reading, Reference};
use crate::kinds::{self, BuiltIn};
use crate::pod::{self, Place};
use crate::value::{boolean, child, field, first_line, mapping, nested, pairs_at, text};
use crate::{
    Carrier, Namespace, Object, Objects, PersistentVolume, PersistentVolumeClaim, Problem, ProblemKind, RuntimeClass,
    ServiceAccount, Versions,
};
use crate::{check, shape, validate, workload};

/// Lists inside lists that are opened.
const LISTS: usize = 8;
/// Objects of one file.
const OBJECTS: usize = 200_000;

/// Reads every object of a stream. Never fails: what is wrong becomes a [`crate::Problem`].
///
/// A `List` (of any kind) and a JSON array of objects give their members, each with the route it has in its document. A
/// mapping without `apiVersion` and `kind` counts when it has the shape of a pod; any other text gives nothing.
pub fn read(stream: &Stream<'_>) -> Objects {
    read_with(stream, Some(ByShape::default())).unwrap_or_default()
}

/// The same, with or without what finds pods in kinds that are not built in. `None` when that would be needed and is not
/// given: it is large, and not a part of a program that never gives it.
pub fn read_with<'s>(stream: &'s Stream<'_>, by_shape: Option<ByShape<'s>>) -> Option<Objects> {
    let visits = budget::visits(stream);
    let mut reader = Reader {
        objects: Objects::default(),
        budget: Budget::of(stream),
        findings: Findings::within(visits),
        searches: visits,
        levels: Levels::default(),
        by_shape,
        has_others: false,
        text: "",
    };
    for document in &stream.documents {
        reader.document(document);
    }
    reader.finish(stream);
    (reader.by_shape.is_some() || !reader.has_others).then(|| reader.objects.with_short_names())
}

/// How pods are found in kinds that are not built in.
pub struct ByShape<'s> {
    search: fn(Node<'s>, &str, &mut usize) -> shape::Seen<'s>,
    read: fn(&mut Reader<'s>, Node<'s>, &Object, &shape::Found<'s>, usize),
    refers: fn(Node<'s>, &str) -> Option<Reference>,
}

impl Default for ByShape<'_> {
    fn default() -> Self {
        Self { search: shape::search, read: Reader::by_shape, refers: frame::reference }
    }
}

struct Reader<'s> {
    objects: Objects,
    budget: Budget,
    findings: Findings,
    /// Nodes that may still be searched for pods.
    searches: usize,
    /// What stands above the last pod of a kind that spreads pods over fields of its own.
    levels: Levels,
    by_shape: Option<ByShape<'s>>,
    /// Whether there was an object of a kind that is not built in.
    has_others: bool,
    text: &'s str,
}

/// What an item of a `PodList` is when it does not say so itself.
#[derive(Clone, Copy, Default)]
struct Assumed<'d> {
    api_version: &'d str,
    kind: &'d str,
}

impl<'s> Reader<'s> {
    fn document(&mut self, document: &'s Document<'_>) {
        let Some(root) = document.root() else { return };
        self.text = document.text();
        self.findings.writing = Writing::of(document);
        let route = Route::root(document.index);
        if root.kind() == Kind::Sequence {
            self.items(root, &route, Assumed::default(), LISTS);
        } else {
            self.node(root, route, Assumed::default(), LISTS);
        }
    }

    fn finish(&mut self, stream: &Stream<'_>) {
        let route = Route::root(stream.documents.last().map_or(0, |document| document.index));
        let mut say = |message: String| {
            let kind = ProblemKind::TooMuch { message };
            self.objects.problems.push(Problem {
                kind,
                span: Span::default(),
                route: route.clone(),
                versions: Versions::ALL,
            });
        };
        if self.budget.is_spent() || self.searches == 0 {
            say("There are too many pods, containers and volumes here, or aliases multiply them; not all were read. \
                 Divide the text, and read its parts."
                .to_owned());
        }
        if self.findings.is_full() {
            say(format!(
                "There are more than {} faults here, or aliases multiply them; not all are told. Mend these first.",
                check::PROBLEMS
            ));
        }
    }

    fn items(&mut self, list: Node<'s>, route: &Route, assumed: Assumed<'s>, lists: usize) {
        for (index, item) in list.items().enumerate() {
            if self.budget.is_spent() {
                return;
            }
            self.node(item, route.index(index), assumed, lists);
        }
    }

    fn node(&mut self, node: Node<'s>, route: Route, assumed: Assumed<'s>, lists: usize) {
        if mapping(node).is_none() || !self.budget.shallow(node) {
            return;
        }
        let own = |name| node.get(name).and_then(Node::as_str);
        let api_version = own("apiVersion").unwrap_or(assumed.api_version);
        let kind = own("kind").unwrap_or(assumed.kind);
        if let (Some(of), Some(items)) = (kind.strip_suffix("List"), node.get("items"))
            && items.kind() == Kind::Sequence
        {
            if let Some(lists) = lists.checked_sub(1) {
                let assumed = if of.is_empty() { Assumed::default() } else { Assumed { api_version, kind: of } };
                self.items(items, &route.key("items"), assumed, lists);
            }
            return;
        }
        if let Some(items) = node.get("items").filter(|items| kind == "List" && !items.is_null()) {
            let kind = ProblemKind::WrongType { wanted: Kind::Sequence.described(), found: items.kind().described() };
            let versions = Versions::ALL;
            self.objects.problems.push(Problem { kind, span: items.span(), route: route.key("items"), versions });
        }
        self.object(node, route, api_version, kind);
    }

    fn object(&mut self, node: Node<'s>, route: Route, api_version: &str, kind: &str) {
        let named = !api_version.is_empty() || !kind.is_empty();
        let known = if kind.is_empty() { None } else { kinds::built_in(api_version, kind) };
        self.has_others |= known.is_none();
        let shape::Seen { found, passed_over } = match &self.by_shape {
            Some(by_shape) if known.is_none() && !is_policy(api_version) => {
                let group = api_version.split_once('/').filter(|_| !kind.is_empty()).map_or("", |(group, _)| group);
                (by_shape.search)(node, group, &mut self.searches)
            }
            _ => shape::Seen::default(),
        };
        if !named && found.is_empty() {
            return;
        }
        let index = self.objects.objects.len();
        let metadata = child(node, "metadata").map(|(metadata, _)| metadata);
        if index >= OBJECTS || !metadata.is_none_or(|metadata| self.budget.node(metadata)) {
            self.budget.spend();
            return;
        }
        let object = object(node, metadata, route, api_version, kind);
        match known {
            Some(known) => self.built_in(node, &object, known, index),
            None => {
                for place in &found {
                    if let Some(ByShape { read, .. }) = self.by_shape {
                        read(self, node, &object, place, index);
                    }
                }
            }
        }
        let mut elsewhere = |steps: Vec<Step>, span, message| {
            let route = object.route.join(steps);
            let kind = ProblemKind::Elsewhere { message };
            self.findings.problems.push(Problem { kind, span, route, versions: Versions::ALL });
        };
        for shape::PassedOver { span, steps, why } in passed_over {
            elsewhere(steps, span, why.to_owned());
        }
        if let Some(refers) = self.by_shape.as_ref().map(|by_shape| by_shape.refers).filter(|_| found.is_empty())
            && let Some((group, _)) = api_version.split_once('/').filter(|_| known.is_none())
            && let Some((steps, span, message)) = refers(node, group)
        {
            elsewhere(steps, span, message);
        }
        if known.is_some() || !found.is_empty() {
            check::head(node, &object, known, &mut self.findings);
        }
        sort::by_key(&mut self.findings.problems, |problem| problem.span);
        // What stands above several pods is read for each of them.
        self.findings.problems.dedup();
        self.objects.problems.append(&mut self.findings.problems);
        few::push(&mut self.objects.objects, object);
    }

    fn built_in(&mut self, node: Node<'s>, object: &Object, known: &BuiltIn, index: usize) {
        self.findings.lenient = false;
        check::object(node, known.schema, &object.route, &mut self.findings);
        // The first versions of workloads took the template's labels where no selector was given.
        if known.gone.iter().any(|(version, _)| *version == object.api_version) {
            let is_selector = |problem: &Problem| problem.kind == ProblemKind::Missing { field: "selector" };
            self.findings.problems.retain(|problem| !is_selector(problem));
        }
        let unreadable = std::mem::take(&mut self.findings.unreadable);
        if let Some((carrier, path)) = known.pod
            && let Some((template, template_route)) = descend(node, &object.route, path)
            && let Some(entry) = template.entry("spec")
            && mapping(entry.value).is_some()
            && self.budget.pod(self.objects.pods.len())
            && self.budget.shallow(entry.value)
        {
            let place = Place {
                text: self.text,
                spec: entry.value,
                route: template_route.key("spec"),
                head: entry.key.span(),
                metadata: child(template, "metadata").map(|(metadata, _)| metadata),
                metadata_route: template_route.key("metadata"),
            };
            let claims = validate::claim_templates(node, known.name);
            let mut pod = pod::read(place, &mut self.budget);
            pod.object = index;
            pod.carrier = carrier;
            pod.unreadable = unreadable;
            validate::pod(&pod, &claims, &mut self.findings);
            workload::restart_policy(entry.value, &pod.route, known.name, &mut self.findings);
            few::push(&mut self.objects.pods, pod);
        }
        workload::selector(node, &object.route, known.name, &mut self.budget, &mut self.findings);
        match known.name {
            "CronJob" => workload::schedule(node, &object.route, &mut self.budget, &mut self.findings),
            "Namespace" => self.objects.namespaces.push(Namespace { object: index }),
            "ServiceAccount" => self.objects.service_accounts.push(ServiceAccount {
                object: index,
                automount_token: field(node, "automountServiceAccountToken", boolean),
            }),
            "PersistentVolume" => {
                let spec = child(node, "spec").map(|(spec, _)| spec);
                self.objects.persistent_volumes.push(match spec {
                    Some(spec) => PersistentVolume {
                        object: index,
                        host_path: field(spec, "hostPath", pod::host_path),
                        local_path: nested(spec, "local", "path", text),
                        claim: nested(spec, "claimRef", "name", text),
                        claim_namespace: nested(spec, "claimRef", "namespace", text),
                    },
                    None => PersistentVolume { object: index, ..PersistentVolume::default() },
                });
            }
            "PersistentVolumeClaim" => self
                .objects
                .claims
                .push(PersistentVolumeClaim { object: index, volume_name: nested(node, "spec", "volumeName", text) }),
            "RuntimeClass" => {
                self.objects
                    .runtime_classes
                    .push(RuntimeClass { object: index, handler: field(node, "handler", text) });
            }
            _ => {}
        }
    }

    fn by_shape(&mut self, node: Node<'s>, object: &Object, found: &shape::Found<'s>, index: usize) {
        if !self.budget.pod(self.objects.pods.len()) || !self.budget.shallow(found.spec) {
            return;
        }
        let route = object.route.join(found.steps.iter().cloned());
        let around = found.template.and_then(|_| route.parent()).unwrap_or_else(|| object.route.clone());
        let template = found.template.unwrap_or(node);
        let carrier = carrier(object, found);
        let place = Place {
            text: self.text,
            spec: found.spec,
            head: found.key.unwrap_or(object.head),
            metadata: child(template, "metadata").map(|(metadata, _)| metadata),
            metadata_route: around.key("metadata"),
            route,
        };
        // Somebody else's kind may have fields of its own beside those of a pod spec; a text without any kind has not.
        self.findings.lenient = carrier == Carrier::Custom;
        if let Some((shape, around)) = &found.shape {
            let name = found.spec.entry("name").map(|entry| entry.value.span());
            let place = Place {
                head: name.or(found.key).unwrap_or_else(|| first_line(self.text, found.spec.span())),
                metadata: child(found.spec, "metadata").map(|(metadata, _)| metadata).or(place.metadata),
                metadata_route: match child(found.spec, "metadata") {
                    Some(_) => place.route.key("metadata"),
                    None => place.metadata_route,
                },
                ..place
            };
            let mut pod = Reading {
                shape: *shape,
                place,
                object: &object.route,
                api_version: &object.api_version,
                around,
                levels: &mut self.levels,
                budget: &mut self.budget,
                findings: &mut self.findings,
            }
            .pod();
            pod.object = index;
            pod.carrier = carrier;
            return few::push(&mut self.objects.pods, pod);
        }
        check::pod_spec(found.spec, &place.route, &mut self.findings);
        let mut pod = pod::read(place, &mut self.budget);
        pod.object = index;
        pod.carrier = carrier;
        pod.unreadable = std::mem::take(&mut self.findings.unreadable);
        if carrier != Carrier::Custom {
            validate::pod(&pod, &[], &mut self.findings);
            workload::restart_policy(found.spec, &pod.route, "", &mut self.findings);
        }
        few::push(&mut self.objects.pods, pod);
    }
}

/// What an object without a known kind is to the pod in it. One that names no kind is what somebody pasted of a pod or of
/// a workload.
fn carrier(object: &Object, found: &shape::Found<'_>) -> Carrier {
    if !object.kind.is_empty() {
        return Carrier::Custom;
    }
    match found.steps.as_slice() {
        [] => Carrier::Pod,
        [Step::Key(key)] if key == "spec" => Carrier::Pod,
        _ => Carrier::Workload,
    }
}

/// Policies hold patterns that look like pods and are none.
fn is_policy(api_version: &str) -> bool {
    api_version.starts_with("kyverno.io/") || api_version.starts_with("policies.kyverno.io/")
}

fn descend<'d>(node: Node<'d>, route: &Route, path: &[&'static str]) -> Option<(Node<'d>, Route)> {
    path.iter().try_fold((node, route.clone()), |(node, route), key| {
        let (inner, _) = child(node, key)?;
        Some((inner, route.key(*key)))
    })
}

fn object(node: Node<'_>, metadata: Option<Node<'_>>, route: Route, api_version: &str, kind: &str) -> Object {
    let own = |name| metadata.and_then(|metadata| metadata.get(name)).filter(|value| value.as_str().is_some());
    let written = |node: Option<Node<'_>>| node.and_then(Node::as_str).map(str::to_owned);
    let name = own("name");
    let head = name
        .or_else(|| node.get("kind").filter(|kind| !kind.is_null()))
        .map(Node::span)
        .or_else(|| node.written_entries().next().map(|entry| entry.key.span()));
    Object {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        name: written(name).unwrap_or_default(),
        generate_name: written(own("generateName")).unwrap_or_default(),
        namespace: written(own("namespace")),
        labels: metadata.map(|metadata| pairs_at(metadata, "labels")).unwrap_or_default(),
        annotations: metadata.map(|metadata| pairs_at(metadata, "annotations")).unwrap_or_default(),
        route,
        span: node.span(),
        head: head.unwrap_or_default(),
    }
}
